"""Burn alerts: a share of the budget spent in a time, seen in a long and in a short window.

Formulas: SRE Workbook, chapter 5 (multiwindow, multi-burn-rate alerts). Burn rate = error ratio ÷
(1 − target); a burn of 1 spends exactly the budget in one window; spending the share p of it
within L of a window W is a burn of p·W/L.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Severity(StrEnum):
    """How loud: a page wakes people, a ticket waits for the morning."""

    TICKET = "ticket"
    PAGE = "page"

    @property
    def rank(self) -> int:
        """Higher is louder."""
        return 2 if self is Severity.PAGE else 1


@dataclass(frozen=True, slots=True)
class BurnAlert:
    """Fires while both windows burn at or above the threshold."""

    spend: Fraction
    """Share of the budget (0 … 1) whose spending within `long` raises the alert."""
    long: int
    """Seconds: enough of the budget is gone."""
    short: int
    """Seconds: and it is still burning."""
    severity: Severity

    def __hash__(self) -> int:
        """Enough to tell alerts apart, without the price of a fraction's: a verdict looks them up
        many times."""
        return hash((self.long, self.short))

    def threshold(self, window_seconds: int) -> Fraction:
        """Burn rate that spends `spend` of a budget of that window within `long`."""
        return self.spend * window_seconds / self.long


GOOGLE = (
    BurnAlert(Fraction(2, 100), 3_600, 300, Severity.PAGE),
    BurnAlert(Fraction(5, 100), 21_600, 1_800, Severity.PAGE),
    BurnAlert(Fraction(10, 100), 259_200, 21_600, Severity.TICKET),
)
"""SRE Workbook, table 5-8: the default for every objective."""

_REACH = Fraction(8, 10)
"""A derived alert fires at this share of the greatest possible burn, not only in total outage."""
_WITHIN_BUDGET = Fraction(9, 10)
"""A derived alert never fires at less: such a burn leaves budget over (Google's ticket on a window
of 28 days is at 14/15)."""
_LEAST = {Severity.TICKET: Fraction(1), Severity.PAGE: Fraction(2)}
"""Where the shares give less than that: what a ticket and a page mean instead."""


def ceiling(target: Fraction) -> Fraction:
    """The greatest burn there is: every event bad. 1/(1 − target)."""
    return 1 / (1 - target)


def can_fire(alert: BurnAlert, target: Fraction, window_seconds: int) -> bool:
    """Whether a total outage would reach the alert's threshold."""
    return alert.threshold(window_seconds) <= ceiling(target)


def nearest_that_fires(alert: BurnAlert, target: Fraction, window_seconds: int) -> BurnAlert:
    """The same share of budget in the shortest whole-minute time that leaves the threshold within
    reach (80 % of the ceiling), at most the window itself, where every share is within reach; the
    short window shrinks or grows in proportion."""
    highest = _REACH * ceiling(target)
    if alert.threshold(window_seconds) <= highest:
        return alert
    minutes = -(-(alert.spend * window_seconds / highest) // 60)
    return _within(alert, min(60 * minutes, window_seconds))


def default_alerts(target: Fraction, window_seconds: int) -> tuple[BurnAlert, ...]:
    """Google's three alerts with the thresholds that they have in a window of that length.

    In a window so short that a share is spent while burning within the budget (10 % of a week in
    3 d is a burn of 0.23), its time is cut until the burn is one worth a ticket (1) or a page (2).
    Where the target leaves an alert out of reach, its time is lengthened.
    """
    cut = (_worth_telling(alert, window_seconds) for alert in GOOGLE)
    return tuple(nearest_that_fires(alert, target, window_seconds) for alert in cut)


def _worth_telling(alert: BurnAlert, window_seconds: int) -> BurnAlert:
    if alert.threshold(window_seconds) >= _WITHIN_BUDGET:
        return alert
    minutes = alert.spend * window_seconds / _LEAST[alert.severity] // 60
    return _within(alert, max(60, 60 * minutes))


def _within(alert: BurnAlert, long: int) -> BurnAlert:
    """The same share of the budget within another time."""
    short = max(60, round(Fraction(alert.short * long, alert.long) / 60) * 60)
    return BurnAlert(alert.spend, long, min(short, long), alert.severity)
