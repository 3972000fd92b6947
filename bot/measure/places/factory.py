"""From a DataSource as written to a place that can be fetched from."""

from collections.abc import Callable

from bot.decide.catalog import SourceSpec
from bot.measure.api import Connection
from bot.measure.connecting import connection_of, unusable
from bot.measure.credentials import Secrets
from bot.measure.places.mlflow import MlflowPlace
from bot.measure.places.nannyml import NannymlPlace
from bot.measure.places.sql import SqlPlace
from bot.ports import Place


def build_place(
    spec: SourceSpec,
    secrets: Secrets,
    monotonic: Callable[[], float],
) -> Place | None:
    """The place that a DataSource names; None if its feeds are pushed. `secrets` gives the value
    behind a name and is asked at the first request only. Raises ConfigError."""
    if spec.kind == "sql":
        return SqlPlace(spec.name, spec.details, secrets, monotonic)
    if spec.kind == "nannyml":
        return NannymlPlace(spec.name, spec.details, secrets, monotonic)
    if spec.kind == "mlflow":
        return _web(spec, lambda to: MlflowPlace(spec.name, spec.details, to, monotonic), secrets)
    return None


def _web(spec: SourceSpec, make: Callable[[Connection], Place], secrets: Secrets) -> Place:
    connection = connection_of(spec, secrets)
    try:
        return make(connection)
    except OSError as error:  # ssl.SSLError is one
        raise unusable(spec, connection.ca_file, error) from error
