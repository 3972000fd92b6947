"""What follows `/budget adjust` and `/budget adjustments`: from words to typed commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Wish
from bot.entrypoints.grammar_freeze import Form
from bot.entrypoints.plain import plain, visible
from bot.entrypoints.stretches import stretch
from bot.errors import UserError
from bot.flow.adjust.request import EXAMPLE, PutBack, TakeOut
from bot.flow.named import number_in

_REVERSE = "/budget adjust reverse {} it was ours after all"


@dataclass(frozen=True, slots=True)
class AdjustWords:
    """`/budget adjust <what> from … to … [cause] <reason>`, `/budget adjust reverse <no.> …`."""

    wanted: TakeOut | PutBack


@dataclass(frozen=True, slots=True)
class ReadAdjustments:
    """`/budget adjustments [service|team|all]`."""

    word: str = "all"


def adjust(words: Sequence[str], now: datetime, zone: str) -> Form | AdjustWords:
    """Understand what follows `/budget adjust`. Raises UserError with an example."""
    if not words:
        return Form(Wish.ADJUST)
    word, *rest = words
    if word.lower() == "reverse":
        return AdjustWords(_reverse(rest))
    try:
        start, end, size = stretch(rest, now, zone)
    except UserError as error:
        raise UserError(error.sentence, EXAMPLE) from None
    said = _reason(rest[size:], EXAMPLE)
    return AdjustWords(TakeOut(word, start, end, said))


def adjustments(words: Sequence[str]) -> ReadAdjustments:
    """Understand what follows `/budget adjustments`. Raises UserError."""
    if len(words) > 1:
        sentence = f"`adjustments` takes one service or team, not {len(words)}."
        raise UserError(sentence, f"/budget adjustments {words[0]}")
    return ReadAdjustments(words[0] if words else "all")


def _reverse(words: Sequence[str]) -> PutBack:
    number = number_in(words[0]) if words else None
    if number is None:
        said = f"`{words[0]}` is not the number of an adjustment." if words else "Which adjustment?"
        raise UserError(f"{said} `/budget adjustments` shows the numbers.", "/budget adjustments")
    return PutBack(number, _reason(words[1:], _REVERSE.format(number)))


def _reason(words: Sequence[str], example: str) -> str:
    said = plain(" ".join(words)).strip()
    if not visible(said):
        raise UserError("A reason is missing: others will read it.", example)
    return said
