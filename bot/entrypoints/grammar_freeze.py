"""What follows `/freeze` and `/unfreeze`: from words to typed commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from bot.decide.approval import Wish
from bot.decide.freeze import Ending
from bot.entrypoints.beginning import refuse_later
from bot.entrypoints.grammar_dispute import DisputeWords, dispute
from bot.entrypoints.moments import duration, moment
from bot.entrypoints.plain import plain, visible
from bot.errors import UserError
from bot.flow.named import number_in


@dataclass(frozen=True, slots=True)
class Form:
    """`/freeze` or `/unfreeze` without words: open the modal."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class AskWords:
    """`/freeze <scope> [for 2h | until fri 17:00] <reason>`, `/unfreeze <scope|no.> <reason>`."""

    wish: Wish
    word: str
    reason: str
    until: Ending | None = None


@dataclass(frozen=True, slots=True)
class ListFreezes:
    """`/freeze list [scope]`."""

    word: str = "all"


@dataclass(frozen=True, slots=True)
class PreviewFreeze:
    """`/freeze preview <scope> [for 2h | until fri 17:00]`."""

    word: str
    until: Ending | None = None


@dataclass(frozen=True, slots=True)
class EditWords:
    """`/freeze edit <number> for 2h | until fri 17:00 | until lifted <why>`, `… reason <words>`."""

    number: int
    why: str
    until: Ending | None = None
    """None: until somebody lifts it."""
    reason_only: bool = False


EXAMPLES = {
    "/freeze": "/freeze ranker for 2h version 38 looks wrong",
    "/unfreeze": "/unfreeze ranker version 38 is rolled back",
    "preview": "/freeze preview ranker",
}
_EDIT = "/freeze edit {} for 4h the fix takes longer"
LIFTED = "lifted"
"""An end that is none: `until lifted`."""
_LONGEST = 80
"""Characters of a word that an answer repeats."""
_CHANGES = ("for", "until", "reason")


def freeze(
    words: Sequence[str], now: datetime, zone: str
) -> Form | AskWords | ListFreezes | PreviewFreeze | EditWords | DisputeWords:
    """Understand what follows `/freeze`. Raises UserError with an example."""
    if not words:
        return Form(Wish.FREEZE)
    first, *rest = words
    match first.lower():
        case "list":
            return _list(rest)
        case "preview":
            return _preview(rest, now, zone)
        case "edit":
            return _edit(rest, now, zone)
        case "dispute":
            return dispute(rest)
        case _:
            example = _about(first, "/freeze")
            until, left = ending(rest, now, zone, example)
            refuse_later(left, now, zone, f"/freeze {first}")
            return AskWords(Wish.FREEZE, first, reason(left, example), until)


def unfreeze(words: Sequence[str]) -> Form | AskWords:
    """Understand what follows `/unfreeze`. Raises UserError with an example."""
    if not words:
        return Form(Wish.UNFREEZE)
    word, *rest = words
    return AskWords(Wish.UNFREEZE, word, reason(rest, _about(word, "/unfreeze")))


def ending(
    rest: Sequence[str], now: datetime, zone: str, example: str
) -> tuple[Ending | None, Sequence[str]]:
    """The end that the words begin with, if they do, and what is left of them; None also for
    `until lifted`. Raises UserError with the `example`, or with lengths and times."""
    opener = rest[0].lower() if rest else ""
    if opener == "for":
        if len(rest) < 2:
            raise UserError("For how long?", example)
        return duration(rest[1]), rest[2:]
    if opener == "until" and [word.lower() for word in rest[1:2]] == [LIFTED]:
        return None, rest[2:]
    if opener == "until":
        found, size = moment(rest[1:3], now, zone)
        return found, rest[1 + size :]
    return None, rest


def reason(words: Sequence[str], example: str) -> str:
    """Why. Raises UserError if nothing can be seen of it."""
    said = plain(" ".join(words)).strip().strip("\"'")
    if not visible(said):
        raise UserError("A reason is missing: others will read it.", example)
    return said


def _about(word: str, command: str) -> str:
    """The usual example about what was typed: about another service it would be dangerous."""
    named = word if len(word) <= _LONGEST else "<scope>"
    return EXAMPLES[command].replace("ranker", named, 1)


def _list(rest: Sequence[str]) -> ListFreezes:
    if len(rest) > 1:
        sentence = f"`list` takes one service or team, not {len(rest)}."
        raise UserError(sentence, f"/freeze list {rest[0]}")
    return ListFreezes(rest[0] if rest else "all")


def _preview(rest: Sequence[str], now: datetime, zone: str) -> PreviewFreeze:
    """A reason may follow, as in the command that would set it; nothing is done with it."""
    if not rest:
        raise UserError("A preview of what?", EXAMPLES["preview"])
    command = f"/freeze preview {rest[0]}"
    until, left = ending(rest[1:], now, zone, f"{command} for 2h")
    refuse_later(left, now, zone, command)
    return PreviewFreeze(rest[0], until)


def _edit(rest: Sequence[str], now: datetime, zone: str) -> EditWords:
    found = number_in(rest[0]) if rest else None
    if found is None:
        said = f"`{rest[0]}` is not the number of a freeze." if rest else "Which freeze?"
        raise UserError(f"{said} `/freeze list` shows the numbers.", "/freeze list")
    example = _EDIT.format(found)
    change = rest[1].lower() if len(rest) > 1 else ""
    if change == "reason":
        return EditWords(found, reason(rest[2:], example), reason_only=True)
    if change in _CHANGES:
        until, left = ending(rest[1:], now, zone, example)
        return EditWords(found, reason(left, example), until)
    raise _unknown(rest[1] if len(rest) > 1 else "", example)


def _unknown(word: str, example: str) -> UserError:
    near = get_close_matches(word.lower(), _CHANGES, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    what = f"`edit` does not know `{word}`." if word else "Edit what of it?"
    return UserError(f"{what}{hint} There is `for`, `until` and `reason`.", example)
