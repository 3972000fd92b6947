"""What a feed says of one stretch of time and one version of a model: the counts or the score, as
they came. Feeds bring what metrics do not have: labels, scores, drift."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of a feed. Which figures it has depends on the feed: confusion counts, plain counts,
    or a score. Instants are whole seconds since 1970 (UTC)."""

    start: int
    end: int
    """The stretch of time in which the predictions were made: start < t <= end."""
    version: str = ""
    """Of the model; empty if the feed does not tell them apart."""
    tp: float | None = None
    fp: float | None = None
    fn: float | None = None
    tn: float | None = None
    """Predictions whose labels have arrived: true and false positives and negatives."""
    positives: float | None = None
    negatives: float | None = None
    """Predictions made of each class, whether their labels have arrived or not."""
    eligible: float | None = None
    bad: float | None = None
    """Plain counts of events."""
    value: float | None = None
    """A score (AUC, RMSE, PSI …)."""
    n: float | None = None
    """Samples that the score rests on."""
    low: float | None = None
    high: float | None = None
    """The tool's own interval of the score."""
    tool: str = ""
    metric: str = ""
    threshold: float | None = None
    """Which tool says so, by which measure, and what it would call too much."""

    @property
    def key(self) -> tuple[int, int, str]:
        """Of one feed, what tells it apart: the newest word on it counts."""
        return self.start, self.end, self.version

    @property
    def labelled(self) -> float:
        """Predictions whose labels have arrived."""
        return sum(_given(self.tp, self.fp, self.fn, self.tn))

    @property
    def made(self) -> float | None:
        """Predictions made, labelled or not; None if the feed does not say."""
        if self.positives is None or self.negatives is None:
            return None
        return self.positives + self.negatives


FIGURES = (
    "tp", "fp", "fn", "tn", "positives", "negatives",
    "eligible", "bad", "value", "n", "low", "high", "threshold",
)  # fmt: skip
"""Names of the numbers of an observation."""
_COUNTS = ("tp", "fp", "fn", "tn", "positives", "negatives", "eligible", "bad", "n")
_CONFUSION = ("tp", "fp", "fn", "tn")
MOST = 10**15
"""Events of one row: far more do not add up one by one as doubles, and sums would lose the rest."""
LEAST = 1e-6
"""Part of an event (they may be weighted) that a row counts at least, if it counts any: what is far
smaller is an error of arithmetic, and cannot be divided by."""
FARTHEST = 1e100
"""Greatest score, either side of zero: its square must be a number, too."""
_SKEW = 300
"""Seconds that a sender's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an observation: the field, and the rule that it breaks."""

    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Change:
    """An observation that is new, or says something else than before."""

    before: Observation | None
    after: Observation


def wrongs(row: Observation, now: int) -> list[Wrong]:
    """What no sound observation can say, all at once; empty if it is sound."""
    found = [*_numbers(row), *_time(row, now)]
    return found or [*_shape(row), *_sums(row)]


def went_down(change: Change) -> list[Wrong]:
    """Labels and events that were there and are gone: counts of a stretch only grow."""
    before, after = change.before, change.after
    if before is None:
        return []
    pairs = [
        ("tp, fp, fn, tn", before.labelled, after.labelled),
        *((name, getattr(before, name), getattr(after, name)) for name in _GROWING),
    ]
    return [
        Wrong(name, f"went down from {_plain(old)} to {_plain(new or 0)}: counts only grow")
        for name, old, new in pairs
        if old is not None and (new or 0) < old
    ]


_GROWING = ("positives", "negatives", "eligible")


def _given(*numbers: float | None) -> list[float]:
    return [number for number in numbers if number is not None]


def _numbers(row: Observation) -> Iterator[Wrong]:
    for name in FIGURES:
        number = getattr(row, name)
        if number is None:
            continue
        if not isfinite(number):
            yield Wrong(name, "must be a finite number")
        elif name in _COUNTS:
            yield from _count(name, number)
        elif abs(number) > FARTHEST:
            yield Wrong(name, f"is {_plain(number)}: no score is that far from zero")


def _count(name: str, number: float) -> Iterator[Wrong]:
    if number < 0:
        yield Wrong(name, f"is {_plain(number)}: a count is never negative")
    elif 0 < number < LEAST:
        yield Wrong(name, f"is {_plain(number)}: a count is 0, or at least {LEAST:f}")
    elif number > MOST:
        yield Wrong(name, f"is {_plain(number)}: a row has at most {MOST:,}")


def _time(row: Observation, now: int) -> Iterator[Wrong]:
    if row.start >= row.end:
        yield Wrong("end", "must be later than start")
    if row.end > now + _SKEW:
        yield Wrong("end", "lies in the future: only what has happened can be counted")


def _shape(row: Observation) -> Iterator[Wrong]:
    """Exactly one kind of figures, and that one whole."""
    confusion = _given(*(getattr(row, name) for name in _CONFUSION))
    kinds = [bool(confusion), row.eligible is not None or row.bad is not None]
    kinds.append(row.value is not None)
    if sum(kinds) != 1:
        yield Wrong("tp … | eligible, bad | value, n", "exactly one kind of figures is needed")
    elif confusion and len(confusion) < len(_CONFUSION):
        missing = next(name for name in _CONFUSION if getattr(row, name) is None)
        yield Wrong(missing, "is missing: tp, fp, fn and tn come together")
    elif kinds[1] and (row.eligible is None or row.bad is None):
        yield Wrong("eligible" if row.eligible is None else "bad", "is missing")
    elif kinds[2] and row.n is None:
        yield Wrong("n", "is missing: a score says nothing without the samples it rests on")


def _sums(row: Observation) -> Iterator[Wrong]:
    if row.bad is not None and row.eligible is not None and row.bad > row.eligible:
        yield Wrong("bad", f"is more than eligible ({_plain(row.bad)} > {_plain(row.eligible)})")
    for name, parts in (("positives", ("tp", "fp")), ("negatives", ("fn", "tn"))):
        made = getattr(row, name)
        labelled = sum(_given(*(getattr(row, part) for part in parts)))
        if made is not None and labelled > made:
            rule = f"labels of {_plain(labelled)} of {_plain(made)} predictions: some are unknown"
            yield Wrong(" + ".join(parts), rule)
    if (row.positives is None) != (row.negatives is None):
        missing = "positives" if row.positives is None else "negatives"
        yield Wrong(missing, "is missing: positives and negatives come together")
    if row.low is not None and row.high is not None and row.low > row.high:
        yield Wrong("low", "is above high")


def _plain(number: float) -> str:
    """Of numbers with very many figures only the first."""
    return f"{number:,.10g}" if abs(number) <= MOST else f"{number:.3g}"
