"""The verdict on an objective: healthy, burning, exhausted or unknown; always with its reasons."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction

from bot.judge.burn import BurnAlert, Severity
from bot.judge.confidence import Finding, reaches
from bot.judge.ledger import Balances, Spend, between
from bot.judge.objective import Objective, Rolling

COVERAGE_FLOOR = Fraction(9, 10)
"""A window of which less was seen says nothing (law 4)."""
STALE_AFTER = 3
"""Polls without a new row after which the account says nothing (law 4)."""


class Kind(StrEnum):
    """What can be said of an objective."""

    HEALTHY = "healthy"
    BURNING = "burning"
    EXHAUSTED = "exhausted"
    UNKNOWN = "unknown"


class Code(StrEnum):
    """Why a verdict is what it is."""

    WITHIN_BUDGET = "within_budget"
    BURN_ALERT = "burn_alert"
    BUDGET_SPENT = "budget_spent"
    SOURCE_FAULT = "source_fault"
    NO_DATA = "no_data"
    STALE = "stale"
    LOW_COVERAGE = "low_coverage"
    NO_TRAFFIC = "no_traffic"
    FEW_EVENTS = "few_events"
    YOUNG = "young"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code for machines, a sentence for people."""

    code: Code
    text: str


@dataclass(frozen=True, slots=True)
class Burn:
    """One window looked at: its counts, its burn rate, how much of it was seen."""

    seconds: int
    spend: Spend
    rate: Fraction | None
    """None without traffic: nothing burns, nothing is proven either."""
    coverage: Fraction

    @property
    def seen(self) -> bool:
        """Whether enough of the window was observed to speak of it."""
        return self.coverage >= COVERAGE_FLOOR


@dataclass(frozen=True, slots=True)
class Firing:
    """A burn alert whose long and short window both reach its threshold."""

    alert: BurnAlert
    threshold: Fraction
    long: Burn
    short: Burn


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
    burns: tuple[Burn, ...]
    firing: tuple[Firing, ...]
    exhausts_in: int | None
    """Seconds until what is left is gone at the present burn; None if it is not burning."""

    @property
    def left(self) -> Fraction | None:
        """The figure that decisions rest on: projected while the window is young."""
        return self.projected if self.projected is not None else self.remaining


def instants(objective: Objective, last: int) -> list[int]:
    """The instants whose balances a verdict needs, for an account whose newest row is at `last`."""
    spans = {s for alert in objective.alerts for s in (alert.long, alert.short)}
    return sorted({last, _start(objective, last), *(last - span for span in spans)})


