"""From what was counted in a slice to events of an objective, by its budgeting method. Pure."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from bot.judge.indicator import Throughput
from bot.judge.ledger import Slice
from bot.judge.objective import Method, Objective
from bot.judge.thinning import Stretch

Counts = tuple[float, float]
"""Eligible and bad."""
MOST = 2.0**53
"""Above that not even every whole number is a float: no count of a slice comes near it, and totals
of such numbers would run over."""


def believable(*numbers: float) -> bool:
    """Whether all of them are numbers that may be counts (or a loss of counts)."""
    return all(abs(number) <= MOST for number in numbers)


def counts(total: float, other: float | None, *, good: bool) -> Counts | None:
    """Eligible and bad events of a slice whose total was seen; None if they cannot be told.

    `other` are the good or the bad events, None where they have no series at all: no bad events
    ever happened, but good ones that are missing beside a total say nothing.
    """
    if other is None:
        if good and total > 0:
            return None
        other = 0.0
    if not believable(total, other) or other < 0 or other > total:
        return None
    return total, total - other if good else other


def by_slice(objective: Objective) -> bool:
    """Whether each slice is an event of its own: it must be counted as long as it is."""
    return objective.method is not Method.OCCURRENCES or isinstance(objective.indicator, Throughput)


def events(objective: Objective, found: Counts) -> Counts:
    """The same as events of the objective: requests, or one slice."""
    total, bad = found
    if isinstance(objective.indicator, Throughput):
        return objective.indicator.events(total, bad, objective.step)
    if objective.method is Method.OCCURRENCES:
        return found
    if total <= 0:
        return 0.0, 0.0
    if objective.method is Method.RATIO_TIMESLICES:
        return 1.0, bad / total
    wanted = objective.target if objective.slice_target is None else objective.slice_target
    return 1.0, float(Fraction(total) - Fraction(bad) < wanted * Fraction(total))


def slices(
    objective: Objective, step: int, found: Iterable[tuple[int, Counts | None]]
) -> Iterator[Slice]:
    """Slices of `step` seconds from the counts at the end of each."""
    as_counted = not by_slice(objective)
    for at, one in found:
        if one is None:
            yield Slice(at, 0.0, 0.0, 0)
        elif as_counted:
            yield Slice(at, one[0], one[1], step)
        else:
            yield Slice(at, *events(objective, one), step)


def fold(pieces: Iterable[Slice], stretch: Stretch) -> tuple[Slice, ...]:
    """The slices of a stretch from pieces of them. Of a slice seen in part, that part counts."""
    whole = tuple(pieces)
    if len(whole) * stretch.step == stretch.until - stretch.since:
        return whole
    ends = range(stretch.since + stretch.step, stretch.until + 1, stretch.step)
    sums = [[0.0, 0.0, 0] for _ in ends]
    for piece in whole:
        into = sums[-(-(piece.at - stretch.since) // stretch.step) - 1]
        into[0] += piece.eligible
        into[1] += piece.bad
        into[2] += piece.observed
    return tuple(
        Slice(at, eligible, bad, int(observed))
        for at, (eligible, bad, observed) in zip(ends, sums, strict=True)
    )
