"""What follows `/budget canary` and `/budget tasks`: from words to typed commands."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class ReadCanary:
    """`/budget canary <service>`."""

    service: str


@dataclass(frozen=True, slots=True)
class ReadTasks:
    """`/budget tasks [service|team|all]`."""

    word: str = "all"


def canary(words: Sequence[str]) -> ReadCanary:
    """Understand what follows `/budget canary`. Raises UserError."""
    if len(words) != 1:
        raise UserError("`canary` takes one service.", "/budget canary ranker")
    return ReadCanary(words[0])


def tasks(words: Sequence[str]) -> ReadTasks:
    """Understand what follows `/budget tasks`. Raises UserError."""
    if len(words) > 1:
        sentence = f"`tasks` takes one service or team, not {len(words)}."
        raise UserError(sentence, f"/budget tasks {words[0]}")
    return ReadTasks(words[0] if words else "all")
