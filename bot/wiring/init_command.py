"""`burnban init`: a first spec for every model that a Prometheus knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.console import Console

from bot import measure, spec
from bot.clock import monotonic
from bot.config import secret
from bot.decide.catalog import Catalog
from bot.entrypoints.terminal import counted, say
from bot.errors import UserError
from bot.measure.survey import Survey
from bot.spec.connection import wrong_address
from bot.spec.expanding import acceptable
from bot.spec.files import read_texts
from bot.spec.first import Sighting, free_name, source_text, spec_text
from bot.spec.shipped import Server, Template, servers

console = Console()
MOST = 200
"""Models of one server."""
_AGAIN = "burnban init --prometheus http://prometheus:9090 --out slos/"


def init(
    prometheus: Annotated[str, typer.Option(help="Address of a Prometheus, as http://host:9090.")],
    out: Annotated[Path, typer.Option(help="Folder for the specs.")] = Path("slos"),
    token_env: Annotated[
        str, typer.Option(help="NAME of the variable with a bearer token, if it wants one.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False,
) -> None:
    """Write a first spec for each model. Asks a Prometheus which of them it has metrics of."""
    url = _address(prometheus)
    with Survey(url, monotonic, secret, token_env) as survey:
        seen = [one for server in servers() for one in sightings(survey, server)]
    plan = Plan(url, out, token_env, force)
    for one in seen:
        plan.add(one)
    plan.write()
    for line in (*plan.told, *_nothing(seen, url)):
        say(console, line)
    if not seen:
        raise typer.Exit(1)
    if plan.added:
        say(console, f"Next: read them, then burnban check {out}")


def _address(said: str) -> str:
    """As it will stand in a file, so without a password. Raises UserError."""
    wrong = wrong_address(said)
    if wrong is not None:
        raise UserError(f"--prometheus: {wrong[0]}", _AGAIN)
    return said.rstrip("/")


class Asked(Protocol):
    """What is asked of a Prometheus."""

    def values(self, selector: str, label: str) -> Sequence[str]:
        """The values that a label has among the series of a selector, in order."""
        ...


def sightings(survey: Asked, server: Server) -> Iterator[Sighting]:
    """The models of a server, up to a bound."""
    models = survey.values(server.metric, server.label)
    if not models:
        return
    bounds = {one.name: _buckets(survey, one) for one in server.templates if one.form == "latency"}
    for model in models[:MOST]:
        yield Sighting(server, model, bounds)
    if len(models) > MOST:
        say(console, f"{server.title}: only {MOST} of its {len(models)} models are looked at.")


def _buckets(survey: Asked, template: Template) -> list[str]:
    names = [str(one.ending("_bucket")) for one in template.parts["histogram"]]
    return [bound for name in names for bound in survey.values(name, "le")]


def _nothing(seen: list[Sighting], url: str) -> Iterator[str]:
    """What was not there."""
    found = {one.server.name for one in seen}
    silent = [server.title for server in servers() if server.name not in found]
    if not seen:
        yield f"{url} has had no metrics of a server that Burnban knows in the last hour."
        yield "Does it scrape your models? Any counter will do, by hand: docs/specs.md"
    elif silent:
        yield f"Not seen in the last hour: {', '.join(silent)}."


@dataclass
class Plan:
    """What is to be written; nothing is, before all of it is known to be valid."""

    url: str
    out: Path
    token_env: str
    force: bool
    texts: dict[Path, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    added: int = 0
    """Models to write about."""

    def __post_init__(self) -> None:
        self._present = self._read()
        catalog = self._load(self._present)
        self._services = {} if self.force else dict(catalog.services)
        self._models = {one.model for one in self._services.values()}
        self._names = list(self._services)
        known = catalog.sources.items()
        ours = [name for name, one in known if one.details.get("url") == self.url]
        self._source = ours[0] if ours else free_name("prometheus", "init", list(catalog.sources))
        if not ours:
            text = source_text(self._source, self.url, self.token_env)
            self.texts[self.out / f"{self._source}.source.yaml"] = text

    def add(self, seen: Sighting) -> None:
        """A file for a model; one that the specs know already is left alone."""
        title = f"{seen.server.title}: {seen.model}"
        if not acceptable(seen.model):
            self.told.append(f"{title}: left out, its name is no plain line of text.")
            return
        plain = free_name(seen.model, seen.server.name, ())
        if seen.model in self._models or plain in self._services:
            self.told.append(f"{title}: is in your specs already, and left alone.")
            return
        service = free_name(seen.model, seen.server.name, self._names)
        self._names.append(service)
        self.added += 1
        path = self.out / f"{service}.yaml"
        self.texts[path] = spec_text(seen, service, self._source)
        self.told.append(f"{title}: {path}")
        for one in seen.server.templates:
            if one.form == "refused":
                self.told.append(f"  {one.name}: {one.refused} {one.instead}")

    def write(self) -> None:
        """All files. Raises UserError if one is there already, SpecError if they do not fit what
        is; then nothing is written."""
        if not self.added:
            return
        there = [str(path) for path in self.texts if path.exists()]
        if there and not self.force:
            problem = f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already."
            raise UserError(f"{problem} Nothing was written; --force overwrites.", _AGAIN)
        new = {path.as_posix(): text for path, text in self.texts.items()}
        catalog = self._load({**self._present, **new})
        self.out.mkdir(parents=True, exist_ok=True)
        for path, text in self.texts.items():
            with path.open("w" if self.force else "x", encoding="utf-8") as file:
                file.write(text)
        self.told.append(f"{counted(len(catalog.objectives), 'objective')} in {self.out}")

    def _read(self) -> dict[str, str]:
        if not self.out.exists():
            return {}
        texts, _ = read_texts(self.out)
        return dict(texts)

    def _load(self, texts: Mapping[str, str]) -> Catalog:
        return spec.load_texts(texts, source_kinds=measure.KINDS, check=measure.check_indicator)
