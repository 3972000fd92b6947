"""Latency, freshness and throughput: kinds of indicators that OpenSLO has no word for."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from bot.judge.indicator import Op, Ratio, Throughput
from bot.spec.fed import KINDS as FED
from bot.spec.matching import (
    Plain,
    native_observed,
    native_up_to,
    observed,
    observed_up_to,
    plain,
)
from bot.spec.metric import Metric, Sources
from bot.spec.sli import Counts, Sli, Value
from bot.spec.spot import Record, Spot, record
from bot.spec.values import choice, duration, flag, positive

_SUFFIXES = ("_bucket", "_count")
_SUMS = ("_sum", "_total")
_AHEAD = 300
"""Seconds by which a clock may be ahead; a time further in the future tells no age."""
_UNITS: Mapping[str, int] = {"seconds": 1, "milliseconds": 1000}
_AMONG: Mapping[str, str] = {"newest": "max", "oldest": "min"}
_MEAN = (
    "Take the histogram that the server has beside it; if there is none, hold the mean against a "
    "limit: thresholdMetric with rate(…_sum[5m]) / rate(…_count[5m]), op: lte, and Timeslices."
)


def latency(spot: Spot, sources: Sources) -> Sli | None:
    """`{histogram: {metricSource: …}, atMost: 0.5, native: false}`: good are the observations up to
    `atMost`, in the unit of the histogram."""
    found = record(spot, "histogram", "atMost", "native")
    if found is None:
        return None
    metric = found.need("histogram", _from_prometheus(sources), "histogram: {metricSource: …}")
    bound = found.need("atMost", positive, "atMost: 0.5, in the unit of the histogram")
    native = found.read("native", flag) or False
    histogram = _histogram(metric) if metric is not None else None
    if metric is None or histogram is None or bound is None:
        return None
    if native:
        ratio = Ratio(native_observed(histogram), good=native_up_to(histogram, bound))
    else:
        ratio = Ratio(observed([histogram]), good=observed_up_to([histogram], bound))
    return Counts(metric.source, ratio, {"good": metric.spot, "total": metric.spot})


def freshness(spot: Spot, sources: Sources) -> Sli | None:
    """`{timestamp: {metricSource: …}, atMost: 24h}`: a slice is good if at its end the age was no
    more than that. Of several series the newest counts, or with `of: oldest` the oldest."""
    found = record(spot, "timestamp", "atMost", "unit", "of")
    if found is None:
        return None
    metric = found.need("timestamp", _from_prometheus(sources), "timestamp: {metricSource: …}")
    limit = found.need("atMost", duration(), "atMost: 24h")
    unit = found.read("unit", choice(_UNITS))
    among = found.read("of", choice(_AMONG))
    faulty = (found.get("unit") and unit is None) or (found.get("of") and among is None)
    if metric is None or limit is None or faulty:
        return None
    at = f"{among or 'max'}({metric.query}\n)" + ("" if unit in (None, 1) else f" / {unit}")
    query = f"(time() - {at}) >= -{_AHEAD}"
    return Value(metric.source, query, {"query": metric.spot}, (Op.LTE, Fraction(limit)))


def throughput(spot: Spot, sources: Sources) -> Sli | None:
    """`{served: {metricSource: …}, shed: {metricSource: …}, atLeast: 20}`: a slice with offered
    load is bad if some was shed while fewer than `atLeast` a second were served."""
    found = record(spot, "served", "shed", "atLeast")
    if found is None:
        return None
    read = _from_prometheus(sources)
    served = found.need("served", read, "served: {metricSource: …}")
    shed = found.need("shed", read, "shed: {metricSource: …}, a counter of what was turned away")
    floor = found.need("atLeast", positive, "atLeast: 20, a second")
    if served is None or shed is None or floor is None:
        return None
    if served.source.name != shed.source.name:
        spot.fault("`served` and `shed` come from two sources.", "Take both from one DataSource.")
        return None
    places = {"served": served.spot, "shed": shed.spot}
    return Counts(served.source, Throughput(served.query, shed.query, floor), places)


KINDS: Mapping[str, Callable[[Spot, Sources], Sli | None]] = {
    "latency": latency,
    "freshness": freshness,
    "throughput": throughput,
    **FED,
}


def _from_prometheus(sources: Sources) -> Callable[[Spot], Metric | None]:
    def read(spot: Spot) -> Metric | None:
        found = sources.metric(spot)
        if found is not None and found.source.kind != "prometheus":
            problem = f"The DataSource `{found.source.name}` answers no queries."
            found.spot.fault(problem, "Take one of type Prometheus.")
            return None
        return found

    return read


def _histogram(metric: Metric) -> Plain | None:
    """The histogram's own name, whichever of its series was written."""
    found = plain(metric.query)
    if found is None:
        metric.spot.fault(
            "A histogram is named by one plain selector here.",
            'Write it like latency_seconds{service="ranker"}: Burnban adds _bucket and _count.',
        )
        return None
    if found.name.endswith(_SUMS):
        problem = f"`{found.name}` is a sum: it gives a mean, never how many were fast enough."
        metric.spot.fault(problem, _MEAN)
        return None
    if any(label == "le" for label, _, _ in found.matchers):
        metric.spot.fault("The bucket stands here already.", "Leave `le` out: atMost says it.")
        return None
    suffix = next((one for one in _SUFFIXES if found.name.endswith(one)), "")
    return Plain(found.name.removesuffix(suffix), found.matchers)


def chosen(spec: Record) -> list[str]:
    """Which of these kinds are written there."""
    return [kind for kind in KINDS if spec.get(kind) is not None]
