"""`indicator: {template: triton/availability, model: ranker}`: a template in use."""

from collections.abc import Mapping
from fractions import Fraction

from bot.judge.indicator import Threshold
from bot.spec.expanding import Wanted, acceptable, expand, seconds, written
from bot.spec.metric import Sources
from bot.spec.shipped import SCALES, Template, templates
from bot.spec.sli import Counts, Sli, Value
from bot.spec.spot import Record, Spot, nearest, shorten
from bot.spec.values import positive, text

_ALWAYS = ("template", "description", "metricSourceRef")
_FIELDS: Mapping[str, str] = {"latency": "atMost", "mean": "atMost", "throughput": "atLeast"}


def read_templated(found: Record, sources: Sources) -> Sli | None:
    """The SLI of a mapping with the field `template`; None if it has a fault."""
    template = found.need("template", _known, "template: triton/availability")
    if template is None:
        return None
    _refuse_others(found, template)
    wanted = _wanted(found, template)
    source = sources.source(found)
    at = found.get("template") or found.spot
    if source is None or wanted is None:
        return None
    if source.kind != "prometheus":
        problem = f"A template asks a Prometheus, which `{source.name}` is not."
        at.fault(problem, "Name a DataSource of type Prometheus in metricSourceRef.")
        return None
    indicator = expand(template, wanted)
    if isinstance(indicator, Threshold):
        limit = (indicator.op, indicator.limit)
        return Value(source, indicator.query, {"query": at}, limit)
    spots = dict.fromkeys(("good", "bad", "total", "served", "shed"), at)
    return Counts(source, indicator, spots)


def _known(spot: Spot) -> Template | None:
    called = text(spot)
    if called is None:
        return None
    found = templates().get(called)
    if found is None:
        near = nearest(called, templates())
        spot.fault(f"There is no template `{shorten(called)}`.", f"{near} {_LIST}")
    elif found.form == "refused":
        spot.fault(found.refused, found.instead)
        return None
    return found


_LIST = "`burnban template list` shows all."


def _refuse_others(found: Record, template: Template) -> None:
    """Unknown parameters, and those that this indicator cannot be told by."""
    limit = [_FIELDS[template.form]] if template.form in _FIELDS else []
    for parameter in template.elsewhere:
        spot = found.get(parameter.name)
        if spot is not None:
            problem = f"{template.name} cannot be told by {parameter.name}: {template.trap}"
            spot.fault(problem, f"Leave `{parameter.name}` out.")
    known = [*_ALWAYS, *(one.name for one in template.parameters), *limit]
    found.refuse_others(known, [one.name for one in template.elsewhere])


def _wanted(found: Record, template: Template) -> Wanted | None:
    labels: dict[str, str] = {}
    sound = True
    for one in template.parameters:
        written = found.get(one.name) is not None
        example = f"{one.name}: ranker, {one.says}"
        value = found.need(one.name, _label, example) if one.required else None
        value = found.read(one.name, _label) if written and not one.required else value
        if value is not None:
            labels[one.name] = value
        elif written or one.required:
            sound = False
    at_most = at_least = None
    if template.form in ("latency", "mean"):
        at_most = found.need("atMost", lambda spot: _limit(spot, template), _example(template))
    elif template.form == "throughput":
        at_least = found.need("atLeast", positive, "atLeast: 20, a second")
    limited = template.form == "counts" or at_most is not None or at_least is not None
    return Wanted(labels, at_most, at_least) if sound and limited else None


def _example(template: Template) -> str:
    return f"atMost: {template.at_most}"


def _label(spot: Spot) -> str | None:
    value = text(spot)
    if value is not None and not acceptable(value):
        spot.fault(
            "This cannot be the value of a label.", "Write one line of up to 200 characters."
        )
        return None
    return value


def _limit(spot: Spot, template: Template) -> Fraction | None:
    """Seconds; where the bounds of the histogram are known, one of them."""
    said = text(spot)
    found = None if said is None else seconds(said)
    if said is None:
        return None
    if found is None or found == 0:
        spot.fault(
            f"`{shorten(said)}` is not a latency.", "Write a number with its unit: us, ms or s."
        )
        return None
    bound = found * SCALES[template.scale]
    if template.bounds and bound not in template.bounds:
        near = min(template.bounds, key=lambda one: abs(one - bound))
        there = ", ".join(written(template, one) for one in template.bounds)
        spot.fault(
            f"The histogram has no bucket that ends at {shorten(said)}: it cannot tell.",
            f"Write atMost: {written(template, near)}; there are {there}.",
        )
        return None
    return found
