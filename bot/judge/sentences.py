"""The reasons of verdicts in words, with the figures they rest on."""

from fractions import Fraction

from bot.judge.budget import Budget
from bot.judge.burning import Firing
from bot.judge.reason import Code, Reason, pace, percent, span


def empty(feed: str = "") -> Reason:
    """Nothing was ever counted; `feed`: the feed that should have said something, if it is one."""
    why = f"nothing was said by the feed {feed}" if feed else "the source has no such series"
    return Reason(Code.NO_DATA, f"nothing has been counted yet: not polled, or {why}")


def late(age: int) -> Reason:
    """The newest row is `age` seconds old. Of a source that does not answer the fault is told: here
    nobody has asked it."""
    text = f"the newest counts are {span(age)} old, and no poll failed: is `burnban run` going?"
    return Reason(Code.STALE, text)


def silent(seconds: int, feed: str = "") -> Reason:
    """The source answers, but has had nothing to count for `seconds`; `feed`: as above."""
    why = f"is the feed {feed} still pushed?" if feed else "the source has no such series now"
    text = f"nothing was observed in the last {span(seconds)}: {why}"
    return Reason(Code.STALE, text)


def unseen(coverage: Fraction, name: str) -> Reason:
    """Too little of a window was observed."""
    text = f"only {percent(coverage)} of the {name} was observed (90 % needed)"
    return Reason(Code.LOW_COVERAGE, text)


def few(budget: Budget) -> Reason:
    """Over the budget on the point, not on the interval."""
    text = f"{_counts(budget)}: over the budget, but so few may be chance"
    return Reason(Code.FEW_EVENTS, text)


def spent(budget: Budget) -> Reason:
    """The budget is gone."""
    bad, allowed = budget.spend.bad, float(budget.allowed)
    events, were = _noun(bad), "was" if _one(allowed) else "were"
    text = f"{bad:,.0f} bad {events}, {allowed:,.0f} {were} allowed in the window"
    return Reason(Code.BUDGET_SPENT, text)


def firing(found: Firing) -> Reason:
    """An alert with its two rates, and at which it warns."""
    text = (
        f"burn {_rate(found.long.rate)} over {span(found.long.seconds)} and "
        f"{_rate(found.short.rate)} over {span(found.short.seconds)} "
        f"(warns at {_rate(found.threshold)})"
    )
    return Reason(Code.BURN_ALERT, text)


def fine(budget: Budget) -> tuple[Reason, ...]:
    """Within the budget; said with reserve while the account is younger than the window."""
    within = Reason(Code.WITHIN_BUDGET, f"{_counts(budget)}, within the budget")
    if not budget.joined:
        return (within,)
    text = (
        f"only the last {span(budget.elapsed)} of the budget window are on record; "
        "judged by their projection"
    )
    return within, Reason(Code.YOUNG, text)


def _counts(budget: Budget) -> str:
    bad, of = budget.spend.bad, budget.spend.eligible
    return f"{bad:,.0f} of {of:,.0f} {_noun(of)} {'was' if _one(of) else 'were'} bad"


def _one(count: float) -> bool:
    """Whether it is printed as 1."""
    return f"{count:,.0f}" == "1"


def _noun(count: float) -> str:
    return "event" if _one(count) else "events"


def _rate(rate: Fraction | None) -> str:
    return "0" if rate is None else pace(float(rate))
