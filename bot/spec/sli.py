"""What an SLI measures, as read: counts, or one value a slice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import Fed, Op, Ratio, Recorded, Scored, Threshold, Throughput
from bot.spec.spot import Spot


@dataclass(frozen=True, slots=True)
class Counts:
    """Ready but for the name of a recorded series, which may be left out."""

    source: SourceSpec
    indicator: Ratio | Recorded | Throughput | Fed
    spots: Mapping[str, Spot] = field(default_factory=dict)
    """Where each query stands, by field."""
    label_delay: int = 0
    """Seconds until the labels are there."""
    estimate: str = ""
    """Feed of estimates of the same."""
    estimate_source: str = ""
    """The DataSource that it lies in; empty: the same."""
    unsound: frozenset[str] = frozenset()
    """Fields whose query has its fault already."""

    @property
    def by_slice(self) -> bool:
        """Whether a slice is good or bad as a whole, whatever the method."""
        return isinstance(self.indicator, Throughput | Scored)

    @property
    def asked(self) -> Ratio | Recorded | Throughput | Fed:
        """What is asked of the source, whatever the objective."""
        return self.indicator


@dataclass(frozen=True, slots=True)
class Value:
    """One value a slice: each objective adds what it is compared with, unless it is known."""

    source: SourceSpec
    query: str
    spots: Mapping[str, Spot] = field(default_factory=dict)
    limit: tuple[Op, Fraction] | None = None
    by_slice: bool = True
    label_delay: int = 0
    estimate: str = ""
    estimate_source: str = ""
    unsound: frozenset[str] = frozenset()

    @property
    def asked(self) -> Threshold:
        """The same with any limit: the query does not depend on it."""
        return Threshold(self.query, *(self.limit or (Op.LTE, Fraction(0))))


Sli = Counts | Value
