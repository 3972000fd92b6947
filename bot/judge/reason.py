"""Why a verdict is what it is: a code for machines, a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


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


def span(seconds: int) -> str:
    """A length of time as people say it, cut, not rounded: `5 min`, `1 h 30 min`, `12 d`."""
    for size, unit, small, below in ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min")):
        whole, rest = divmod(seconds, size)
        if whole:
            part = rest // small if whole < 10 else 0
            return f"{whole} {unit} {part} {below}" if part else f"{whole} {unit}"
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"


def pace(rate: float) -> str:
    """A burn rate as people read it, everywhere in the same digits: `198`, `18.2`, `3`, `0.42`."""
    figure = f"{rate:,.{0 if rate >= 100 else 1 if rate >= 1 else 2}f}"
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def percent(share: Fraction) -> str:
    """A share to a tenth of a percent, cut, not rounded: what is below a limit reads so."""
    tenths = share * 1000 // 1
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{float(Fraction(tenths, 10)):.1f} %"
