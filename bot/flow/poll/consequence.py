"""What the policy wants done is done: freezes of every effect, and requests to people."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.consequence import Plan, overdue, plan
from bot.decide.decision import Event
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Mode, Then
from bot.decide.scope import Scope
from bot.flow.announce import refresh_request
from bot.flow.facts import freeze_evidence, verdict_facts
from bot.flow.grounds import grounds
from bot.flow.poll.case import Case
from bot.flow.releases import would_have

EVENTS = {
    Effect.CAUTION: Event.CAUTIONED,
    Effect.HOLD: Event.HELD,
    Effect.FREEZE: Event.FROZEN,
}


def due(case: Case, thens: Iterable[Then]) -> Plan:
    """What of it this objective has not caused already."""
    return plan(
        thens, case.objective.id, case.covering(), case.policy.mode, lambda: _is_asked(case)
    )


def _is_asked(case: Case) -> bool:
    pending = case.told.pending(case.books)
    return any(r.wish is Wish.FREEZE and case.objective.id in r.causes for r in pending)


def carry_out(case: Case) -> None:
    """Set what is coming, and ask for a freeze. Of several effects at once people are told of the
    strictest, and of the others when they are what is left."""
    for place, effect in enumerate(case.coming.effects):
        _set(case, effect, told=place == 0 and case.coming.rises)
    if case.coming.asks and case.coming.watched:
        case.note(Event.WOULD_ASK, f"would have asked people for a freeze: {_reason(case)}")
    elif case.coming.asks and not _join(case):
        _ask(case)
    for freeze in overdue(case.objective.id, case.covering(), case.policy.mode):
        _take_over(case, freeze)
    _look_again(case)


def _reason(case: Case) -> str:
    title = case.objective.title or case.objective.name
    return f"error budget of “{title}”: {case.verdict.reasons[0].text}"


def _set(case: Case, effect: Effect, *, told: bool) -> None:
    reason, cause = _reason(case), case.objective.id
    watched = case.policy.mode is Mode.MONITOR
    freeze = Freeze(
        0, case.scope, reason, Origin.POLICY, BURNBAN, case.now, cause=cause, effect=effect,
        monitored=watched,
    )  # fmt: skip
    stored = case.books.freezes.add(freeze)
    case.told.forget_freezes()
    event = Event.WOULD_FREEZE if watched else EVENTS[effect]
    said = f"would have {would_have(effect)}: {reason}" if watched else reason
    case.note(event, said, freeze_evidence(stored))
    if told:
        case.told.frozen.append(stored)
    if effect is not Effect.FREEZE or watched:
        return
    for request in case.told.pending(case.books, sure=True):
        _supersede(case, request)


def _take_over(case: Case, watched: Freeze) -> None:
    """The policy acts now: what it only watched is done, as long as it has not thawed."""
    case.books.freezes.lift(watched.id, case.now)
    case.told.forget_freezes()
    if due(case, [_THEN[watched.effect]]):
        _set(case, watched.effect, told=True)


_THEN = {then.effect: then for then in Then if then.effect is not None}


def _ours(case: Case) -> tuple[Wish, Origin, Scope]:
    """What the policy's own request about this service bears."""
    return Wish.FREEZE, Origin.POLICY, case.scope


def _look_again(case: Case) -> None:
    """At what somebody was about to decide when the policy froze, and has not decided."""
    frozen = [f.starts_at for f in case.covering() if _is_frozen_by(case, f)]
    for request in case.told.pending(case.books) if frozen else ():
        if request.created_at < max(frozen):
            _supersede(case, request)


def _is_frozen_by(case: Case, freeze: Freeze) -> bool:
    """Whether its policy has frozen this very service."""
    ours = freeze.origin is Origin.POLICY and freeze.scope == case.scope
    return ours and freeze.effect is Effect.FREEZE and not freeze.monitored


def _supersede(case: Case, request: Request) -> None:
    """What it asked for has come about by the policy itself. One that somebody is just about to
    decide is left to them: they hold it, and wait for the history, which we hold."""
    if (request.wish, request.origin, request.scope) != _ours(case):
        return
    if case.books.requests.cancel(request, case.now, RequestState.SUPERSEDED):
        case.told.changed(replace(request, closed=RequestState.SUPERSEDED))
        case.note(Event.REQUEST_SUPERSEDED, request.reason, {"request": request.id})
        _refresh(case, request.id)


def _join(case: Case) -> bool:
    """Many objectives of one service go bad together: they ask once."""
    for request in case.told.pending(case.books, sure=True):
        if (request.wish, request.origin, request.scope) != _ours(case):
            continue
        cause = case.objective.id
        figures = grounds(case.books, case.told.catalog, (*request.causes, cause), case.now)
        if case.books.requests.join(request.id, cause, _reason(case), figures):
            case.told.changed(replace(request, cause=f"{request.cause}, {cause}"))
            case.note(Event.FREEZE_REQUESTED, _reason(case), {"request": request.id})
            _refresh(case, request.id)
            return True
    return False


def _refresh(case: Case, number: int) -> None:
    if number in case.told.asked:
        return  # it is not told yet
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
    case.told.changed(stored)
    case.note(Event.FREEZE_REQUESTED, stored.reason, {"request": stored.id})
    case.told.asked.append(stored.id)