def judge(
    objective: Objective, balances: Balances | None, opened: int, now: datetime, fault: str = ""
) -> Verdict:
    """The verdict at `now`; `opened` is when the account was opened (its first row's `at`),
    `fault` why the newest poll brought nothing."""
    if balances is None:
        nothing = Reason(Code.NO_DATA, "nothing has been counted yet: no data from the source")
        reason = Reason(Code.SOURCE_FAULT, fault) if fault else nothing
        return Verdict(
            objective.id,
            Kind.UNKNOWN,
            None,
            (reason,),
            None,
            None,
            None,
            None,
            Fraction(0),
            (),
            (),
            None,
        )
    last = balances.last.at
    start = _start(objective, last)
    spend = between(balances.at(start), balances.last)
    elapsed = last - max(start, opened)
    coverage = _coverage(spend, elapsed)
    whole = elapsed >= objective.window_seconds if isinstance(objective.window, Rolling) else False
    stretch = Fraction(1) if whole or elapsed <= 0 else Fraction(objective.window_seconds, elapsed)
    burns = {
        seconds: _burn(objective, balances, opened, seconds)
        for alert in objective.alerts
        for seconds in (alert.long, alert.short)
    }
    firing = tuple(
        found
        for alert in objective.alerts
        if (found := _fires(objective, alert, burns)) is not None
    )
    remaining = _remaining(objective, spend, Fraction(1))
    projected = _remaining(objective, spend, stretch) if stretch > 1 else None
    counts = (objective, spend, coverage, tuple(burns.values()), firing, stretch)
    facts = _Facts(*counts, now, last, fault)
    kind, reasons = _decide(facts)
    severity = max((f.alert.severity for f in firing), key=lambda s: s.rank, default=None)
    left = projected if projected is not None else remaining
    return Verdict(
        objective.id,
        kind,
        Severity.PAGE if kind is Kind.EXHAUSTED else severity if kind is Kind.BURNING else None,
        reasons,
        datetime.fromtimestamp(last, UTC),
        spend,
        remaining,
        projected,
        coverage,
        tuple(sorted(burns.values(), key=lambda burn: burn.seconds)),
        firing,
        _exhausts_in(objective, left, _present(firing, burns)),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    objective: Objective
    spend: Spend
    coverage: Fraction
    burns: tuple[Burn, ...]
    firing: tuple[Firing, ...]
    stretch: Fraction
    now: datetime
    last: int
    fault: str


def _decide(facts: _Facts) -> tuple[Kind, tuple[Reason, ...]]:
    """Firing alerts speak first, for they rest on their own windows; then the budget's window."""
    if facts.fault:
        return Kind.UNKNOWN, (Reason(Code.SOURCE_FAULT, facts.fault),)
    age = int(facts.now.timestamp()) - facts.last
    if age > STALE_AFTER * facts.objective.step + _GRACE:
        text = f"the newest counts are {age // 60} min old: the source may be down"
        return Kind.UNKNOWN, (Reason(Code.STALE, text),)
    limit = facts.objective.budget * facts.stretch
    spent = reaches(facts.spend.bad, facts.spend.eligible, limit)
    alerts = tuple(_alert_reason(found) for found in facts.firing)
    if facts.coverage >= COVERAGE_FLOOR and spent is Finding.REACHED:
        return Kind.EXHAUSTED, (_spent_reason(facts), *alerts)
    if alerts:
        return Kind.BURNING, alerts
    return _quiet(facts, spent)


_GRACE = 60
"""Seconds that a poll may take before its lateness counts as silence."""


def _quiet(facts: _Facts, spent: Finding) -> tuple[Kind, tuple[Reason, ...]]:
    blind = min((b for b in facts.burns if not b.seen), key=lambda b: b.seconds, default=None)
    if facts.coverage < COVERAGE_FLOOR or blind is not None:
        share = facts.coverage if blind is None else blind.coverage
        name = "budget window" if blind is None else f"last {span(blind.seconds)}"
        text = f"only {float(share):.0%} of the {name} was observed (90 % needed)"
        return Kind.UNKNOWN, (Reason(Code.LOW_COVERAGE, text),)
    if facts.spend.eligible == 0:
        return Kind.UNKNOWN, (Reason(Code.NO_TRAFFIC, "no traffic in the whole budget window"),)
    counts = f"{facts.spend.bad:,.0f} of {facts.spend.eligible:,.0f} events were bad"
    if spent is Finding.UNDECIDED:
        text = f"{counts}: over the budget, but so few may be chance"
        return Kind.UNKNOWN, (Reason(Code.FEW_EVENTS, text),)
    young = facts.stretch > 1
    reasons = [Reason(Code.WITHIN_BUDGET, f"{counts}, within the budget")]
    if young and isinstance(facts.objective.window, Rolling):
        seen = span(int(facts.objective.window_seconds / facts.stretch))
        text = f"{seen} of {facts.objective.window.text} are on record; judged by their projection"
        reasons.append(Reason(Code.YOUNG, text))
    return Kind.HEALTHY, tuple(reasons)


def _spent_reason(facts: _Facts) -> Reason:
    allowed = facts.objective.budget * facts.stretch * Fraction(facts.spend.eligible)
    text = f"{facts.spend.bad:,.0f} bad events, {float(allowed):,.0f} were allowed in the window"
    return Reason(Code.BUDGET_SPENT, text)


def _alert_reason(found: Firing) -> Reason:
    text = (
        f"burn {float(found.long.rate or 0):.1f} over {span(found.long.seconds)} and "
        f"{float(found.short.rate or 0):.1f} over {span(found.short.seconds)} "
        f"(threshold {float(found.threshold):.1f})"
    )
    return Reason(Code.BURN_ALERT, text)


def _start(objective: Objective, last: int) -> int:
    """Where the budget window that holds the newest row begins."""
    begins, _ = objective.window.bounds(datetime.fromtimestamp(last, UTC))
    return int(begins.timestamp())


def _burn(objective: Objective, balances: Balances, opened: int, seconds: int) -> Burn:
    spend = balances.over(seconds)
    rate = None
    if spend.eligible > 0:
        rate = Fraction(spend.bad) / (objective.budget * Fraction(spend.eligible))
    expected = balances.last.at - max(balances.last.at - seconds, opened)
    return Burn(seconds, spend, rate, _coverage(spend, expected))


def _coverage(spend: Spend, expected: int) -> Fraction:
    """Observed share of the seconds that could have been observed since the account was opened."""
    return min(Fraction(1), Fraction(spend.observed, expected)) if expected > 0 else Fraction(0)


def _fires(objective: Objective, alert: BurnAlert, burns: dict[int, Burn]) -> Firing | None:
    threshold = alert.threshold(objective.window_seconds)
    limit = threshold * objective.budget
    long, short = burns[alert.long], burns[alert.short]
    if not (long.seen and short.seen):
        return None
    if reaches(long.spend.bad, long.spend.eligible, limit) is not Finding.REACHED:
        return None
    if short.rate is None or short.rate < threshold:
        return None
    return Firing(alert, threshold, long, short)


def _remaining(objective: Objective, spend: Spend, stretch: Fraction) -> Fraction | None:
    if spend.eligible <= 0:
        return None
    return 1 - Fraction(spend.bad) / (objective.budget * stretch * Fraction(spend.eligible))


def _present(firing: tuple[Firing, ...], burns: dict[int, Burn]) -> Fraction | None:
    """The burn that goes on now: the loudest firing alert's short window, else the shortest."""
    if firing:
        return max(firing, key=lambda f: f.alert.severity.rank).short.rate
    return burns[min(burns)].rate if burns else None


def _exhausts_in(objective: Objective, left: Fraction | None, rate: Fraction | None) -> int | None:
    """What is left ÷ the present burn; old slices that roll off the window are not counted in."""
    if left is None or rate is None or rate <= 1:
        return None
    return max(0, int(left * objective.window_seconds / rate))


def span(seconds: int) -> str:
    """A length of time as people say it: `5 min`, `6 h`, `3 d`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size and (seconds % size == 0 or seconds >= 10 * size):
            return f"{seconds // size} {unit}"
    for size, unit, low, small in ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} {seconds % size // low} {small}"
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
