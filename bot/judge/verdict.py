"""The verdict on an objective: healthy, burning, exhausted or unknown; always with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction

from bot.judge import sentences
from bot.judge.budget import Budget, budget_of, window_at
from bot.judge.burn import Severity
from bot.judge.burning import (
    COVERAGE_FLOOR,
    Burn,
    Firing,
    alarms_of,
    blind_spot,
    burns_of,
    firing_of,
    present,
    spans_of,
)
from bot.judge.confidence import Finding, reaches
from bot.judge.exact import at_least
from bot.judge.indicator import feed_of
from bot.judge.ledger import Balances, Spend, Stretch, between, merged
from bot.judge.objective import Objective
from bot.judge.reason import Code, Reason, span

__all__ = [
    "COVERAGE_FLOOR",
    "STALE_AFTER",
    "Burn",
    "Code",
    "Firing",
    "Kind",
    "Reason",
    "Verdict",
    "instants",
    "judge",
    "patience_of",
    "span",
]

STALE_AFTER = 3
"""Polls without an observed slice after which the account says nothing (law 4)."""
_GRACE = 60
"""Seconds that a poll may take before its lateness counts as silence."""


class Kind(StrEnum):
    """What can be said of an objective."""

    HEALTHY = "healthy"
    BURNING = "burning"
    EXHAUSTED = "exhausted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one objective at `as_of`, with every figure that led to it."""

    objective: str
    kind: Kind
    severity: Severity | None
    reasons: tuple[Reason, ...]
    as_of: datetime | None
    """End of the newest slice counted; None if nothing was ever counted."""
    spend: Spend | None
    """Counts of the budget window."""
    remaining: Fraction | None
    """1 − bad/((1 − target)·eligible); negative when overspent; None without traffic."""
    projected: Fraction | None
    """The same against the budget of a whole window at this traffic, while it is not yet full."""
    coverage: Fraction
    """Observed share of the budget window, since the account was opened."""
    burns: tuple[Burn, ...]
    """The windows of the burn alerts, shortest first."""
    firing: tuple[Firing, ...]
    exhausts_in: int | None
    """Seconds until what is left is gone at the present pace; None if it will not be gone."""
    allowed: Fraction | None = None
    """Bad events that a whole window allows, at the traffic on record."""
    counted: Spend | None = None
    """Counts of the budget window with the time that people took out of it; None if they took out
    none. All other figures are without it."""
    taken: int = 0
    """Seconds of the budget window that people took out of it."""
    unadjusted: Fraction | None = None
    """What would be left with all that came in; None if nothing was taken out, or without
    traffic."""

    @property
    def left(self) -> Fraction | None:
        """The figure that decisions rest on: projected while the window is young."""
        return self.projected if self.projected is not None else self.remaining

    @property
    def exhausts_over(self) -> int | None:
        """Seconds of the window at whose pace `exhausts_in` goes on, as far as the account is that
        old."""
        recent = None if self.exhausts_in is None else present(self.firing, self.burns)
        if recent is None:
            return None
        return min(recent.seconds, recent.spend.until - recent.spend.since)

    def share_of(self, recent: Spend) -> Fraction | None:
        """Share of this budget that went in a stretch that ends with the window: counts over
        counts, so that together with what is left it never exceeds 1. What was spent of the budget
        before, in a stretch that began earlier, is left out. None without traffic."""
        if self.spend is None or not self.allowed:
            return None
        return Fraction(min(recent.bad, self.spend.bad)) / self.allowed

    def has_spent(self, share: Fraction) -> bool:
        """Whether `share` (0 … 1) of the budget is gone for certain: enough of the window was seen
        (law 4) and, where events are few, it is more than chance (law 5)."""
        if self.left is None or self.spend is None or not at_least(self.coverage, COVERAGE_FLOOR):
            return False
        gone = 1 - self.left
        if gone <= 0:
            return share <= 0
        if gone < share:
            return False
        limit = share * Fraction(self.spend.bad) / (gone * Fraction(self.spend.eligible))
        return reaches(self.spend.bad, self.spend.eligible, limit) is Finding.REACHED


def patience_of(objective: Objective) -> int:
    """Seconds that the newest counts may be old before they say nothing of the present (law 4); an
    account that waits for labels is that much older."""
    return STALE_AFTER * objective.step + _GRACE + objective.label_delay


def instants(objective: Objective, last: int, taken: Sequence[Stretch] = ()) -> list[int]:
    """The instants whose balances a verdict needs, for an account whose newest row is at `last`;
    `taken`: the stretches of time that do not count."""
    spans = (*spans_of(objective.alerts), STALE_AFTER * objective.step)
    start, _ = window_at(objective, last)
    bounds = (bound for stretch in taken for bound in stretch if bound < last)
    return sorted({last, start, *(last - seconds for seconds in spans), *bounds})


