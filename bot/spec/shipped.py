"""The indicator templates that come with Burnban: one data file for each server."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.spec.matching import Plain, plain

FOLDER = Path(__file__).parent / "templates"
Form = Literal["counts", "latency", "mean", "throughput", "refused"]
PARTS: Mapping[Form, tuple[str, ...]] = {
    "counts": ("bad", "total"),
    "latency": ("histogram",),
    "mean": ("sum", "count"),
    "throughput": ("served", "shed"),
    "refused": (),
}
SCALES: Mapping[str, int] = {"s": 1, "ms": 1_000, "us": 1_000_000}
"""Units of a latency in a second."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a label must have."""

    name: str
    label: str
    says: str
    required: bool = False


EVERYWHERE = (
    Parameter("namespace", "namespace", "of one namespace of Kubernetes only"),
    Parameter("job", "job", "of one scrape job of Prometheus only"),
)


@dataclass(frozen=True, slots=True)
class Template:
    """One indicator of one server."""

    name: str
    """`server/indicator`."""
    title: str
    """Of the server."""
    unit: str
    """What one event is: requests, tokens, or slices."""
    form: Form
    parts: Mapping[str, tuple[Plain, ...]]
    parameters: tuple[Parameter, ...]
    elsewhere: tuple[Parameter, ...]
    """Parameters of the server that no series of this indicator knows."""
    unlabelled: frozenset[str]
    """Metrics that know none but the parameters for everywhere."""
    trap: str
    source: str
    scale: str = "s"
    """Unit of the histogram or sum."""
    bounds: tuple[Fraction, ...] = ()
    """Those of its buckets, in that unit, where they are always the same."""
    at_most: str = ""
    """A limit to begin with."""
    refused: str = ""
    instead: str = ""

    @property
    def server(self) -> str:
        """The first part of the name."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Server:
    """How to see whether a Prometheus has a server's metrics."""

    name: str
    title: str
    metric: str
    label: str
    """Its values are the models."""
    templates: tuple[Template, ...]


@cache
def servers() -> tuple[Server, ...]:
    """All of them, by name."""
    return tuple(_server(file) for file in sorted(FOLDER.glob("*.yaml")))


@cache
def templates() -> Mapping[str, Template]:
    """All of them, by name."""
    return {one.name: one for server in servers() for one in server.templates}


def _server(file: Path) -> Server:
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = tuple(_template(file.stem, name, one, data) for name, one in data["templates"].items())
    return Server(file.stem, data["title"], data["find"]["metric"], data["find"]["label"], found)


def _template(server: str, name: str, one: dict[str, Any], data: dict[str, Any]) -> Template:
    form: Form = next(form for form, parts in PARTS.items() if all(part in one for part in parts))
    parts = {part: tuple(map(_selector, one[part])) for part in PARTS[form]}
    unlabelled = frozenset(data.get("unlabelled", ()))
    known = [Parameter(called, **how) for called, how in one.get("labels", data["labels"]).items()]
    metrics = {selector.name for some in parts.values() for selector in some}
    used = form == "refused" or not metrics <= unlabelled
    return Template(
        f"{server}/{name}",
        data["title"],
        one["unit"],
        form,
        parts,
        (*(known if used else ()), *EVERYWHERE),
        () if used else tuple(known),
        unlabelled,
        one["trap"],
        data["source"],
        one.get("scale", "s"),
        tuple(Fraction(str(bound)) for bound in one.get("bounds", ())),
        one.get("at_most", ""),
        one.get("refused", ""),
        one.get("instead", ""),
    )


def _selector(text: str) -> Plain:
    found = plain(text)
    if found is None:
        raise ValueError(f"{text} is no plain selector")
    return found
