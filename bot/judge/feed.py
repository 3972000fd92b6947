"""From what a feed says to slices of an account.

An observation counts in the slice in which it ends; what it covers was observed. Versions are
summed. A batch that is undecided is observed and not charged; the slice that decides carries all
that waited.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.judge.batch import Form, Requirement, misfit, sample_of
from bot.judge.indicator import Counted, Fed, Labelled, Scored
from bot.judge.ledger import Slice, merged
from bot.judge.ledger import Stretch as Span
from bot.judge.observation import Observation
from bot.judge.pool import settle
from bot.judge.tally import counts_of
from bot.judge.thinning import Stretch, tiers

Event = tuple[int, float, float]
"""End of an observation (seconds since 1970), eligible and bad events that it brings."""


def slices(indicator: Fed, rows: Iterable[Observation], stretch: Stretch) -> tuple[Slice, ...]:
    """A slice for every step of a stretch. `rows`: all that reach into it; for scores all that end
    before its end, for what waited before it is decided in it."""
    until = stretch.until
    mine = [row for row in rows if row.start < until and _speaks(indicator, row)]
    figures = _binned(indicator, [row for row in mine if row.end <= until], stretch.step)
    seconds = _seconds(_covered(mine, stretch.since), stretch)
    ends = range(stretch.since + stretch.step, until + 1, stretch.step)
    return tuple(Slice(at, *figures.get(at, (0.0, 0.0)), seconds.get(at, 0)) for at in ends)


@dataclass(frozen=True, slots=True)
class Counts:
    """What an account has counted so far: of the slices from `since` on that have changed, those
    with counted < at <= until. Seconds since 1970, multiples of the step."""

    since: int
    counted: int
    until: int

    @classmethod
    def of(cls, touched: int, step: int, opened: int | None, read_until: int) -> "Counts":
        """For an account opened then, when what was said of the time from `touched` on changes. It
        may have been read in its coarsest slices."""
        coarse = tiers(step)[-1].step
        counted = read_until if opened is None else opened // coarse * coarse
        return cls(touched // coarse * coarse, counted, read_until)


def corrections(
    indicator: Fed,
    before: Sequence[Observation],
    after: Sequence[Observation],
    step: int,
    counts: Counts,
) -> list[Slice]:
    """What an account lacks, slice by slice, since a feed said `before` and says `after`:
    differences, which may be negative. What lies before its opening it lacks altogether. Of both
    all rows are needed that reach beyond `counts.since`; for scores all there are."""
    old = _binned(indicator, [row for row in before if _speaks(indicator, row)], step)
    new = _binned(indicator, [row for row in after if _speaks(indicator, row)], step)
    seen = _more_seen(indicator, before, after, step, counts)
    found = []
    for at in sorted({*old, *new, *seen}):
        if not counts.since < at <= counts.until:
            continue
        is_now, was = new.get(at, _NONE), old.get(at, _NONE) if at > counts.counted else _NONE
        observed = seen.get(at, 0)
        if is_now != was or observed:
            found.append(Slice(at, is_now[0] - was[0], is_now[1] - was[1], observed))
    return found


_NONE = 0.0, 0.0


def requirement_of(scored: Scored) -> Requirement:
    """What its scores must be."""
    return Requirement(scored.op, scored.limit, Form(scored.form), scored.minimum)


def _speaks(indicator: Fed, row: Observation) -> bool:
    """Whether an observation has the figures that are asked for. A score that was stored before its
    objective had this scale may be none of it."""
    if isinstance(indicator, Scored):
        return row.value is not None and misfit(row, Form(indicator.form)) is None
    return (row.tp if isinstance(indicator, Labelled) else row.eligible) is not None


def _events(indicator: Fed, rows: Sequence[Observation]) -> Iterator[Event]:
    if isinstance(indicator, Scored):
        samples = [sample for row in rows if (sample := sample_of(row)) is not None]
        for one in settle(samples, requirement_of(indicator)).decided:
            yield one.at, float(one.slices), float(one.bad)
        return
    if isinstance(indicator, Counted):
        yield from ((row.end, row.eligible or 0.0, row.bad or 0.0) for row in rows)
        return
    for row in rows:
        eligible, bad = counts_of(row, indicator.figure)
        yield row.end, eligible, bad


def _binned(
    indicator: Fed, rows: Sequence[Observation], step: int
) -> dict[int, tuple[float, float]]:
    """Counts by the end of their slice."""
    sums: dict[int, tuple[float, float]] = {}
    for end, eligible, bad in _events(indicator, rows):
        at = -(-end // step) * step
        into = sums.get(at, _NONE)
        sums[at] = into[0] + eligible, into[1] + bad
    return sums


def _covered(rows: Iterable[Observation], since: int) -> list[Span]:
    return merged(((row.start, row.end) for row in rows), since)


def _seconds(spans: Iterable[Span], stretch: Stretch) -> dict[int, int]:
    """How much of each slice lies in the spans."""
    found: defaultdict[int, int] = defaultdict(int)
    step = stretch.step
    for start, end in spans:
        at = max(start, stretch.since)
        while at < min(end, stretch.until):
            edge = at // step * step + step
            found[edge] += min(edge, end, stretch.until) - at
            at = edge
    return found


def _more_seen(
    indicator: Fed,
    before: Sequence[Observation],
    after: Sequence[Observation],
    step: int,
    counts: Counts,
) -> dict[int, int]:
    """Seconds by which each slice was observed better."""
    known = [row for row in before if _speaks(indicator, row)]
    fresh = [row for row in after if _speaks(indicator, row)]
    if counts.since >= counts.counted and {row.key for row in known} == {row.key for row in fresh}:
        return {}
    stretch = Stretch(counts.since, counts.until, step)
    was = _seconds(_covered(known, max(counts.since, counts.counted)), stretch)
    now = _seconds(_covered(fresh, counts.since), stretch)
    return {at: now.get(at, 0) - was.get(at, 0) for at in {*now, *was}}
