"""Thaw: its own threshold and a dwell time, so that nothing flaps (law 12)."""

from datetime import datetime
from enum import Enum

from bot.decide.freeze import Freeze
from bot.decide.policy import Thaw
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


def _blinked(verdict: Verdict, now: datetime, patience: int) -> bool:
    """Whether nothing can be said just now, but could a short while ago."""
    codes = {reason.code for reason in verdict.reasons}
    if verdict.kind is not Kind.UNKNOWN or not codes & {Code.SOURCE_FAULT, Code.LOW_COVERAGE}:
        return False
    return verdict.as_of is not None and (now - verdict.as_of).total_seconds() <= patience
