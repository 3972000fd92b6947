"""What MLflow's REST API answers with, as far as scores need it. Pure. Source of the wire format:
mlflow.org/docs/latest/rest-api."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from sys import float_info
from typing import Any

from bot.errors import SourceError
from bot.measure.places.row import Unfit

MAX_DOUBLE = float_info.max


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a metric."""

    value: float
    at: int
    """Milliseconds since 1970."""
    step: int

    @property
    def scored(self) -> bool:
        """Whether a number was logged. An infinite one comes back as the greatest double there is,
        for no database column holds it."""
        return isfinite(self.value) and abs(self.value) < MAX_DOUBLE


def version_of(wanted: Mapping[str, Any], tags: Mapping[str, Any]) -> str:
    """The declared one, or what the named tag says. Raises Unfit."""
    found = wanted.get("version", "")
    if isinstance(found, str):
        return found
    said = tags.get(found["tag"])
    if said is None:
        raise Unfit(f"tag {found['tag']} is missing from a run: it should say the version")
    return str(said)


def number_of(said: Any, name: str) -> float:
    """How many samples there were. Raises Unfit."""
    try:
        return float(said)
    except (TypeError, ValueError):
        raise Unfit(f"{name} says no number of samples in a run with a score") from None


def point_of(row: Mapping[str, Any]) -> Point:
    """Raises SourceError."""
    try:
        return Point(float(row["value"]), int(row["timestamp"]), int(row.get("step", 0)))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise odd("metrics[].value, .timestamp, .step") from None


def table_of(said: Any, where: str) -> Mapping[str, Any]:
    """An object. Raises SourceError."""
    if not isinstance(said, Mapping):
        raise odd(where or "an object")
    return said


def rows_of(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list, none where it is left out. Raises SourceError."""
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise odd(f"{name}[]")
    return found


def odd(what: str) -> SourceError:
    """Somebody else answers there."""
    return SourceError(f"answered with JSON that is not MLflow's ({what}); check its url")
