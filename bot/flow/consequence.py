"""What the policy wants done: freeze, ask people to, thaw. Never twice for one cause."""

from datetime import timedelta

from bot.decide.approval import Request, Wish
from bot.decide.decision import Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Then
from bot.decide.thaw import Step, next_step
from bot.flow.announce import announce_freeze, announce_lift, announce_request
from bot.flow.case import Case
from bot.flow.facts import verdict_facts


def due(case: Case, then: Then) -> bool:
    """Whether it asks for anything that this objective has not caused already."""
    if then is Then.WARN:
        return False
    pending = case.books.requests.pending(case.now)
    causes = {freeze.cause for freeze in case.covering()}
    causes |= {request.cause for request in pending if request.wish is Wish.FREEZE}
    return case.objective.id not in causes


def carry_out(case: Case, then: Then) -> None:
    """Freeze, or ask for a freeze, unless this objective has caused one already."""
    if not due(case, then):
        return
    if then is Then.FREEZE:
        _freeze(case)
    else:
        _ask(case)


def _reason(case: Case) -> str:
    title = case.objective.title or case.objective.name
    return f"error budget of “{title}”: {case.verdict.reasons[0].text}"


def _freeze(case: Case) -> None:
    reason, cause = _reason(case), case.objective.id
    freeze = Freeze(0, case.scope, reason, Origin.POLICY, BURNBAN, case.now, cause=cause)
    stored = case.books.freezes.add(freeze)
    case.told.forget_freezes()
    case.note(Event.FROZEN, reason)
    announce_freeze(case.books, case.told.catalog, case.told.ops, stored, (), case.now)


def _ask(case: Case) -> None:
    approvals = case.policy.approvals
    request = Request(
        id=0,
        wish=Wish.FREEZE,
        scope=case.scope,
        reason=_reason(case),
        requester=BURNBAN,
        origin=Origin.POLICY,
        needed=max(1, approvals.freeze),
        created_at=case.now,
        expires_at=case.now + timedelta(seconds=approvals.expires),
        cause=case.objective.id,
    )
    stored = case.books.requests.add(request)
    case.note(Event.FREEZE_REQUESTED, stored.reason)
    announce_request(
        case.books,
        case.told.catalog,
        case.told.ops,
        stored,
        [],
        case.now,
        evidence=verdict_facts(case.objective, case.verdict),
    )


def thaw(case: Case) -> None:
    """Automatic freezes of this objective: cool, relapse, thaw (law 12)."""
    for freeze in case.covering():
        if freeze.origin is not Origin.POLICY or freeze.cause != case.objective.id:
            continue
        match next_step(freeze, case.verdict, case.policy.thaw, case.now):
            case Step.HOLD:
                pass
            case Step.START_COOLING:
                case.books.freezes.cooling(freeze.id, case.now)
                case.told.forget_freezes()
            case Step.RELAPSE:
                case.books.freezes.cooling(freeze.id, None)
                case.told.forget_freezes()
            case Step.THAW:
                _lift(case, freeze)


def _lift(case: Case, freeze: Freeze) -> None:
    if not case.books.freezes.lift(freeze.id, case.now):
        return
    case.told.forget_freezes()
    case.note(Event.THAWED, "the budget has recovered and stayed so")
    announce_lift(
        case.books,
        case.told.catalog,
        case.told.ops,
        freeze,
        BURNBAN,
        (),
        case.now,
        template="thawed",
        reason="",
    )
