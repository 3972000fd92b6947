"""What follows `/budget releases`, `/budget released` and `/release note`: from words to typed
commands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from bot.decide.change import ChangeKind, read_release
from bot.decide.noted import Word
from bot.decide.release import NoteKind
from bot.entrypoints.stretches import instant
from bot.errors import UserError

EXAMPLE = "/budget released ranker 38 share 10% at 10:04"
NOTE = "/release note ranker 38 share 10% at 10:04"
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%|([01](?:\.\d{1,6})?)")
_KINDS = {
    "announced": NoteKind.ANNOUNCED,
    "began": NoteKind.BEGAN,
    "live": NoteKind.BEGAN,
    "ended": NoteKind.ENDED,
    "failed": NoteKind.FAILED,
    "rolled back": NoteKind.ROLLED_BACK,
    "rolled-back": NoteKind.ROLLED_BACK,
}


@dataclass(frozen=True, slots=True)
class ReadReleases:
    """`/budget releases [service|team|all] [page]`."""

    word: str = "all"
    page: int = 1


@dataclass(frozen=True, slots=True)
class ReleasedWords:
    """`/budget released <service> <version> [share 10%|ended|rolled back|failed] [at …]`."""

    said: Word


def releases(words: Sequence[str]) -> ReadReleases:
    """Understand what follows `/budget releases`. Raises UserError."""
    page = int(words[-1][:9]) if len(words) == 2 and words[-1].isdecimal() else None
    rest = words[:-1] if page is not None else words
    if len(rest) > 1:
        sentence = f"`releases` takes one service or team, not {len(rest)}."
        raise UserError(sentence, f"/budget releases {rest[0]}")
    return ReadReleases(rest[0] if rest else "all", page or 1)


def released(words: Sequence[str], now: datetime, zone: str) -> ReleasedWords:
    """Understand what follows `/budget released`; times are meant in `zone`. Raises UserError with
    an example."""
    if len(words) < 2:
        raise UserError("Which version of which service?", EXAMPLE)
    service, version, *rest = words
    low = [word.lower() for word in rest]
    cut = low.index("at") if "at" in low else len(low)
    at = _moment(rest[cut + 1 :], now, zone) if cut < len(low) else None
    try:
        change = read_release(service, version, ChangeKind.OTHER)
    except UserError as error:
        raise UserError(error.sentence, EXAMPLE) from None
    known = Word(service, change.version, NoteKind.BEGAN, at, None, change.commit, change.digest)
    return ReleasedWords(_become(known, low[:cut]))


def note(words: Sequence[str], now: datetime, zone: str) -> ReleasedWords:
    """Understand what follows `/release`: `note`, and then as after `/budget released`. Raises
    UserError with an example."""
    if not words or words[0].lower() != "note":
        raise UserError("`/release` takes `note`, and then what was released.", NOTE)
    try:
        return released(words[1:], now, zone)
    except UserError as error:
        raise UserError(error.sentence, NOTE) from None


def _moment(words: Sequence[str], now: datetime, zone: str) -> datetime:
    try:
        at, size = instant(words, now, zone)
    except UserError as error:
        raise UserError(error.sentence, EXAMPLE) from None
    if size < len(words):
        raise UserError(f"I do not understand `{' '.join(words[size:])}`.", EXAMPLE)
    return at


def _become(known: Word, words: Sequence[str]) -> Word:
    if not words:
        return known
    if words[0] == "share":
        return replace(known, kind=NoteKind.SHARE, share=_share(" ".join(words[1:])))
    kind = _KINDS.get(" ".join(words))
    if kind is None:
        sentence = f"I do not understand `{' '.join(words)}`: `share 10%`, `ended`, `rolled back`?"
        raise UserError(sentence, EXAMPLE)
    return replace(known, kind=kind)


def _share(text: str) -> Fraction:
    found = _SHARE.fullmatch(text)
    share = Fraction(found[1]) / 100 if found and found[1] else Fraction(found[2] if found else -1)
    if not 0 <= share <= 1:
        raise UserError(f"`{text}` is no share of the traffic.", EXAMPLE)
    return share
