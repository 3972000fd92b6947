"""What follows `/budget tradeoff`: a service, a version, and changes that people know already."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bot.errors import UserError
from bot.judge.stake import Change

EXAMPLE = "/budget tradeoff ranker 38"
_TRADEOFF = "/budget tradeoff"
_POINTS = re.compile(r"([+\-−]?)(\d{1,3}(?:\.\d{1,6})?)(?:(?:±|\+/?-)(\d{1,3}(?:\.\d{1,6})?))?%?")
_MARK = re.compile(r"--|[\u2013\u2014]-?")
"""Before the name of an objective. Keyboards make one dash of two."""


@dataclass(frozen=True, slots=True)
class WeighTradeoff:
    """`/budget tradeoff <service> <version> [--<objective> ±points …]`."""

    service: str
    version: str
    changes: Mapping[str, Change] = field(default_factory=dict)
    """By objective, how its rate of bad events changes."""


def tradeoff(words: Sequence[str]) -> WeighTradeoff:
    """Understand what follows. Figures are percentage points of the good share, as objectives are
    said: `--accuracy +1.5±0.2` is 1.5 points more right answers. Raises UserError."""
    parts = [part for word in words for part in _split(word)]
    if len(parts) < 2 or parts[0].startswith("-") or _MARK.match(parts[1]):
        raise UserError("Which version of which service?", EXAMPLE)
    service, version, *rest = parts
    names, figures = rest[::2], rest[1::2]
    if len(names) > len(figures):
        sentence = f"By how many points does `{names[-1]}` change?"
        raise UserError(sentence, f"{_TRADEOFF} {service} {version} {names[-1]} +1.5±0.2")
    changes: dict[str, Change] = {}
    for marked, said in zip(names, figures, strict=True):
        name = marked.lstrip("-\u2013\u2014")
        if name in changes:
            sentence = f"`{name}` is given twice. By how many points does it change?"
            raise UserError(sentence, f"{_TRADEOFF} {service} {version} --{name} +1.5±0.2")
        changes[name] = _change(said, f"{_TRADEOFF} {service} {version} --{name} +1.5±0.2")
    return WeighTradeoff(service, version, changes)


def _split(word: str) -> list[str]:
    """`--accuracy=+1.5` is two words."""
    name, equals, value = word.partition("=")
    return [name, value] if equals and _MARK.match(name) else [word]


def _change(text: str, example: str) -> Change:
    found = _POINTS.fullmatch(text)
    if found is None:
        sentence = f"`{text}` is no change in percentage points, as in +1.5±0.2."
        raise UserError(sentence, example)
    sign, middle, half = found.groups()
    better = Fraction(middle) * (-1 if sign in ("-", "−") else 1) / 100
    spread = Fraction(half or 0) / 100
    if abs(better) + spread > 1:
        raise UserError(f"`{text}`: no share changes by more than 100 points.", example)
    return Change(-better, -better - spread, -better + spread)
