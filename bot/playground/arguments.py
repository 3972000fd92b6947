"""Arguments of a Web API call: form fields or JSON, read strictly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.playground.model import Json, SlackError

# Bolt puts `team_id` on every call of its client.
_UNIVERSAL = frozenset({"token", "pretty", "team_id"})


@dataclass(frozen=True)
class Args:
    values: Json

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, (str, int, float)):
            return str(value)
        raise _wrong(name, "must be a string")

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        return str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(str(value))
        except ValueError:
            raise _wrong(name, "must be an integer") from None
        if not 1 <= number <= most:
            raise SlackError("invalid_limit")
        return number

    def structure(self, name: str, refusal: str) -> Any:
        """A list or an object, given as JSON or as its text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(refusal) from None


def check(values: Json, required: frozenset[str], optional: frozenset[str]) -> Args:
    """The arguments of a method, or its refusal of a missing or unknown one."""
    flaws = [
        f"missing required field: {name}"
        for name in sorted(required)
        if values.get(name) in (None, "")
    ]
    known = required | optional | _UNIVERSAL
    flaws += [f"unknown argument: {name}" for name in sorted(values) if name not in known]
    if flaws:
        raise SlackError("invalid_arguments", messages=flaws)
    return Args({name: value for name, value in values.items() if name not in _UNIVERSAL})


def _wrong(name: str, message: str) -> SlackError:
    return SlackError("invalid_arguments", messages=[f"{message} [json-pointer:/{name}]"])
