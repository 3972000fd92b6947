"""SLI: good or bad events over all of them, or a value held against a threshold."""

from collections.abc import Mapping

from bot.judge.indicator import Ratio, Recorded
from bot.spec.documents import Document
from bot.spec.measured import KINDS, chosen
from bot.spec.metric import Metric, Sources
from bot.spec.nodes import Table
from bot.spec.sli import Counts, Sli, Value
from bot.spec.spot import Record, Spot, not_yet, record, table
from bot.spec.templated import read_templated
from bot.spec.values import flag

_ANY = f"one of: ratioMetric, thresholdMetric, template, {', '.join(KINDS)}"
_RAW = "Write `good` or `bad` and `total`: Burnban keeps counts, a ratio cannot be added up."


def read_sli(document: Document, sources: Sources) -> Sli | None:
    """What an SLI measures; None if it has a fault."""
    if document.spec is None:
        document.top.fault("The field `spec` is missing.", "Write spec: {ratioMetric: …}.")
        return None
    return read_measured(document.spec, sources)


_WHOLE = ("apiVersion", "kind", "metadata", "spec")


def in_short(spot: Spot) -> bool:
    """Whether an indicator says directly what it measures, without metadata and spec; so does one
    that has none of an object's fields, and then it has a fault."""
    fields = [key.text for key, _ in spot.node.entries] if isinstance(spot.node, Table) else []
    directly = any(name == "template" or name in KINDS for name in fields)
    return directly or (bool(fields) and not {*_WHOLE} & {*fields})


def read_measured(spot: Spot, sources: Sources) -> Sli | None:
    """What is measured, by any kind of indicator; None if it has a fault."""
    if isinstance(spot.node, Table) and any(key.text == "template" for key, _ in spot.node.entries):
        found = table(spot)
        return None if found is None else read_templated(found, sources)
    spec = record(spot, "description", "ratioMetric", "thresholdMetric", "template", *KINDS)
    if spec is None:
        return None
    kinds = [name for name in ("ratioMetric", "thresholdMetric") if spec.get(name) is not None]
    kinds += chosen(spec)
    if len(kinds) > 1:
        spec.spot.fault("An SLI has one metric.", f"Keep {' or '.join(kinds)}.")
        return None
    if not kinds:
        spec.spot.fault("Nothing is measured here.", f"Write {_ANY}.")
        return None
    at = spec.get(kinds[0]) or spec.spot
    if kinds[0] in KINDS:
        return KINDS[kinds[0]](at, sources)
    if kinds[0] == "thresholdMetric":
        return _value(sources.metric(at))
    return _counts(at, sources)


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
    metrics = {part: found.read(part, sources.written) for part in ("good", "bad", "total")}
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
    unsound = frozenset(part for part, metric in read.items() if not metric.sound)
    return Counts(read["total"].source, indicator, places, unsound=unsound)


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
