"""A policy's own request for a freeze is taken back as soon as its cause has passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.decision import Decision, Event
from bot.decide.episode import Standing, calmed
from bot.decide.freeze import Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Policy
from bot.decide.thaw import has_passed
from bot.flow.announce import refresh_requests
from bot.flow.facts import evidence, shortlist
from bot.flow.grounds import judge_now
from bot.flow.poll.case import Case, Told
from bot.judge.objective import Objective
from bot.judge.reason import percent
from bot.judge.verdict import Verdict
from bot.ports import Books


def withdraw(books: Books, told: Told, cases: Sequence[Case]) -> list[Case]:
    """Of the requests that policies have made because of these objectives, those of which every
    cause has passed: by the thresholds that would thaw the freeze, so that nothing flaps (law 12).
    Of causes that the specs have no more nothing is asked, as when a request is made again. The
    cases, as they go on from there."""
    judged = {case.objective.id: case for case in cases}
    over: list[Request] = []
    for request in told.pending(books):
        ours = (request.wish, request.origin) == (Wish.FREEZE, Origin.POLICY)
        if not ours or not judged.keys() & set(request.causes):
            continue
        known = _causes(books, told, request, judged)
        passed = known and all(has_passed(one.standing, one.policy, one.verdict) for one in known)
        if passed and books.requests.cancel(request, told.now):  # nobody is about to decide it
            _note(books, told, request, known)
            over.append(replace(request, closed=RequestState.CANCELLED))
            told.changed(over[-1])
            for one in known:
                _go_on(books, judged, one)
    refresh_requests(books, told.catalog, told.ops, over, told.now)
    return list(judged.values())


@dataclass(frozen=True, slots=True)
class _Cause:
    objective: Objective
    verdict: Verdict
    policy: Policy
    standing: Standing


def _causes(books: Books, told: Told, request: Request, judged: Mapping[str, Case]) -> list[_Cause]:
    """As they stand now, those that are not of this poll too; none if another poll is at one of
    those: what it has to say would be lost, or ours."""
    causes = [one for one in told.catalog.objectives if one.id in request.causes]
    others = [one for one in causes if one.id not in judged]
    standings = books.standings.hold([one.id for one in others], wait=False)
    if len(standings) < len(others):
        return []
    standings |= {
        one.id: judged[one.id].after or Standing(one.id) for one in causes if one.id in judged
    }
    verdicts = [(one, judged[one.id].verdict) for one in causes if one.id in judged]
    verdicts += judge_now(books, others, told.now) if others else []
    return [
        _Cause(one, verdict, told.catalog.policy_of(one), standings[one.id])
        for one, verdict in verdicts
    ]


def _go_on(books: Books, judged: dict[str, Case], cause: _Cause) -> None:
    after = calmed(cause.standing, cause.verdict)
    books.standings.put([after])
    if cause.objective.id in judged:
        judged[cause.objective.id] = replace(judged[cause.objective.id], after=after)


def _note(books: Books, told: Told, request: Request, known: Sequence[_Cause]) -> None:
    worst = min(known, key=_left)
    more = {"request": request.id, "wish": str(request.wish), "causes": list(request.causes)}
    figures = evidence(worst.objective, worst.verdict, worst.objective.source)
    books.history.append(
        Decision(
            Event.REQUEST_CANCELLED, told.now, BURNBAN, str(request.scope), why(known),
            figures | more, worst.policy.version, worst.objective.id,
        )
    )  # fmt: skip


def why(known: Sequence[_Cause]) -> str:
    """`the budget of “Latency” has recovered, 34 % is left`."""
    titles = shortlist([f"“{one.objective.title or one.objective.name}”" for one in known])
    left = percent(min(_left(one) for one in known))
    if len(known) == 1:
        return f"the budget of {titles} has recovered, {left} is left"
    return f"the budgets of {titles} have recovered, {left} or more is left of each"


def _left(cause: _Cause) -> Fraction:
    left = cause.verdict.left
    if left is None:
        raise AssertionError("what has recovered is known")
    return left
