"""The PromQL of counting exactly. Every function takes durations in milliseconds.

`m` stands for the series of a family, `A` for the last sample in a slice, `P` for the last one
before it (no older than the reach). Right under both readings of a range, closed on the left
(Prometheus 2) and open (Prometheus 3): a sample just on the edge is then both A and P.
"""

from collections.abc import Sequence

from bot.measure.family import Family

MARK = "burnban"
"""The label that says which question of a union an answer belongs to."""


def grown(family: Family, step: int, reach: int) -> str:
    """What the series that were there before grew by. Without resets this is the count."""
    return f"sum{family.by}({_last(family, step)} - {_before(family, reach, step)})"


def born(family: Family, step: int, reach: int) -> str:
    """The values of series that were not there within the reach; nothing if there are none."""
    return f"sum{family.by}({_last(family, step)} unless {_before(family, reach, step)})"


def resets(family: Family, step: int, reach: int) -> str:
    """How many resets there were in the slice or in the reach before it; nothing if none."""
    return f"sum{family.by}(resets({family}[{duration(step + reach)}])) > 0"


def returned(family: Family, step: int, reach: int, horizon: int) -> str:
    """How many of the series that seem new were there within the horizon; nothing if none."""
    fresh = f"{_last(family, step)} unless {_before(family, reach, step)}"
    return f"count{family.by}(({fresh}) and {_before(family, horizon, step)})"


def walked(family: Family, step: int, horizon: int) -> str:
    """The count, for slices so short that no series has two samples in one: a value below the
    one before it follows a reset, a value without one before it comes from a new series; both
    count from zero."""
    last = _last(family, step)
    return f"sum{family.by}(({last} - {_before(family, horizon, step)}) >= 0 or {last})"


def walked_from_baseline(family: Family, step: int, reach: int) -> str:
    """The same, but the first sample of a series is only where its counting starts."""
    last, before = _last(family, step), _before(family, reach, step)
    return f"sum{family.by}(({last} - {before}) >= 0 or ({last} and {before}))"


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


def duration(milliseconds: int) -> str:
    """As PromQL writes it."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{milliseconds}ms" if rest else f"{seconds}s"


def _last(family: Family, span: int) -> str:
    return f"last_over_time({family}[{duration(span)}])"


def _before(family: Family, reach: int, step: int) -> str:
    return f"last_over_time({family}[{duration(reach)}] offset {duration(step)})"
