"""Examples that work for whoever typed a line: their own words with the right one put in, and
services that there are."""

import re
from collections.abc import Collection

from bot.errors import Unplaced, UserError

_STAND_IN = re.compile(r"(?<![\w:./@-])ranker(?![\w:./@-])")
"""The service of the examples in the code."""
_LONGEST = 300
_ACTS = re.compile(
    r"(?:/|burnban )(?:budget )?(?:freeze(?! +(?:list|preview)\b)|unfreeze|adjust|released?|note"
    r"|override(?! +(?:list|reviews)\b))(?![\w-])"
)
"""Commands that change something: pasted with a wrong name they would do it to others."""
_ANY = "<service>"
_NAMES = "/budget status"


def mended(error: UserError, line: str, services: Collection[str]) -> UserError:
    """The same error with an example that works: the `line` as it was typed, but for the word that
    means nothing; or the usual example about a service that there is. What changes something is
    shown about nothing that the line does not name, or nearly."""
    if isinstance(error, Unplaced):
        guessed = _ACTS.match(line) and not error.near
        return UserError(error.sentence, _NAMES if guessed else _corrected(line, error))
    return UserError(error.sentence, at_home(error.example, services, line))


def at_home(example: str, services: Collection[str], line: str = "") -> str:
    """An example about a service of this house: the one that `line` names, or the first. Where the
    line names none, what changes something is about none."""
    named = next((word for word in line.split() if word in services), "")
    name = named or (_ANY if line and _ACTS.match(example) else min(services, default=""))
    return _STAND_IN.sub(lambda _: name, example) if name else example


def _corrected(line: str, error: Unplaced) -> str:
    words = line.split()
    if len(line) > _LONGEST:
        return error.example
    for place, word in enumerate(words):
        if word == error.word:
            return " ".join([*words[:place], error.example, *words[place + 1 :]])
        if word.endswith(f":{error.word}"):  # its kind stands before it
            kind = "" if ":" in error.example else word[: -len(error.word)]
            return " ".join([*words[:place], kind + error.example, *words[place + 1 :]])
    return error.example
