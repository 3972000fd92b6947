"""The gate: may this release go now? One answer for every door, with its reasons. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.decide.episode import BLINDING
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.gate_answer import Answer, Circumstances, Ground, Outcome, Question, Why
from bot.decide.override import Grant
from bot.decide.policy import ANYONE, Blind, Mode, Policy
from bot.decide.service import Service
from bot.judge.dates import instant
from bot.judge.verdict import Kind, Verdict

HOLDS = timedelta(minutes=15)
"""An answer may be relied on for so long, if nothing that is known already ends it before."""
_OPEN = Ground(Why.OPEN, Outcome.ALLOW, "nothing stops releases")


def answer(question: Question, found: Circumstances, now: datetime) -> Answer:
    """The strictest of all grounds decides. What an override or an exempt kind lets through is
    named all the same. Under a policy that only monitors, nothing is stricter than a warning, and
    no override is used; nor is one that would not let the release through."""
    if found.service is None:
        return _concluded([_unknown(question, found)], found, None, now)
    acting = [freeze for freeze in found.freezes if not freeze.monitored and freeze.in_force(now)]
    watched = [freeze for freeze in found.freezes if freeze.monitored and freeze.in_force(now)]
    grounds = [*map(_of_freeze, acting), *map(_watched, watched)]
    grounds += _of_budgets(found.verdicts, found.policy, found.service)
    if _strictest(grounds).goes or found.policy.mode is Mode.MONITOR:
        return _concluded(grounds, found, None, now)
    exempt, note = _claim(question, found.policy)
    if exempt:
        return _concluded([*map(_softened, grounds)], found, None, now, note)
    for grant in found.grants:
        opened = _through(grounds, grant)
        freezes = [freeze.id for freeze in acting]
        if _strictest(opened).goes and grant.opens(question.change, freezes, question.run, now):
            message = f"override {grant.request} lets {question.change.name} through, once"
            used = Ground(Why.OVERRIDE, Outcome.ALLOW, message)
            return _concluded([*opened, *note], found, grant, now, [used])
    return _concluded([*grounds, *note], found, None, now)


def next_open(freezes: Sequence[Freeze], now: datetime) -> datetime | None:
    """When nothing of this stops releases any more, also not what begins meanwhile; `now` if
    nothing does; None if nobody knows."""
    at = now
    while holding := [one for one in freezes if not one.monitored and one.in_force(at)]:
        ends = [one.ends_at for one in holding if one.ends_at is not None]
        if len(ends) < len(holding):
            return None
        at = max(ends)
    return at


def next_close(freezes: Sequence[Freeze], at: datetime) -> Freeze | None:
    """The freeze that begins first after `at`."""
    coming = [one for one in freezes if not one.monitored and one.starts_at > at]
    return min(coming, key=lambda one: one.starts_at, default=None)


def _strictest(grounds: Sequence[Ground]) -> Outcome:
    return max((one.outcome for one in grounds), key=_rank, default=Outcome.ALLOW)


def _rank(outcome: Outcome) -> int:
    return outcome.rank


def _softened(ground: Ground) -> Ground:
    return replace(ground, outcome=min(ground.outcome, Outcome.WARN, key=_rank))


def _through(grounds: Sequence[Ground], grant: Grant) -> list[Ground]:
    """What is left to say once an override is used: it covers the freezes that it names (law 14);
    one taken in an emergency does not wait for data either."""
    return [
        _softened(one) if grant.emergency or one.freeze in grant.freezes else one for one in grounds
    ]


def _concluded(
    grounds: Sequence[Ground],
    found: Circumstances,
    grant: Grant | None,
    now: datetime,
    opener: Sequence[Ground] = (),
) -> Answer:
    """`opener`: what lets the release through all the same; that is said first."""
    strict = sorted(grounds, key=lambda ground: -ground.outcome.rank)
    ordered = (*opener, *strict) or (_OPEN,)
    outcome = _strictest(ordered)
    if found.policy.mode is Mode.MONITOR:
        outcome = min(outcome, Outcome.WARN, key=_rank)
    opens = None if outcome.goes else _opens(ordered, found.freezes, now)
    return Answer(
        outcome,
        found.policy.mode,
        ordered,
        _holds_until(found.freezes, grant, now),
        grant,
        opens,
        None if outcome.goes or opens else _opens(ordered, _expected(found), now),
    )


def _holds_until(freezes: Sequence[Freeze], grant: Grant | None, now: datetime) -> datetime:
    known = [one.ends_at for one in freezes if one.ends_at is not None]
    known += [one.starts_at for one in freezes]
    known += [grant.use_by] if grant is not None else []
    return min([now + HOLDS, *(at for at in known if at > now)])


def _opens(grounds: Sequence[Ground], freezes: Sequence[Freeze], now: datetime) -> datetime | None:
    """Nobody knows when data come back, or an unknown service becomes known."""
    if any(one.freeze is None and not one.outcome.goes for one in grounds):
        return None
    return next_open(freezes, now)


def _expected(found: Circumstances) -> list[Freeze]:
    """The freezes, as if they ended when that is expected."""
    return [
        replace(one, ends_at=found.openings[one.id])
        if one.ends_at is None and one.id in found.openings
        else one
        for one in found.freezes
    ]


def _unknown(question: Question, found: Circumstances) -> Ground:
    near = f"; did you mean {' or '.join(sorted(found.near))}?" if found.near else ""
    message = f"there is no service {question.change.service}{near}"
    return Ground(Why.UNKNOWN_SERVICE, Outcome.DENY, message)


def _claim(question: Question, policy: Policy) -> tuple[bool, list[Ground]]:
    """Whether this kind of change passes. The kind is a claim: it counts from those whom the policy
    trusts."""
    kind = question.change.kind
    exemption = policy.exemption(kind)
    if exemption is None:
        return False, []
    if question.trusted or ANYONE in exemption.claimed_by:
        message = f"a {kind} passes, as the policy says"
        return True, [Ground(Why.EXEMPT, Outcome.ALLOW, message)]
    message = f"it is called a {kind}, but nobody whom the policy trusts has said so"
    return False, [Ground(Why.CLAIM_NOT_TRUSTED, Outcome.ALLOW, message)]


_BY_ORIGIN = {
    Origin.MANUAL: Why.MANUAL_FREEZE,
    Origin.POLICY: Why.BUDGET_FREEZE,
    Origin.SCHEDULE: Why.SCHEDULED_FREEZE,
}


_BY_EFFECT = {
    Effect.CAUTION: (
        Outcome.HOLD,
        Why.NEEDS_APPROVAL,
        "each release needs an approval, by caution",
    ),
    Effect.HOLD: (Outcome.HOLD, Why.HELD, "new releases wait, by hold"),
    Effect.FREEZE: (Outcome.DENY, Why.MANUAL_FREEZE, "releases are frozen by freeze"),
}


def _of_freeze(freeze: Freeze) -> Ground:
    outcome, code, words = _BY_EFFECT[freeze.effect]
    if freeze.effect is Effect.FREEZE:
        code = _BY_ORIGIN[freeze.origin]
    return Ground(code, outcome, f"{words} {freeze.id}: {_why(freeze)}", freeze.id)


def _why(freeze: Freeze) -> str:
    """The reason; of what a policy set it holds figures, which are others by now."""
    if freeze.origin is not Origin.POLICY:
        return freeze.reason
    return f"when it began, {instant(freeze.starts_at)}: {freeze.reason}"


def _watched(freeze: Freeze) -> Ground:
    message = f"{freeze.effect} {freeze.id} would have applied: {_why(freeze)}"
    return Ground(Why.MONITORED, Outcome.WARN, message, freeze.id)


_WHEN_BLIND = {
    Blind.ALLOW: Outcome.ALLOW,
    Blind.WARN: Outcome.WARN,
    Blind.HOLD: Outcome.HOLD,
    Blind.DENY: Outcome.DENY,
}


def _of_budgets(verdicts: Sequence[Verdict], policy: Policy, service: Service) -> list[Ground]:
    """What budgets say by themselves: only freezes stop releases; unknown means what the policy
    says for the environment. Too little traffic to say anything is nothing to say."""
    grounds = []
    for verdict in verdicts:
        if verdict.kind is Kind.EXHAUSTED:
            grounds.append(_of_budget(Why.BUDGET_EXHAUSTED, Outcome.WARN, verdict))
        elif verdict.kind is Kind.BURNING:
            grounds.append(_of_budget(Why.BUDGET_BURNING, Outcome.WARN, verdict))
        elif {reason.code for reason in verdict.reasons} & set(BLINDING):
            outcome = _WHEN_BLIND[policy.when_blind(service.environment)]
            grounds.append(_of_budget(Why.NO_FRESH_DATA, outcome, verdict))
    return grounds


def _of_budget(code: Why, outcome: Outcome, verdict: Verdict) -> Ground:
    said = f"{verdict.objective} now: {verdict.reasons[0].text}"
    return Ground(code, outcome, said, objective=verdict.objective)
