"""Templates as people read them: a row of a table, and the indicator that one stands for."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import yaml

from bot.errors import UserError
from bot.judge.indicator import Ratio, Threshold, Throughput
from bot.spec.expanding import Wanted, acceptable, expand, seconds
from bot.spec.shipped import Parameter, Template, templates
from bot.spec.spot import nearest, shorten

MEASURES: Mapping[str, str] = {
    "counts": "errors among {unit}",
    "latency": "share of {unit} up to a limit",
    "mean": "mean latency held against a limit",
    "throughput": "a floor, while there is offered load",
    "refused": "cannot be had",
}
LIMITS = ("atMost", "atLeast")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
SHOW = "burnban template show triton/availability --set model=ranker"


def summary(template: Template) -> str:
    """In a few words, what it measures."""
    return MEASURES[template.form].format(unit=template.unit)


def row(template: Template) -> str:
    """A row of the table in docs/specs.md."""
    mind = template.trap
    if template.form == "refused":
        mind = f"{template.refused} {template.instead} {template.trap}"
    cells = (f"`{template.name}`", summary(template), template.unit, mind)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def find(name: str) -> Template:
    """The template of that name. Raises UserError with the nearest."""
    found = templates().get(name)
    if found is None:
        near = nearest(name, templates())
        raise UserError(f"There is no template `{shorten(name)}`. {near}", "burnban template list")
    return found


def parameters(template: Template) -> list[tuple[str, str]]:
    """Name and meaning of everything that may be set."""
    rows = [(one.name, _says(one)) for one in template.parameters]
    if template.form in ("latency", "mean"):
        rows.append(("atMost", f"the limit, as in {template.at_most} (us, ms or s); required"))
    if template.form == "throughput":
        rows.append(("atLeast", "the floor, a second; required"))
    return rows


def _says(one: Parameter) -> str:
    return f"{one.says} (label {one.label}){'; required' if one.required else ''}"


def fill(template: Template, settings: Mapping[str, str]) -> str:
    """The ordinary indicator that a template stands for, as YAML; what is not set stands there in
    capitals. Raises UserError for a setting that it does not have or take."""
    known = dict(parameters(template))
    for name, value in settings.items():
        if name not in known:
            problem = f"{template.name} has no parameter `{shorten(name)}`."
            raise UserError(f"{problem} {nearest(name, known)}", SHOW)
        if not acceptable(value):
            raise UserError(f"`{name}` is to be one line of up to 200 characters.", SHOW)
    labels = {one.name: one.name.upper() for one in template.parameters if one.required}
    labels |= {name: value for name, value in settings.items() if name not in LIMITS}
    return _yaml(expand(template, Wanted(labels, _at_most(template, settings), _floor(settings))))


def _at_most(template: Template, settings: Mapping[str, str]) -> Fraction:
    found = seconds(settings.get("atMost", template.at_most or "1s"))
    if not found:
        raise UserError("atMost is a latency with its unit, as in 250ms.", SHOW)
    return found


def _floor(settings: Mapping[str, str]) -> Fraction:
    said = settings.get("atLeast", "20")
    if not _NUMBER.fullmatch(said) or Fraction(said) == 0:
        raise UserError("atLeast is a number above 0, a second.", SHOW)
    return Fraction(said)


def _yaml(indicator: Ratio | Threshold | Throughput) -> str:
    found: dict[str, Any]
    match indicator:
        case Ratio(total, good, bad):
            side = {"good": _metric(good)} if good is not None else {"bad": _metric(bad or "")}
            found = {"ratioMetric": {"counter": True, **side, "total": _metric(total)}}
        case Threshold(query):
            found = {"thresholdMetric": _metric(query)}
        case Throughput(served, shed, floor):
            sides = {"served": _metric(served), "shed": _metric(shed)}
            found = {"throughput": {**sides, "atLeast": float(floor)}}
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=1_000)


def _metric(query: str) -> dict[str, Any]:
    return {"metricSource": {"metricSourceRef": "prometheus", "spec": {"query": query}}}
