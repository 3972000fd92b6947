"""One entry of an SLO's objectives: target, threshold, time slices."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from bot.judge.indicator import Indicator, Op, Threshold
from bot.judge.objective import Method
from bot.spec.connection import fitting_step
from bot.spec.fed import method_fits
from bot.spec.nodes import Scalar
from bot.spec.sli import Counts, Sli, Value
from bot.spec.spot import Record, Spot, record
from bot.spec.target import read_target
from bot.spec.values import choice, duration, number, text

_OPS: Mapping[str, Op] = {str(op): op for op in Op}
COMPOSITE = ("indicator", "indicatorRef", "compositeWeight")
_REFUSED = dict.fromkeys(COMPOSITE, "It makes a composite SLO: write one SLO per indicator.")
_FIELDS = (
    "displayName",
    "op",
    "value",
    "target",
    "targetPercent",
    "timeSliceTarget",
    "timeSliceWindow",
)


@dataclass(frozen=True, slots=True)
class Goal:
    """What one entry says."""

    spot: Spot
    title: str
    target: Fraction
    step: int
    slice_target: Fraction | None
    indicator: Indicator
    source: str


def read_goal(spot: Spot, method: Method | None, sli: Sli | None) -> Goal | None:
    """One entry; faults in it are told even where the method or the SLI is not known."""
    found = record(spot, *_FIELDS, refused=_REFUSED)
    if found is None:
        return None
    title = found.read("displayName", text) or ""
    target = read_target(found)
    window = found.read("timeSliceWindow", _slice)
    slice_target = found.read("timeSliceTarget", _slice_target)
    fits = method_fits(found, method, sli) and _method_fits(found, method, sli)
    indicator = _indicator(found, sli)
    if target is None or indicator is None or sli is None or method is None or not fits:
        return None
    if method is Method.OCCURRENCES:
        step = sli.source.details.get("step")
        window = step if isinstance(step, int) else 60
    if method is Method.TIMESLICES and slice_target is None:
        if found.get("timeSliceTarget") is not None:
            return None
        slice_target = Fraction(1)  # a value a slice: the slice is good or it is not
    if window is None:
        return None
    return Goal(spot, title, target, window, slice_target, indicator, sli.source.name)


def _slice(spot: Spot) -> int | None:
    """Seconds of a slice; a bare number counts minutes, as in OpenSLO."""
    seconds: int | None
    if isinstance(spot.node, Scalar) and spot.node.text.isdecimal():
        minutes = number(spot)
        seconds = None if minutes is None else int(minutes * 60)
        if seconds == 0:
            spot.fault("A slice must be longer than 0.", "Write it like 1m.")
            return None
    else:
        seconds = duration()(spot)
    return None if seconds is None else fitting_step(spot, seconds)


def _slice_target(spot: Spot) -> Fraction | None:
    found = number(spot)
    if found is None:
        return None
    if 1 < found <= 100:
        right = f"Write timeSliceTarget: {float(found / 100):.10g}."
        spot.fault("A slice's target is a share above 0, up to 1.", right)
        return None
    if not 0 < found <= 1:
        spot.fault("A slice's target is a share above 0, up to 1.", "Write it like 0.95.")
        return None
    return found


def _method_fits(found: Record, method: Method | None, sli: Sli | None) -> bool:
    """Each method has the fields that it needs, and no others."""
    if method is None:
        return False
    window, target = found.get("timeSliceWindow"), found.get("timeSliceTarget")
    sound = True
    if method is not Method.OCCURRENCES and window is None:
        found.spot.fault("The field `timeSliceWindow` is missing.", "Write timeSliceWindow: 1m.")
        sound = False
    if method is Method.TIMESLICES and target is None and sli is not None and not sli.by_slice:
        found.spot.fault("The field `timeSliceTarget` is missing.", "Write timeSliceTarget: 0.95.")
        sound = False
    if method is Method.OCCURRENCES and window is not None:
        window.fault("Occurrences has no time slices.", "Leave it out, or take Timeslices.")
        sound = False
    if method is not Method.TIMESLICES and target is not None:
        target.fault(f"{method} has no target per slice.", "Leave it out, or take Timeslices.")
        sound = False
    return sound


def _indicator(found: Record, sli: Sli | None) -> Indicator | None:
    op = found.read("op", choice(_OPS))
    limit = found.read("value", number)
    match sli:
        case None:
            return None
        case Counts():
            return _of_counts(found, sli, op)
        case Value():
            return _of_value(found, sli, op, limit)


def _of_value(found: Record, sli: Value, op: Op | None, limit: Fraction | None) -> Threshold | None:
    """An indicator may bring its own limit; else the objective says it."""
    if sli.limit is None:
        return _compared(found, sli, op, limit)
    for field in ("op", "value"):
        spot = found.get(field)
        if spot is not None:
            spot.fault("The limit stands at the indicator.", f"Leave `{field}` out.")
    return Threshold(sli.query, *sli.limit)


def _compared(found: Record, sli: Value, op: Op | None, limit: Fraction | None) -> Threshold | None:
    missing = False
    for field, example in (("op", "op: lte"), ("value", "value: 0.5")):
        if found.get(field) is None:
            problem = f"The field `{field}` is missing: a thresholdMetric is compared."
            found.spot.fault(problem, f"Write {example}.")
            missing = True
    if missing or op is None or limit is None:
        return None
    return Threshold(sli.query, op, limit)


def _of_counts(found: Record, sli: Counts, op: Op | None) -> Indicator | None:
    """A ratio is held against the target: `op: gte` or `gt` says no more than that."""
    value = found.get("value")
    if value is not None:
        value.fault("`value` belongs to a thresholdMetric.", "A ratio has its `target` only.")
        return None
    spot = found.get("op")
    if spot is not None and op in (Op.LT, Op.LTE):
        spot.fault("A ratio of good events must reach its target.", "Leave `op` out.")
        return None
    return sli.indicator
