"""From a DataSource as written to a source that can be asked."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.decide.catalog import SourceSpec
from bot.errors import ConfigError, Fault, SourceError
from bot.judge.observation import Observation
from bot.measure.api import Connection
from bot.measure.credentials import Credentials, Secrets
from bot.measure.observed import ObservedSource, Told
from bot.measure.prometheus import Habits, PrometheusSource
from bot.measure.replay import CsvSource
from bot.ports import Source

KINDS = ("prometheus", "csv", "push")
"""The types of DataSource that can be read."""

_DETAILS = "spec.connectionDetails"


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
        return ObservedSource(spec.name, told or _nothing, step=step, delay=delay)
    if spec.kind == "csv":
        path = Path(str(details["path"]))
        if base is not None and not path.is_absolute() and not path.exists():
            path = base / path
        step, delay = int(details.get("step", 60)), int(details.get("delay", 0))
        return CsvSource(spec.name, path, step=step, delay=delay)
    if spec.kind == "prometheus":
        connection, habits = _connection(spec, secrets), _habits(details)
        try:
            return PrometheusSource(spec.name, connection, habits, monotonic)
        except OSError as error:  # ssl.SSLError is one
            problem = f"{connection.ca_file} cannot be used: {error.strerror or error}."
            remedy = "Name a file of certificates in PEM form."
            raise ConfigError([Fault(spec.where, f"{_DETAILS}.caFile", problem, remedy)]) from error
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

    _proofs(spec.details, noted)
    return named


def _connection(spec: SourceSpec, secrets: Secrets) -> Connection:
    details: Mapping[str, Any] = spec.details
    headers = details.get("headers", {})
    plain = {name: str(value) for name, value in headers.items() if not _named(value)}
    usual = Connection(str(details["url"]))
    return Connection(
        usual.url,
        _sound(spec, plain),
        Credentials(secrets, lambda told: _sound(spec, _proofs(details, told))),
        details.get("caFile"),
        min(float(details.get("timeout", usual.timeout)), Habits().total_timeout),
        int(details.get("maxBytes", usual.max_bytes)),
    )


def _proofs(details: Mapping[str, Any], secrets: Secrets) -> dict[str, str]:
    """The headers that hold secrets."""
    headers = details.get("headers", {})
    made = {name: secrets(value["env"]) for name, value in headers.items() if _named(value)}
    if "bearerTokenEnv" in details:
        made["Authorization"] = f"Bearer {secrets(details['bearerTokenEnv'])}"
    if basic := details.get("basicAuth"):
        pair = f"{basic['username']}:{secrets(basic['passwordEnv'])}"
        made["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return made


def _named(value: object) -> bool:
    return isinstance(value, Mapping)


def _sound(spec: SourceSpec, headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers, if they can be sent. Raises ConfigError, which names them only."""
    faults = [
        Fault(spec.where, _DETAILS, f"{name} is sent as one line of ASCII text, and is none.")
        for name, value in headers.items()
        if not (value.isascii() and value.isprintable())
    ]
    if faults:
        raise ConfigError(faults)
    return headers


def _habits(details: Mapping[str, Any]) -> Habits:
    usual = Habits()
    return Habits(
        int(details.get("step", usual.step)),
        float(details.get("delay", usual.delay)),
        float(details.get("scrapeInterval", usual.scrape_interval)),
    )
