"""The PromQL of one value a series: of a counter, or of a native histogram. Durations in
milliseconds.

Of a native histogram, the observations up to a bound are counted by
`histogram_fraction(-Inf, bound, h) * histogram_count(h)` of each sample: exactly if the bound is
one of its buckets' (of every standard schema from 0 up, each power of two is one). Else Prometheus
interpolates within the bucket that holds the bound, and the error is at most the observations in
that one bucket (at schema 3, the usual factor of 1.1, those within 9 % of the bound).

Ranges of native histograms are understood by later servers only, and 2.4x answer them with a
zero. So their values are asked at single instants, and `present_over_time` says whether a sample
was there.
"""

from bot.measure.family import Family

LOOK_BACK = 300_000
"""How old a sample may be to be an instant's value (the server's default)."""
SHORT = 600_000
"""A span up to which the slices of an hour may end between fives of seconds."""


def observed(family: Family, span: int, offset: int) -> str:
    """The last value within the span that ends `offset` before the slice does."""
    moved = f" offset {duration(offset)}" if offset else ""
    if not family.upper:
        return f"last_over_time({family}[{duration(span)}]{moved})"
    if span > LOOK_BACK:
        older = f"last_over_time(({_value(family)})[{_grid(span)}]{moved})"
        return f"({_value(family, moved)} or {older})"
    there = f"present_over_time({family}[{duration(span)}]{moved})"
    return f"({_value(family, moved)} and {there})"


def went_back(family: Family, span: int) -> str:
    """How often each series began anew. (Only the count of all observations says so: a histogram
    that joins its buckets may move what it has below a bound.)"""
    if not family.upper:
        return f"resets({family}[{duration(span)}])"
    return f"resets(histogram_count({family})[{_grid(span)}])"


def steady(family: Family, last: str, step: int) -> str:
    """A further case for a value that is below the one before it, although nothing began anew: a
    histogram has joined its buckets. Then nothing is counted, not its whole life."""
    if not family.upper or family.upper == "+Inf":
        return ""
    now, then = f"histogram_count({family})", f"histogram_count({family} offset {duration(step)})"
    return f" or ({last} * 0 and ({now} - {then}) >= 0)"


def duration(milliseconds: int) -> str:
    """As PromQL writes it."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{milliseconds}ms" if rest else f"{seconds}s"


def _grid(span: int) -> str:
    """A span in instants that lie so close that no sample is overlooked: one of them is its end."""
    return f"{duration(span)}:{1 if span <= SHORT else 5}s"


def _value(family: Family, moved: str = "") -> str:
    """Rounded down to whole observations, so that the last bit of a product is no reset. (The share
    of no observations is no number; their count is zero.)"""
    count = f"histogram_count({family}{moved})"
    if family.upper == "+Inf":
        return count
    share = f"histogram_fraction(-Inf, {family.upper}, {family}{moved})"
    return f"(floor({share} * {count} + 0.000001) >= 0 or {count})"
