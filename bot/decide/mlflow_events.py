"""What MLflow's webhooks say of aliases. Pure: JSON in, facts out. It has none for stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.decide.github_events import Malformed


@dataclass(frozen=True, slots=True)
class Moved:
    """An alias of a registered model stands at a version."""

    model: str
    alias: str
    version: str


def read_move(said: Mapping[str, Any]) -> Moved | None:
    """None for anything but an alias that was set. Raises Malformed."""
    if (said.get("entity"), said.get("action")) != ("model_version_alias", "created"):
        return None
    try:
        data = said["data"]
        found = Moved(str(data["name"]), str(data["alias"]), str(data["version"]))
    except (KeyError, TypeError) as error:
        raise Malformed(f"a model_version_alias without {error}") from error
    return found
