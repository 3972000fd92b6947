"""An objective: what is measured, its target, and the window in which it must hold."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.judge.burn import BurnAlert
from bot.judge.indicator import Indicator, Scored, feed_of


class Method(StrEnum):
    """How events are counted (OpenSLO `budgetingMethod`)."""

    OCCURRENCES = "Occurrences"
    """Every request is an event."""
    TIMESLICES = "Timeslices"
    """Every slice with traffic is one event: bad if its good ratio is below the slice target."""
    RATIO_TIMESLICES = "RatioTimeslices"
    """Every slice with traffic is one event, bad by the share of bad requests in it."""


class Unit(StrEnum):
    """The unit of a calendar window."""

    DAY = "d"
    WEEK = "w"
    MONTH = "M"
    QUARTER = "Q"
    YEAR = "Y"


@dataclass(frozen=True, slots=True)
class Rolling:
    """The last `seconds` seconds, at any moment."""

    seconds: int
    text: str
    """As written in the spec (`28d`)."""

    def bounds(self, now: datetime) -> tuple[datetime, datetime]:
        """Start and end of the window that contains `now` (here: ends at it)."""
        return now - timedelta(seconds=self.seconds), now


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whole days, weeks, months … counted from `start`, in the zone's own calendar."""

    count: int
    unit: Unit
    start: datetime
    """A naive local time: the first window opens then, in `zone`."""
    zone: str
    """An IANA name; the offset of each bound follows its daylight-saving rules."""
    text: str

    def bounds(self, now: datetime) -> tuple[datetime, datetime]:
        """Start and end, in UTC, of the window with start <= `now` < end.

        Windows are laid from `start` in both directions and touch: every instant lies in one. A
        local time that the clock skips is read as if it had not been put forward yet; of one that
        comes twice, the first counts. A day that the month lacks becomes its last day.
        """
        local = now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        index = self._estimate(local)
        while self._opens(index) > now:
            index -= 1
        while (closes := self._opens(index + 1)) <= now:
            index += 1
        return self._opens(index), closes

    def _estimate(self, local: datetime) -> int:
        """About how many windows have passed since `start`; a changed clock may shift it by one."""
        if self.unit in _DAYS:
            return (local - self.start).days // (self.count * _DAYS[self.unit])
        months = (local.year - self.start.year) * 12 + local.month - self.start.month
        return months // (self.count * _MONTHS[self.unit])

    def _opens(self, index: int) -> datetime:
        """The instant in UTC at which window `index` opens; the one at `start` is 0."""
        if self.unit in _DAYS:
            local = self.start + timedelta(days=index * self.count * _DAYS[self.unit])
        else:
            local = _add_months(self.start, index * self.count * _MONTHS[self.unit])
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def _add_months(start: datetime, months: int) -> datetime:
    """`start` moved by whole months; a day that the month lacks becomes its last day."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    _, last = monthrange(year, month0 + 1)
    return start.replace(year=year, month=month0 + 1, day=min(start.day, last))


Window = Rolling | Calendar


@dataclass(frozen=True, slots=True)
class Objective:
    """One SLO of one service, as judged by Burnban. The account of the ledger bears its `id`."""

    service: str
    name: str
    target: Fraction
    """Share of good events, 0 < target < 1, exactly as written (0.999 is 999/1000)."""
    window: Window
    method: Method
    indicator: Indicator
    source: str
    """Name of the DataSource."""
    step: int
    """Seconds of one slice; divides an hour or is whole hours."""
    alerts: tuple[BurnAlert, ...]
    policy: str = "default"
    slice_target: Fraction | None = None
    """For Timeslices: the good ratio that a slice needs."""
    title: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    tells_resolved: bool = True
    """Whether the end of a warning is a message of its own; the warning is edited either way."""
    tells_no_data: bool = True
    """Whether people are told when nothing is known of it; the history is either way."""
    label_delay: int = 0
    """Seconds after which nearly all labels have arrived: the account is read only up to that long
    ago, and is as old as that without being stale."""
    estimate: str = ""
    """Feed of estimates of the same without labels: shown with their record, never counted."""
    estimate_source: str = ""
    """Name of the DataSource that the estimates lie in; empty: in that of the labels."""

    version_label: str = ""
    """Label of the metrics that tells versions apart; empty: nothing does."""
    version: str = ""
    """Only what this version served is counted; empty: everything."""
    opens: int = 0
    """Its account is read from then on (seconds since 1970), and what it counts was not there
    before; 0: from the beginning of its window on."""

    @property
    def id(self) -> str:
        """The account's name: `service/objective`."""
        return f"{self.service}/{self.name}"

    @property
    def fingerprint(self) -> str:
        """What makes two ways of counting one and the same: a hash of all that decides what a
        slice counts. Target, window, alerts, policy and title only judge the counts."""
        only = (self.version_label, self.version) if self.version else None
        return _fingerprint(
            self.indicator, self.method, self.slice_target, self.source, self.step, only
        )

    @property
    def feeds(self) -> tuple[str, ...]:
        """The feeds that it reads: what it counts, and estimates of the same."""
        return tuple(feed for feed in (feed_of(self.indicator), self.estimate) if feed)

    def feeds_in(self, source: str) -> tuple[str, ...]:
        """Those of its feeds that lie in a DataSource."""
        counted = feed_of(self.indicator) if source == self.source else ""
        estimate = self.estimate if source == (self.estimate_source or self.source) else ""
        return tuple(feed for feed in (counted, estimate) if feed)

    @property
    def drift(self) -> bool:
        """Whether it tells of drift: a reason to retrain, none to wake anybody."""
        return isinstance(self.indicator, Scored) and self.indicator.drift

    @property
    def budget(self) -> Fraction:
        """The share of events that may be bad."""
        return _rest(self.target.numerator, self.target.denominator)

    @property
    def window_seconds(self) -> int:
        """Nominal length of the window: what "1 spends the budget in one window" refers to."""
        if isinstance(self.window, Rolling):
            return self.window.seconds
        return self.window.count * _NOMINAL_DAYS[self.window.unit] * 86_400


@lru_cache(maxsize=4_096)
def _rest(up: int, below: int) -> Fraction:
    """1 − up/below, worked out once for each target: every verdict asks several times."""
    return 1 - Fraction(up, below)


_NOMINAL_DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.QUARTER: 90, Unit.YEAR: 365}


@lru_cache(maxsize=65_536)
def _fingerprint(
    indicator: Indicator,
    method: Method,
    slice_target: Fraction | None,
    source: str,
    step: int,
    only: tuple[str, str] | None,
) -> str:
    how: dict[str, object] = {
        "indicator": [type(indicator).__name__, asdict(indicator)],
        "method": str(method),
        "slice_target": None if slice_target is None else str(slice_target),
        "source": source,
        "step": step,
    }
    if only is not None:
        how["only"] = only
    return hashlib.sha256(json.dumps(how, sort_keys=True, default=str).encode()).hexdigest()
