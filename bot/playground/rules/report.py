"""The faults found in a payload, each with the JSON pointer of its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.model import Json


@dataclass(frozen=True)
class Flaw:
    pointer: str
    message: str
    code: str = "failed_constraint"

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass
class Report:
    flaws: list[Flaw] = field(default_factory=list)

    def add(self, pointer: str, message: str, code: str = "failed_constraint") -> None:
        self.flaws.append(Flaw(pointer, message, code))

    def messages(self) -> list[str]:
        return [str(flaw) for flaw in self.flaws]

    # Each check says whether the value can be looked into further.

    def is_object(self, at: str, value: Any) -> bool:
        if isinstance(value, dict):
            return True
        self.add(at, "must be an object", "invalid_type")
        return False

    def is_list(self, at: str, value: Any, most: int, least: int = 1) -> bool:
        if not isinstance(value, list):
            self.add(at, "must be an array", "invalid_type")
            return False
        if len(value) > most:
            self.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(at, f"no less than {least} items allowed")
        return True

    def is_string(self, at: str, value: Any, most: int, least: int = 1) -> bool:
        if not isinstance(value, str):
            self.add(at, "must be a string", "invalid_type")
            return False
        if len(value) > most:
            self.add(at, f"must be less than {most + 1} characters")
        if len(value) < least:
            self.add(at, f"must be more than {least - 1} characters")
        return True

    def is_between(self, at: str, value: Any, low: int, high: int) -> None:
        if not isinstance(value, int) or not low <= value <= high:
            self.add(at, f"must be between {low} and {high}")

    def is_flag(self, at: str, value: Any) -> None:
        if not isinstance(value, bool):
            self.add(at, "must be a boolean", "invalid_type")

    def is_one_of(self, at: str, value: Any, allowed: Iterable[str]) -> bool:
        if value in (known := sorted(allowed)):
            return True
        self.add(at, f"must be one of: {', '.join(known)}", "invalid_value")
        return False

    def has_fields(self, at: str, value: Json, required: str, optional: str) -> None:
        """Name the fields that are missing and those that Slack does not know."""
        must = required.split()
        for name in must:
            if name not in value:
                self.add(at, f"missing required field: {name}", "missing_field")
        known = {"type", *must, *optional.split()}
        for name in value:
            if name not in known:
                self.add(at, f"invalid additional property: {name}", "additional_property")

    def no_twins(self, names: Iterable[tuple[str, Any]], what: str) -> None:
        seen: set[str] = set()
        for at, name in names:
            if not isinstance(name, str):
                continue
            if name in seen:
                self.add(at, f"{what} already exists: {name}", "duplicate")
            seen.add(name)
