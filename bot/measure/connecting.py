"""From the connectionDetails of a DataSource to a connection: where, and with which proof."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.decide.catalog import SourceSpec
from bot.errors import ConfigError, Fault
from bot.measure.api import Connection
from bot.measure.credentials import Credentials, Secrets

DETAILS = "spec.connectionDetails"
LONGEST = 60.0
"""Seconds that one request may take."""


def connection_of(spec: SourceSpec, secrets: Secrets) -> Connection:
    """How to speak to the server of a DataSource with a `url`. Secrets are asked for at the first
    request. Raises ConfigError."""
    details: Mapping[str, Any] = spec.details
    headers = details.get("headers", {})
    plain = {name: str(value) for name, value in headers.items() if not _named(value)}
    usual = Connection(str(details["url"]))
    return Connection(
        usual.url,
        _sound(spec, plain),
        Credentials(secrets, lambda told: _sound(spec, proofs(details, told))),
        details.get("caFile"),
        min(float(details.get("timeout", usual.timeout)), LONGEST),
        int(details.get("maxBytes", usual.max_bytes)),
    )


def unusable(spec: SourceSpec, ca_file: str | None, error: OSError) -> ConfigError:
    """What is told of a file of certificates that cannot be used."""
    problem = f"{ca_file} cannot be used: {error.strerror or error}."
    remedy = "Name a file of certificates in PEM form."
    return ConfigError([Fault(spec.where, f"{DETAILS}.caFile", problem, remedy)])


def proofs(details: Mapping[str, Any], secrets: Secrets) -> dict[str, str]:
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
        Fault(spec.where, DETAILS, f"{name} is sent as one line of ASCII text, and is none.")
        for name, value in headers.items()
        if not (value.isascii() and value.isprintable())
    ]
    if faults:
        raise ConfigError(faults)
    return headers
