"""What a forecast says: of a budget, up to an instant."""

from dataclasses import dataclass

from bot.judge.score import Issued, Score


@dataclass(frozen=True, slots=True)
class Return:
    """What leaves the rolling window between two instants, as a share of the budget."""

    since: int
    until: int
    share: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected if no new incident comes. Instants: seconds since 1970; budgets: as
    shares of a whole one, negative when overspent."""

    at: int
    """The newest row: all up to it is known."""
    until: int
    """As far as it looks; a calendar window's own end, if that is sooner."""
    left: float
    """At `at`."""
    expected: float
    low: float
    high: float
    """At `until`, with the 80 % range."""
    probability: float
    """That the budget is gone at some instant up to `until`: the greatest of those of the single
    instants, so rather too low than too high for a rolling window."""
    gone: int | None
    """When it is expected to be gone; None if not up to `until`, as where no more burns than rolls
    off, or where it is gone already."""
    earliest: int | None
    latest: int | None
    """80 % range of that: when the probability reaches a tenth, and nine tenths; None: not up to
    `until`."""
    back: int | None
    """When a budget that is gone will be back, at the usual pace (of the median block, without the
    incident); None if it is not gone, or stays so."""
    returns: tuple[Return, ...]
    """Days (UTC) up to `until` on which a rolling window gets back at least a hundredth."""
    closes: int | None
    """When a calendar window ends and a new budget begins; None for a rolling one."""
    record: Score
    """Of the forecasts before it; its factor stretched the range."""
    path: tuple[tuple[int, float], ...] = ()
    """(instant, expected to be left) from `at` to `until`, and the new budget of a calendar window
    that ends by then."""

    @property
    def issued(self) -> Issued:
        """What is to be kept, to be scored when `until` has come."""
        return Issued(
            self.at,
            self.until,
            self.expected,
            self.low,
            self.high,
            self.probability,
            self.record.factor,
        )
