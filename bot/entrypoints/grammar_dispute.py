"""What follows `/freeze dispute`: from words to a typed command."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.entrypoints.plain import plain, visible
from bot.errors import UserError

_WHY = "the budget was spent by a network outage"


@dataclass(frozen=True, slots=True)
class DisputeWords:
    """`/freeze dispute <freeze|scope> <reason>`."""

    word: str
    reason: str


def dispute(rest: Sequence[str]) -> DisputeWords:
    """Understand what follows. Raises UserError with an example."""
    if not rest:
        raise UserError("Which freeze do you dispute?", "/freeze list")
    example = f"/freeze dispute {rest[0]} {_WHY}"
    return DisputeWords(rest[0], said_why(rest[1:], "A reason", example))


def said_why(words: Sequence[str], what: str, example: str) -> str:
    """A reason or a finding. Raises UserError if nothing can be seen of it."""
    said = plain(" ".join(words)).strip().strip("\"'")
    if not visible(said):
        raise UserError(f"{what} is missing: others will read it.", example)
    return said
