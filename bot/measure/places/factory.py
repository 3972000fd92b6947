"""From a DataSource as written to a place that can be fetched from."""

from collections.abc import Callable
from pathlib import Path

from bot.decide.catalog import SourceSpec
from bot.measure.api import Connection
from bot.measure.connecting import connection_of, unusable
from bot.measure.credentials import Secrets
from bot.measure.places.asking import TIMEOUT, Asking
from bot.measure.places.documents import Address, Folder
from bot.measure.places.evidently import EvidentlyPlace
from bot.measure.places.mlflow import MlflowPlace
from bot.measure.places.nannyml import NannymlPlace
from bot.measure.places.rest import Rest
from bot.measure.places.sql import SqlPlace
from bot.ports import Place


def build_place(
    spec: SourceSpec,
    secrets: Secrets,
    monotonic: Callable[[], float],
    base: Path | None = None,
) -> Place | None:
    """The place that a DataSource names; None if its feeds are pushed. `secrets` gives the value
    behind a name and is asked at the first request only, `base` is the folder of a relative path
    that leads nowhere from here. Raises ConfigError."""
    if spec.kind == "sql":
        return SqlPlace(spec.name, spec.details, secrets, monotonic)
    if spec.kind == "nannyml":
        return NannymlPlace(spec.name, spec.details, secrets, monotonic)
    if spec.kind == "mlflow":
        return _web(spec, lambda to: MlflowPlace(spec.name, spec.details, to, monotonic), secrets)
    if spec.kind == "evidently":
        return _evidently(spec, secrets, monotonic, base)
    return None


def _evidently(
    spec: SourceSpec, secrets: Secrets, monotonic: Callable[[], float], base: Path | None
) -> Place:
    asking = Asking(spec.name, monotonic, float(str(spec.details.get("timeout", TIMEOUT))))
    if "path" in spec.details:
        path = Path(str(spec.details["path"]))
        if base is not None and not path.is_absolute() and not path.exists():
            path = base / path
        return EvidentlyPlace(spec.name, spec.details, Folder(path), asking)

    def make(to: Connection) -> Place:
        return EvidentlyPlace(spec.name, spec.details, Address(Rest(to, monotonic)), asking)

    return _web(spec, make, secrets)


def _web(spec: SourceSpec, make: Callable[[Connection], Place], secrets: Secrets) -> Place:
    connection = connection_of(spec, secrets)
    try:
        return make(connection)
    except OSError as error:  # ssl.SSLError is one
        raise unusable(spec, connection.ca_file, error) from error
