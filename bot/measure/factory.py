"""From a DataSource as written to a source that can be asked."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.decide.catalog import SourceSpec
from bot.errors import ConfigError, Fault
from bot.measure.api import Connection
from bot.measure.prometheus import Habits, PrometheusSource
from bot.measure.replay import CsvSource
from bot.ports import Source

KINDS = ("prometheus", "csv")
"""The types of DataSource that can be read."""

_CA_FILE = "spec.connectionDetails.caFile"
Secrets = Callable[[str], str]


def build(
    spec: SourceSpec,
    secrets: Secrets,
    monotonic: Callable[[], float],
    base: Path | None = None,
) -> Source:
    """The source that a spec describes; `secrets` gives the value behind a name, `base` is the
    folder of a relative path that leads nowhere from here. Raises ConfigError."""
    details: Mapping[str, Any] = spec.details
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
            raise ConfigError([Fault(spec.where, _CA_FILE, problem, remedy)]) from error
    known = " or ".join(KINDS)
    raise ConfigError(
        [Fault(spec.where, "spec.type", f"{spec.kind} is not read.", f"Use {known}.")]
    )


def _connection(spec: SourceSpec, secrets: Secrets) -> Connection:
    details: Mapping[str, Any] = spec.details
    headers = {
        name: secrets(value["env"]) if isinstance(value, Mapping) else str(value)
        for name, value in details.get("headers", {}).items()
    }
    if "bearerTokenEnv" in details:
        headers["Authorization"] = f"Bearer {secrets(details['bearerTokenEnv'])}"
    basic = details.get("basicAuth")
    usual = Connection(str(details["url"]))
    return Connection(
        usual.url,
        headers,
        (basic["username"], secrets(basic["passwordEnv"])) if basic else None,
        details.get("caFile"),
        float(details.get("timeout", usual.timeout)),
        int(details.get("maxBytes", usual.max_bytes)),
    )


def _habits(details: Mapping[str, Any]) -> Habits:
    usual = Habits()
    timeout = float(details.get("timeout", 0))
    return Habits(
        int(details.get("step", usual.step)),
        float(details.get("delay", usual.delay)),
        float(details.get("scrapeInterval", usual.scrape_interval)),
        total_timeout=max(usual.total_timeout, 2 * timeout),
    )