def judge(
    objective: Objective,
    counted: Balances | None,
    opened: int,
    now: datetime,
    fault: str = "",
    taken: Sequence[Stretch] = (),
) -> Verdict:
    """The verdict at `now`; `opened` is when the account was opened (its first row's `at`),
    `fault` why the newest poll brought nothing, `taken` the stretches of time that do not count."""
    if counted is None:
        return _nothing(objective, fault)
    balances = counted.without(taken)
    budget = budget_of(objective, balances, opened)
    burns = burns_of(objective, balances, opened)
    alarms = alarms_of(objective, burns)
    firing = firing_of(objective, burns, alarms)
    silence = _silence(objective, balances, now, fault)
    kind, reasons = _decide(budget, firing, silence, blind_spot(objective, burns, alarms))
    recent = present(firing, burns.values())
    verdict = Verdict(
        objective=objective.id,
        kind=kind,
        severity=_severity(objective, kind, firing),
        reasons=reasons,
        as_of=datetime.fromtimestamp(balances.last.at, UTC),
        spend=budget.spend,
        remaining=budget.remaining,
        projected=budget.projected,
        coverage=budget.coverage,
        burns=tuple(burns.values()),
        firing=firing,
        exhausts_in=budget.exhausts_in(recent.spend if recent is not None else None),
        allowed=budget.allowed,
    )
    return verdict if balances is counted else _beside(verdict, objective, counted, opened, taken)


def _beside(
    verdict: Verdict,
    objective: Objective,
    counted: Balances,
    opened: int,
    taken: Sequence[Stretch],
) -> Verdict:
    """The verdict with the figures of all that came in, if they are others."""
    whole = budget_of(objective, counted, opened)
    if whole.spend == verdict.spend:
        return verdict
    start, last = whole.spend.since, whole.spend.until
    stretches = merged(taken, max(start, opened))
    return replace(
        verdict,
        counted=whole.spend,
        taken=sum(max(0, min(end, last) - since) for since, end in stretches),
        unadjusted=whole.left,
    )


def _nothing(objective: Objective, fault: str) -> Verdict:
    feed = feed_of(objective.indicator)
    return Verdict(
        objective=objective.id,
        kind=Kind.UNKNOWN,
        severity=None,
        reasons=(Reason(Code.SOURCE_FAULT, fault) if fault else sentences.empty(feed),),
        as_of=None,
        spend=None,
        remaining=None,
        projected=None,
        coverage=Fraction(0),
        burns=(),
        firing=(),
        exhausts_in=None,
    )


def _silence(objective: Objective, balances: Balances, now: datetime, fault: str) -> Reason | None:
    """Why the account has nothing to say about the present, if it has not."""
    newest, lately = balances.last, STALE_AFTER * objective.step
    age = int(now.timestamp()) - newest.at
    if fault:
        return Reason(Code.SOURCE_FAULT, fault)
    if age > patience_of(objective):
        return sentences.late(age - objective.label_delay)
    if between(balances.at(newest.at - lately), newest).observed == 0:
        return sentences.silent(lately, feed_of(objective.indicator))
    return None


def _decide(
    budget: Budget, firing: tuple[Firing, ...], silence: Reason | None, blind: Burn | None
) -> tuple[Kind, tuple[Reason, ...]]:
    """Exhausted only when proven; firing alerts rest on their own windows, whatever is known of the
    budget's; healthy only if nothing is left open."""
    if silence is not None:
        return Kind.UNKNOWN, (silence,)
    alerts = tuple(sentences.firing(found) for found in firing)
    if budget.seen and budget.spent is Finding.REACHED:
        return Kind.EXHAUSTED, (sentences.spent(budget), *alerts)
    if alerts:
        return Kind.BURNING, alerts
    doubt = _doubt(budget, blind)
    return (Kind.HEALTHY, sentences.fine(budget)) if doubt is None else (Kind.UNKNOWN, (doubt,))


def _doubt(budget: Budget, blind: Burn | None) -> Reason | None:
    """What keeps a quiet objective from being called healthy, if anything does."""
    if not budget.seen:
        return sentences.unseen(budget.coverage, "budget window")
    if blind is not None:
        return sentences.unseen(blind.coverage, f"last {span(blind.seconds)}")
    if budget.spend.eligible <= 0:
        return Reason(Code.NO_TRAFFIC, "no traffic in the whole budget window")
    if budget.spent is Finding.UNDECIDED:
        return sentences.few(budget)
    return None


def _severity(objective: Objective, kind: Kind, firing: tuple[Firing, ...]) -> Severity | None:
    if kind is Kind.EXHAUSTED:
        return Severity.TICKET if objective.drift else Severity.PAGE
    if kind is Kind.BURNING:
        return max((found.alert.severity for found in firing), key=lambda s: s.rank)
    return None
