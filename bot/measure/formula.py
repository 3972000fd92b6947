"""The PromQL of counting exactly. Every function takes durations in milliseconds.

The last sample in a slice is compared with the last one before it, no older than the reach.
A slice is open on the left, as ranges are in Prometheus 3. In Prometheus 2 they are closed, so
there a range is trimmed by a millisecond, the finest that timestamps know.
"""

from collections.abc import Sequence

from bot.measure.family import Family
from bot.measure.native import observed, steady, went_back

MARK = "burnban"
"""The label that says which question of a union an answer belongs to."""


def grown(family: Family, step: int, reach: int, trim: int) -> str:
    """What the series that were there before grew by. Without resets this is the count."""
    return f"sum{family.by}({_last(family, step - trim)} - {_before(family, reach - trim, step)})"


def born(family: Family, step: int, reach: int, trim: int) -> str:
    """The values of series that were not there within the reach; nothing if there are none."""
    return (
        f"sum{family.by}({_last(family, step - trim)} unless {_before(family, reach - trim, step)})"
    )


def resets(family: Family, step: int, reach: int, trim: int) -> str:
    """How many resets there were in the slice or in the reach before it; nothing if none."""
    return f"sum{family.by}({went_back(family, step + reach - trim)}) > 0"


def returned(family: Family, step: int, reach: int, horizon: int, trim: int) -> str:
    """How many of the series that seem new were there within the horizon; nothing if none."""
    fresh = f"{_last(family, step - trim)} unless {_before(family, reach - trim, step)}"
    return f"count{family.by}(({fresh}) and {_before(family, horizon - trim, step)})"


def known(family: Family, horizon: int, trim: int) -> str:
    """How many series there were within the horizon; nothing if none."""
    return f"count{family.by}({_last(family, horizon - trim)})"


def walked(family: Family, step: int, horizon: int, trim: int) -> str:
    """The count, for slices so short that no series has two samples in one: a value below the
    one before it follows a reset, a value without one before it comes from a new series; both
    count from zero."""
    last, before = _last(family, step - trim), _before(family, horizon - trim, step)
    return f"sum{family.by}(({last} - {before}) >= 0{steady(family, last, step)} or {last})"


def walked_from_baseline(family: Family, step: int, reach: int, trim: int) -> str:
    """The same, but the first sample of a series is only where its counting starts."""
    last, before = _last(family, step - trim), _before(family, reach - trim, step)
    known = f"({last} and {before})"
    return f"sum{family.by}(({last} - {before}) >= 0{steady(family, last, step)} or {known})"


def marked(text: str, mark: int) -> str:
    """The same answers with a mark."""
    return f'label_replace({text}, "{MARK}", "{mark}", "", "")'


def union(texts: Sequence[str]) -> str:
    """All the answers at once. A balanced tree: in a long chain every `or` copies all before it."""
    if len(texts) <= _CHAIN:
        return " or ".join(texts)
    middle = len(texts) // 2
    return f"({union(texts[:middle])}) or ({union(texts[middle:])})"


_CHAIN = 8


def _last(family: Family, span: int) -> str:
    return observed(family, span, 0)


def _before(family: Family, reach: int, step: int) -> str:
    return observed(family, reach, step)
