"""What the policy wants done: freeze, or ask people to. Never twice for one cause."""

from datetime import timedelta

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.decision import Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Then
from bot.decide.scope import Scope
from bot.flow.announce import announce_freeze, announce_request, refresh_request
from bot.flow.case import Case
from bot.flow.facts import freeze_evidence, verdict_facts
from bot.flow.grounds import grounds
from bot.flow.mention import whom_of


def due(case: Case, then: Then) -> bool:
    """Whether it asks for anything that this objective has not caused already."""
    if then is Then.WARN:
        return False
    causes = {cause for freeze in case.covering() for cause in freeze.causes}
    if then is Then.REQUEST_FREEZE:  # a request that nobody answers does not hold up a freeze
        pending = case.books.requests.pending(case.now)
        causes |= {c for request in pending if request.wish is Wish.FREEZE for c in request.causes}
    return case.objective.id not in causes


def carry_out(case: Case, then: Then) -> None:
    """Freeze, or ask for a freeze, unless this objective has caused one already."""
    if not due(case, then):
        return
    if then is Then.FREEZE:
        _freeze(case)
    elif not _join(case):
        _ask(case)


def _reason(case: Case) -> str:
    title = case.objective.title or case.objective.name
    return f"error budget of “{title}”: {case.verdict.reasons[0].text}"


def _freeze(case: Case) -> None:
    reason, cause = _reason(case), case.objective.id
    freeze = Freeze(0, case.scope, reason, Origin.POLICY, BURNBAN, case.now, cause=cause)
    stored = case.books.freezes.add(freeze)
    case.told.forget_freezes()
    case.note(Event.FROZEN, reason, freeze_evidence(stored))
    announce_freeze(case.books, case.told.catalog, case.told.ops, stored, (), case.now)
    for request in case.books.requests.pending(case.now):
        if (request.wish, request.origin, request.scope) == _ours(case):
            _supersede(case, request)


def _ours(case: Case) -> tuple[Wish, Origin, Scope]:
    """What the policy's own request about this service bears."""
    return Wish.FREEZE, Origin.POLICY, case.scope


def _supersede(case: Case, request: Request) -> None:
    """What it asked for has come about by the policy itself."""
    if case.books.requests.close(request.id, RequestState.SUPERSEDED, case.now):
        case.note(Event.REQUEST_SUPERSEDED, request.reason, {"request": request.id})
        _refresh(case, request.id)


def _join(case: Case) -> bool:
    """Many objectives of one service go bad together: they ask once."""
    for request in case.books.requests.pending(case.now):
        if (request.wish, request.origin, request.scope) != _ours(case):
            continue
        cause = case.objective.id
        figures = grounds(case.books, case.told.catalog, (*request.causes, cause), case.now)
        if case.books.requests.join(request.id, cause, _reason(case), figures):
            case.note(Event.FREEZE_REQUESTED, _reason(case), {"request": request.id})
            _refresh(case, request.id)
            return True
    return False


def _refresh(case: Case, number: int) -> None:
    request, books = case.books.requests.get(number), case.books
    if request is not None:
        refresh_request(
            books, case.told.catalog, case.told.ops, request, books.requests.votes(number),
            case.now,
        )  # fmt: skip


def _ask(case: Case) -> None:
    approvals = case.policy.approvals
    request = Request(
        id=0,
        wish=Wish.FREEZE,
        scope=case.scope,
        reason=_reason(case),
        requester=BURNBAN,
        origin=Origin.POLICY,
        quorum=approvals.freeze,
        created_at=case.now,
        expires_at=case.now + timedelta(seconds=approvals.expires),
        cause=case.objective.id,
        evidence=verdict_facts(case.objective, case.verdict),
    )
    stored = case.books.requests.add(request)
    case.note(Event.FREEZE_REQUESTED, stored.reason, {"request": stored.id})
    catalog, called = case.told.catalog, case.told.called
    announce_request(case.books, catalog, case.told.ops, stored, [], case.now, called=called)
    called |= set(whom_of(catalog, stored))
