"""From a DataSource as written to a source that can be asked."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.decide.catalog import SourceSpec
from bot.errors import ConfigError, Fault, SourceError
from bot.judge.observation import Observation
from bot.measure.connecting import connection_of, proofs, unusable
from bot.measure.credentials import Secrets
from bot.measure.observed import ObservedSource, Told
from bot.measure.places.factory import build_place
from bot.measure.prometheus import Habits, PrometheusSource
from bot.measure.replay import CsvSource
from bot.ports import Source

KINDS = ("prometheus", "csv", "push", "sql", "nannyml", "evidently", "mlflow")
"""The types of DataSource that can be read."""


def build(
    spec: SourceSpec,
    secrets: Secrets,
    monotonic: Callable[[], float],
    base: Path | None = None,
    told: Told | None = None,
) -> Source:
    """The source that a spec describes; `secrets` gives the value behind a name and is asked at
    the first request only, `base` is the folder of a relative path that leads nowhere from here,
    `told` gives what feeds have said. Raises ConfigError."""
    details: Mapping[str, Any] = spec.details
    if spec.fed:
        step, delay = int(details.get("step", 3_600)), int(details.get("delay", 0))
        place = build_place(spec, secrets, monotonic, base)
        return ObservedSource(spec.name, told or _nothing, step=step, delay=delay, place=place)
    if spec.kind == "csv":
        path = Path(str(details["path"]))
        if base is not None and not path.is_absolute() and not path.exists():
            path = base / path
        step, delay = int(details.get("step", 60)), int(details.get("delay", 0))
        return CsvSource(spec.name, path, step=step, delay=delay)
    if spec.kind == "prometheus":
        connection, habits = connection_of(spec, secrets), _habits(details)
        try:
            return PrometheusSource(spec.name, connection, habits, monotonic)
        except OSError as error:  # ssl.SSLError is one
            raise unusable(spec, connection.ca_file, error) from error
    known = " or ".join(KINDS)
    raise ConfigError(
        [Fault(spec.where, "spec.type", f"{spec.kind} is not read.", f"Use {known}.")]
    )


def _nothing(feed: str, _since: int, _until: int) -> list[Observation]:
    raise SourceError(f"no database is at hand that holds what {feed} has said")


def variables(spec: SourceSpec) -> list[str]:
    """The names of the variables that hold the secrets of a source."""
    named: list[str] = []

    def noted(name: str) -> str:
        named.append(name)
        return ""

    if "urlEnv" in spec.details:
        noted(str(spec.details["urlEnv"]))
    proofs(spec.details, noted)
    return named


def _habits(details: Mapping[str, Any]) -> Habits:
    usual = Habits()
    return Habits(
        int(details.get("step", usual.step)),
        float(details.get("delay", usual.delay)),
        float(details.get("scrapeInterval", usual.scrape_interval)),
    )
