"""SLI: good or bad events over all of them, or a value held against a threshold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import Ratio, Recorded
from bot.spec.documents import Document
from bot.spec.metric import Metric, Sources
from bot.spec.spot import Record, Spot, not_yet, record
from bot.spec.values import flag

_RAW = "Write `good` or `bad` and `total`: Burnban keeps counts, a ratio cannot be added up."


@dataclass(frozen=True, slots=True)
class Counts:
    """A ratioMetric: ready but for the name of a recorded series, which may be left out."""

    source: SourceSpec
    indicator: Ratio | Recorded
    spots: Mapping[str, Spot] = field(default_factory=dict)
    """Where each query stands, by field."""


@dataclass(frozen=True, slots=True)
class Value:
    """A thresholdMetric: each objective adds what it is compared with."""

    source: SourceSpec
    query: str
    spots: Mapping[str, Spot] = field(default_factory=dict)


Sli = Counts | Value


def read_sli(document: Document, sources: Sources) -> Sli | None:
    """What an SLI measures; None if it has a fault."""
    if document.spec is None:
        document.top.fault("The field `spec` is missing.", "Write spec: {ratioMetric: …}.")
        return None
    spec = record(document.spec, "description", "ratioMetric", "thresholdMetric")
    if spec is None:
        return None
    ratio, threshold = spec.get("ratioMetric"), spec.get("thresholdMetric")
    if ratio is not None and threshold is not None:
        spec.spot.fault("An SLI has one metric.", "Keep ratioMetric or thresholdMetric.")
        return None
    if threshold is not None:
        return _value(sources.metric(threshold))
    if ratio is not None:
        return _counts(ratio, sources)
    spec.spot.fault("Nothing is measured here.", "Write ratioMetric or thresholdMetric.")
    return None


def _value(metric: Metric | None) -> Value | None:
    if metric is None:
        return None
    if metric.source.kind == "csv":
        metric.spot.fault("A csv source holds counts, not values.", "Write ratioMetric.")
        return None
    return Value(metric.source, metric.query, {"query": metric.spot})


def _counts(spot: Spot, sources: Sources) -> Counts | None:
    found = record(spot, "counter", "good", "bad", "total", "raw", "rawType")
    if found is None:
        return None
    counter = found.read("counter", flag)
    if found.get("raw") or found.get("rawType"):
        not_yet(found.get("raw") or spot, "A raw ratio (`raw`, `rawType`)", _RAW)
        return None
    metrics = {part: found.read(part, sources.metric) for part in ("good", "bad", "total")}
    read = {part: metric for part, metric in metrics.items() if metric is not None}
    sound = all((found.get(part) is None) == (part not in read) for part in metrics)
    if read and all(metric.source.kind == "csv" for metric in read.values()):
        return _recorded(read) if sound and _one_source(spot, read) else None
    if not _complete(found) or not sound or not _one_source(spot, read):
        return None
    queries = {part: metric.query for part, metric in read.items()}
    indicator = Ratio(
        queries["total"], queries.get("good"), queries.get("bad"), counter is not False
    )
    places = {part: metric.spot for part, metric in read.items()}
    return Counts(read["total"].source, indicator, places)


def _complete(found: Record) -> bool:
    """One of good and bad, over the total."""
    good, bad, total = (found.get(part) is not None for part in ("good", "bad", "total"))
    if good and bad:
        found.spot.fault("`good` and `bad` exclude each other.", "Keep the one you count best.")
    elif not (good or bad):
        found.spot.fault(
            "The field `good` or `bad` is missing.", "Say which events are good, or bad."
        )
    if not total:
        found.spot.fault("The field `total` is missing.", "Say which events there are in all.")
    return total and good != bad


def _one_source(spot: Spot, read: Mapping[str, Metric]) -> bool:
    names = sorted({metric.source.name for metric in read.values()})
    if len(names) <= 1:
        return True
    not_yet(
        spot,
        f"A ratio over two sources ({' and '.join(names)})",
        "Take both counts from one DataSource.",
    )
    return False


def _recorded(read: Mapping[str, Metric]) -> Counts | None:
    """The file holds eligible and bad events side by side; any part may name their series."""
    first = next(iter(read.values()))
    series = {metric.query for metric in read.values() if metric.query}
    if len(series) > 1:
        first.spot.fault("One objective is one series of the file.", "Name the same one.")
        return None
    return Counts(first.source, Recorded(next(iter(series), "")))
