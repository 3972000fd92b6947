"""Thaw: its own threshold and a dwell time, so that nothing flaps (law 12)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from bot.decide.episode import REARM, Standing, low
from bot.decide.freeze import Effect, Freeze
from bot.decide.policy import Policy, Thaw
from bot.judge.verdict import Code, Kind, Verdict


class Step(Enum):
    """What to do about an automatic freeze."""

    HOLD = "hold"
    START_COOLING = "start_cooling"
    WAIT = "wait"
    """Nothing was seen just now: this time does not count towards the dwell time."""
    RELAPSE = "relapse"
    THAW = "thaw"


def recovered(verdict: Verdict, rule: Thaw) -> bool:
    """More than enough left, and nothing burns: every window of the burn alerts that is no longer
    than the dwell time (at least the shortest) was seen and is below the limit, or without traffic.
    Longer ones would still hold what happened before the recovery."""
    if verdict.left is None or verdict.left <= rule.left:
        return False
    recent = [burn for burn in verdict.burns if burn.seconds <= rule.dwell] or verdict.burns[:1]
    return all(b.seen and (b.rate is None or b.rate < rule.burn_below) for b in recent)


def has_passed(standing: Standing, policy: Policy, verdict: Verdict) -> bool:
    """Whether what made a policy ask for a freeze is over: by what is seen now the freeze would
    thaw, and neither a threshold nor an alert that leads to one holds. Unknown is no recovery
    (law 11)."""
    seen = verdict.kind is not Kind.UNKNOWN
    well = seen and recovered(verdict, rule_for(policy, Effect.FREEZE))
    alarmed = any(policy.on(found.alert.severity).freezes for found in verdict.firing)
    return well and not alarmed and not low(standing, policy)


def rule_for(policy: Policy, effect: Effect) -> Thaw:
    """When what a policy set thaws. What is milder than a freeze and begins at a share of the
    budget must see more than that again, by a margin: it would thaw where it begins (law 12)."""
    marks = [mark.left for mark in policy.thresholds if mark.then.effect is effect]
    if effect is Effect.FREEZE or not marks:
        return policy.thaw
    begins = max(marks)
    return replace(policy.thaw, left=max(policy.thaw.left, min(begins + REARM, (1 + begins) / 2)))


def shared_rule(freeze: Freeze, own: Policy, others: Iterable[Policy]) -> Thaw:
    """Of a freeze with several causes, each must recover, by its own rule, and the longest time
    counts: any of them that does not starts it anew."""
    rule = rule_for(own, freeze.effect)
    longest = max([rule.lasts, *(rule_for(one, freeze.effect).lasts for one in others)])
    return replace(rule, cooling=longest - rule.dwell)


def all_well(kinds: Iterable[Kind | None]) -> bool:
    """Whether the other causes of a freeze have recovered too, by what was said of them last. What
    is not known, or spent, thaws nothing (law 11)."""
    return not {None, Kind.UNKNOWN, Kind.EXHAUSTED} & set(kinds)


def next_step(freeze: Freeze, verdict: Verdict, rule: Thaw, now: datetime, patience: int) -> Step:
    """One look at an automatic freeze. Unknown neither thaws nor counts as recovery (law 11): a
    look that sees nothing stops the clock of the dwell time, and one that has seen nothing for
    longer than `patience` seconds sets it back, as a burn does. What a failed poll missed is caught
    up by the next one and judged then: one timeout an hour holds no freeze for ever."""
    if _blinked(verdict, now, patience):
        return Step.HOLD if freeze.recovering_since is None else Step.WAIT
    if verdict.kind is Kind.UNKNOWN or not recovered(verdict, rule):
        return Step.HOLD if freeze.recovering_since is None else Step.RELAPSE
    if freeze.recovering_since is None:
        return Step.START_COOLING if rule.lasts > 0 else Step.THAW
    waited = (now - freeze.recovering_since).total_seconds()
    return Step.THAW if waited >= rule.lasts else Step.HOLD


def recovering(step: Step, freeze: Freeze, now: datetime, slice_seconds: int) -> datetime | None:
    """Since when its cause has been recovered, after such a look; None: it is not. A look that saw
    nothing moves it on by the slice that it missed."""
    since = freeze.recovering_since
    if step is Step.RELAPSE:
        return None
    if step is Step.START_COOLING:
        return now
    if step is Step.WAIT:
        return min(now, (since or now) + timedelta(seconds=slice_seconds))
    return since


def _blinked(verdict: Verdict, now: datetime, patience: int) -> bool:
    """Whether nothing can be said just now, but could a short while ago."""
    codes = {reason.code for reason in verdict.reasons}
    if verdict.kind is not Kind.UNKNOWN or not codes & {Code.SOURCE_FAULT, Code.LOW_COVERAGE}:
        return False
    return verdict.as_of is not None and (now - verdict.as_of).total_seconds() <= patience
