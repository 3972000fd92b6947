"""What follows `/override`: from words to typed commands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.decide.approval import Wish
from bot.decide.change import ChangeKind
from bot.entrypoints.grammar_dispute import said_why
from bot.entrypoints.grammar_freeze import Form
from bot.entrypoints.plain import plain
from bot.errors import UserError
from bot.flow.named import number_in


@dataclass(frozen=True, slots=True)
class OverrideWords:
    """`/override <service> <version|commit> [kind] [ticket] <reason>`."""

    service: str
    release: str
    reason: str
    kind: ChangeKind = ChangeKind.OTHER
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class GlassWords:
    """`/override break-glass <service> <version|commit> <incident> <reason>`."""

    service: str
    release: str
    incident: str
    reason: str


@dataclass(frozen=True, slots=True)
class OverridesOf:
    """`/override list [service|team|all]`."""

    word: str = "all"


@dataclass(frozen=True, slots=True)
class OpenReviews:
    """`/override reviews`."""


@dataclass(frozen=True, slots=True)
class CancelWords:
    """`/override cancel <number>`."""

    number: int


@dataclass(frozen=True, slots=True)
class RevokeWords:
    """`/override revoke <number> <reason>`."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """`/override review <number> <finding>`."""

    number: int
    finding: str


Asking = OverrideWords | GlassWords | CancelWords | RevokeWords | ReviewWords
Looking = OverridesOf | OpenReviews

EXAMPLE = "/override ranker 38 bug-fix ML-12 version 37 loses clicks"
EXAMPLES = {
    "break-glass": "/override break-glass ranker 38 INC-7 nobody gets results",
    "list": "/override list ranker",
    "reviews": "/override reviews",
    "cancel": "/override cancel 7",
    "revoke": "/override revoke 7 the fix was wrong",
    "review": "/override review 7 it was right: the network was down",
}
_KINDS = {str(kind): kind for kind in ChangeKind}
_TICKET = re.compile(r"[A-Z][A-Z0-9_]*-\d+|#\d+|https?://\S+")
_MOST = 200
"""Characters of a ticket, or of an incident's reference."""


def override(words: Sequence[str]) -> Form | Asking | Looking:
    """Understand what follows `/override`. Raises UserError with an example."""
    if not words:
        return Form(Wish.OVERRIDE)
    verb, rest = words[0].lower(), words[1:]
    match verb:
        case "list":
            return _list(rest)
        case "reviews":
            return OpenReviews()
        case "cancel":
            return CancelWords(_number(rest))
        case "revoke":
            number = _number(rest)
            return RevokeWords(number, said_why(rest[1:], "A reason", _about(verb, number)))
        case "review":
            number = _number(rest)
            return ReviewWords(number, said_why(rest[1:], "A finding", _about(verb, number)))
        case "break-glass":
            return _glass(rest)
        case _:
            return _ask(words)


def _ask(words: Sequence[str]) -> OverrideWords:
    if len(words) < 2:
        near = get_close_matches(words[0].lower(), EXAMPLES, n=1, cutoff=0.7)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        example = EXAMPLES[near[0]] if near else EXAMPLE
        raise UserError(f"Which release of `{words[0]}`, and why?{hint}", example)
    service, release, *rest = words
    kind = _KINDS.get(rest[0].lower().replace("_", "-")) if rest else None
    if kind is not None:
        rest = rest[1:]
    ticket = rest[0] if rest and _TICKET.fullmatch(rest[0]) else ""
    reason = said_why(rest[1:] if ticket else rest, "A reason", EXAMPLE)
    return OverrideWords(service, release, reason, kind or ChangeKind.OTHER, ticket[:_MOST])


def _glass(rest: Sequence[str]) -> GlassWords:
    example = EXAMPLES["break-glass"]
    if len(rest) < 3:
        raise UserError("Which release of which service, for which incident, and why?", example)
    service, release, incident, *words = rest
    if not any(letter.isdecimal() for letter in incident):
        sentence = f"`{incident}` is not the reference of an incident: it stands before the reason."
        raise UserError(sentence, example)
    return GlassWords(
        service, release, plain(incident)[:_MOST], said_why(words, "A reason", example)
    )


def _list(rest: Sequence[str]) -> OverridesOf:
    if len(rest) > 1:
        sentence = f"`list` takes one service or team, not {len(rest)}."
        raise UserError(sentence, f"/override list {rest[0]}")
    return OverridesOf(rest[0]) if rest else OverridesOf()


def _about(verb: str, number: int) -> str:
    """The usual example about the override that was named, not about somebody else's."""
    return EXAMPLES[verb].replace(" 7 ", f" {number} ", 1)


def _number(rest: Sequence[str]) -> int:
    found = number_in(rest[0]) if rest else None
    if found is None:
        said = f"`{rest[0]}` is not the number of an override." if rest else "Which override?"
        raise UserError(f"{said} `/override list` shows the numbers.", "/override list")
    return found
