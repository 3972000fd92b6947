"""Single values: names, numbers, shares, durations, words. Each reader notes its own fault."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from bot.spec.nodes import Scalar
from bot.spec.spot import Spot, kind_of, listing, nearest, shorten

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}")
_NUMBER = re.compile(r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,2})?")
_DURATION = re.compile(r"(\d{1,9})([smhdwMQY])")
_GRAMMAR = ("all", "for", "until", "list", "preview", "edit")
"""Words of the commands: a service or team of that name could not be named."""
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def text(spot: Spot) -> str | None:
    """Any text but an empty one."""
    if not isinstance(spot.node, Scalar):
        spot.fault(f"A text belongs here, not {kind_of(spot.node)}.")
        return None
    if not spot.node.text.strip():
        spot.fault("This text is empty.")
        return None
    return spot.node.text


def name(spot: Spot) -> str | None:
    """The name of something."""
    found = text(spot)
    if found is not None and not _NAME.fullmatch(found):
        spot.fault(
            f"`{shorten(found)}` is not a name.",
            "Use letters, digits and . _ - : / @, up to 128, beginning with a letter or digit.",
        )
        return None
    return found


def owner_name(spot: Spot) -> str | None:
    """The name of a service or team: people type it in commands, and it begins objectives' ids."""
    found = name(spot)
    if found is None:
        return None
    if "/" in found or found.startswith(("team:", "service:")):
        spot.fault(
            f"`{found}` cannot name a service or team.", "Leave out `/`, `team:`, `service:`."
        )
        return None
    if found.lower() in _GRAMMAR:
        spot.fault(f"`{found}` is a word of the commands.", f"Choose another: `{found}-service`.")
        return None
    return found


def several(spot: Spot, how: Callable[[Spot], T | None]) -> tuple[T, ...]:
    """A list of values read alike, or one value alone."""
    spots = [spot] if isinstance(spot.node, Scalar) else listing(spot)
    return tuple(value for item in spots if (value := how(item)) is not None)


def flag(spot: Spot) -> bool | None:
    """true or false."""
    if isinstance(spot.node, Scalar) and spot.node.plain:
        found = {"true": True, "false": False}.get(spot.node.text.lower())
        if found is not None:
            return found
    spot.fault(f"`true` or `false` belongs here, not {kind_of(spot.node)}.")
    return None


def number(spot: Spot) -> Fraction | None:
    """A number, exactly as written."""
    node = spot.node
    if isinstance(node, Scalar) and _NUMBER.fullmatch(node.text):
        if node.plain:
            return Fraction(node.text)
        spot.fault(f'"{node.text}" is a text.', f"Write the number without quotes: {node.text}.")
        return None
    spot.fault(f"A number belongs here, not {kind_of(node)}.", "Write it like 0.5 or 500.")
    return None


def whole(least: int, most: int) -> Callable[[Spot], int | None]:
    """A whole number between two others."""

    def read(spot: Spot) -> int | None:
        found = number(spot)
        if found is None:
            return None
        if found.denominator != 1 or not least <= found <= most:
            spot.fault(f"A whole number from {least:,} to {most:,} belongs here.")
            return None
        return int(found)

    return read


def positive(spot: Spot) -> Fraction | None:
    """A number above 0."""
    found = number(spot)
    if found is not None and found <= 0:
        spot.fault("A number above 0 belongs here.")
        return None
    return found


def share(spot: Spot) -> Fraction | None:
    """A share of the budget from 0 to 1, as `2%` or as `0.02`."""
    node = spot.node
    if isinstance(node, Scalar) and node.text.rstrip().endswith("%"):
        figure = node.text.rstrip()[:-1].strip()
        found = Fraction(figure) / 100 if _NUMBER.fullmatch(figure) else None
        if found is None:
            spot.fault(f"`{shorten(node.text)}` is not a share.", "Write it like 2% or 0.02.")
            return None
    else:
        found = number(spot)
    if found is not None and not 0 <= found <= 1:
        spot.fault("A share lies between 0% and 100%.", "Write it like 2% or 0.02.")
        return None
    return found


def duration(units: str = "smhdw", *, zero: bool = False) -> Callable[[Spot], int | None]:
    """A length of time in seconds: a whole number and one letter of `units`."""

    def read(spot: Spot) -> int | None:
        parts = _DURATION.fullmatch(spot.node.text) if isinstance(spot.node, Scalar) else None
        if parts is None or parts[2] not in units:
            letters, like = ", ".join(units), "5m" if "m" in units else f"7{units[-2]}"
            problem = f"A duration belongs here, not {kind_of(spot.node)}."
            spot.fault(problem, f"Write a whole number and one of {letters}: {like}.")
            return None
        found = int(parts[1]) * SECONDS[parts[2]]
        if found == 0 and not zero:
            spot.fault("A duration must be longer than 0.")
            return None
        if found > 400 * SECONDS["d"]:
            spot.fault("Nothing is kept for longer than 400 days.", "Write at most 400d.")
            return None
        return found

    return read


def choice(words: Mapping[str, T]) -> Callable[[Spot], T | None]:
    """One of some words."""

    def read(spot: Spot) -> T | None:
        found = text(spot)
        if found is not None and found not in words:
            spot.fault(f"`{shorten(found)}` is none of the words for this.", nearest(found, words))
            return None
        return None if found is None else words[found]

    return read


def spell(seconds: int) -> str:
    """Seconds as a duration to paste: the largest unit that divides them."""
    for unit in ("d", "h", "m"):
        if seconds % SECONDS[unit] == 0:
            return f"{seconds // SECONDS[unit]}{unit}"
    return f"{seconds}s"


def percent(value: Fraction) -> str:
    """A share as a percentage to paste."""
    return f"{float(value * 100):.6g}%"
