"""From a template and its parameters to queries. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from bot.judge.indicator import Op, Ratio, Threshold, Throughput
from bot.spec.matching import Plain, added, observed, observed_up_to
from bot.spec.shipped import EVERYWHERE, SCALES, Template

_LATENCY = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(us|ms|s)")
_VALUE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{1,200}")
MEAN_OVER = "5m"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a template is to be filled with."""

    labels: Mapping[str, str]
    """Values by parameter."""
    at_most: Fraction | None = None
    """Seconds; for a latency."""
    at_least: Fraction | None = None
    """A second; for throughput."""


def acceptable(value: str) -> bool:
    """Whether something may be the value of a label: one line of 1 to 200 characters, not blank."""
    return _VALUE.fullmatch(value) is not None and value.strip() != ""


def seconds(text: str) -> Fraction | None:
    """`250ms`, `0.5s` or `800us` in seconds; None if it is none of these."""
    found = _LATENCY.fullmatch(text)
    return None if found is None else Fraction(found[1]) / SCALES[found[2]]


def written(template: Template, bound: Fraction) -> str:
    """A bound in the template's unit, as it is written for `atMost`."""
    return f"{float(bound):.10g}{template.scale}"


def expand(template: Template, wanted: Wanted) -> Ratio | Threshold | Throughput:
    """The ordinary indicator that a template stands for. It is no refused one, and `wanted` has
    what its form needs."""
    parts = {
        part: [_narrowed(template, one, wanted.labels) for one in some]
        for part, some in template.parts.items()
    }
    scale = SCALES[template.scale]
    if template.form == "counts":
        return Ratio(added(parts["total"]), bad=added(parts["bad"]))
    if template.form == "throughput" and wanted.at_least is not None:
        return Throughput(added(parts["served"]), added(parts["shed"]), wanted.at_least)
    if wanted.at_most is None or template.form not in ("latency", "mean"):
        raise ValueError(f"{template.name} lacks its limit")
    limit = wanted.at_most * scale
    if template.form == "latency":
        histograms = parts["histogram"]
        return Ratio(observed(histograms), good=observed_up_to(histograms, limit))
    return Threshold(f"({_rate(parts['sum'])}) / ({_rate(parts['count'])})", Op.LTE, limit)


def _rate(selectors: list[Plain]) -> str:
    return " + ".join(f"sum(rate({one}[{MEAN_OVER}]))" for one in selectors)


def _narrowed(template: Template, selector: Plain, labels: Mapping[str, str]) -> Plain:
    for parameter in template.parameters:
        if parameter.name not in labels:
            continue
        if parameter in EVERYWHERE or selector.name not in template.unlabelled:
            selector = selector.where(parameter.label, labels[parameter.name])
    return selector
