"""A first spec for a model: commented, valid, and meant to be changed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count
from textwrap import fill as wrapped

from bot.spec.expanding import seconds, written
from bot.spec.matching import spellings
from bot.spec.shipped import SCALES, Server, Template

_SLUG = re.compile(r"[^A-Za-z0-9._-]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]{0,127}")
_RESERVED = ("all", "for", "until", "list", "preview", "edit", "null")
_WINDOW = "  timeWindow: [{duration: 28d, isRolling: true}]   # the last 28 days, at any moment"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A model that was seen at a server."""

    server: Server
    model: str
    bounds: Mapping[str, Sequence[str]]
    """Of each latency template's histogram (`le` as it is written there)."""


def free_name(model: str, server: str, taken: Sequence[str]) -> str:
    """A name for the service of a model at a server, none of those taken: the model's own if it
    can be one."""
    plain = _SLUG.sub("-", model).strip("-._")[:100] or "model"
    name = f"{plain}-service" if plain.lower() in _RESERVED else plain
    lower = {one.lower() for one in taken}
    ways = chain((name, f"{name}-{server}"), (f"{name}-{server}-{n}" for n in count(2)))
    return next(way for way in ways if way.lower() not in lower)


def source_text(name: str, url: str, token_env: str) -> str:
    """The DataSource."""
    token = f"\n    bearerTokenEnv: {token_env}" if token_env else ""
    return f"""\
# Where the counts come from: any server with the Prometheus HTTP API.
apiVersion: openslo/v1
kind: DataSource
metadata: {{name: {name}}}
spec:
  type: Prometheus
  connectionDetails:
    url: {json.dumps(url)}{token}
    scrapeInterval: 15s   # the longest interval at which the models are scraped
"""


def spec_text(seen: Sighting, service: str, source: str) -> str:
    """The objectives of one model, and in comments what its server cannot tell."""
    parts = [
        f"# {_line(seen.model)} at {seen.server.title}, written by `burnban init`. Change what does"
        " not fit.\n# The targets are a beginning: look at `burnban status` for a week, then set"
        " them to what users need.\n# Everything that may stand here: docs/specs.md\n"
    ]
    refused: list[str] = []
    for template in seen.server.templates:
        text = _objective(template, seen, service, source)
        (parts if text else refused).append(text or _without(template))
    return "---\n".join([parts[0] + "".join(refused), *parts[1:]])


def _objective(template: Template, seen: Sighting, service: str, source: str) -> str:
    """Empty if it cannot be had, or not for one model, or not without a decision."""
    if template.form not in ("counts", "latency", "mean") or not _told_by_model(template):
        return ""
    limit = ""
    if template.form == "mean":
        if _has_latency(seen):
            return ""
        limit = f"\n    atMost: {template.at_most}   # of the mean over five minutes"
    if template.form == "latency":
        bounds = _bounds(template, seen)
        if not bounds:
            return ""
        there = ", ".join(written(template, one) for one in bounds)
        limit = f"\n    atMost: {written(template, _near(template, bounds))}   # buckets: {there}"
    sliced = template.form == "mean"
    method = "Timeslices    # every minute is an event" if sliced else "Occurrences   # every event"
    step = ", timeSliceWindow: 1m" if sliced else ""
    return f"""\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: {template.name.partition("/")[2]}
{_annotation(seen.model)}spec:
  service: {service}
{_comment(template.trap, 2)}  indicator:
    template: {template.name}
    metricSourceRef: {source}
    model: {json.dumps(seen.model, ensure_ascii=False)}{limit}
{_WINDOW}
  budgetingMethod: {method}
  objectives: [{{target: 0.99{step}}}]   # 1 in 100 may be bad: that is the error budget
"""


def _annotation(model: str) -> str:
    """What the model is called where releases are named; a name that is none is left out."""
    return f'  annotations: {{burnban.dev/model: "{model}"}}\n' if _NAME.fullmatch(model) else ""


def _without(template: Template) -> str:
    """Why there is no objective of a template."""
    if template.form == "refused":
        why = f"{template.refused} {template.instead}"
    elif not _told_by_model(template):
        why = f"Not by model. {template.trap}"
    elif template.form == "throughput":
        why = "Needs a floor that only you know: burnban template show " + template.name
    elif template.form == "mean":
        why = "Not needed: there is a histogram."
    else:
        why = "Its buckets were not seen in this Prometheus in the last hour."
    return _comment(f"{template.name}: {why}", 0)


def _told_by_model(template: Template) -> bool:
    return any(one.name == "model" for one in template.parameters)


def _has_latency(seen: Sighting) -> bool:
    """Whether some histogram is there for the model itself."""
    return any(
        one.form == "latency" and _told_by_model(one) and _bounds(one, seen)
        for one in seen.server.templates
    )


def _bounds(template: Template, seen: Sighting) -> list[Fraction]:
    """The finite ones, in the template's unit, in order; those that could be written only."""
    found = {Fraction(one) for one in seen.bounds.get(template.name, ()) if _finite(one)}
    known = {one for one in found if one > 0 and (not template.bounds or one in template.bounds)}
    return sorted(one for one in known if seconds(written(template, one)) is not None)


def _finite(text: str) -> bool:
    try:
        return text in spellings(Fraction(text))
    except ValueError:  # +Inf
        return False


def _near(template: Template, bounds: Sequence[Fraction]) -> Fraction:
    """The bound nearest to the limit to begin with."""
    wanted = (seconds(template.at_most) or Fraction(1)) * SCALES[template.scale]
    return min(bounds, key=lambda one: abs(one - wanted))


def _comment(text: str, indent: int) -> str:
    before = " " * indent + "# "
    return wrapped(text, 98, initial_indent=before, subsequent_indent=before + "  ") + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
