"""A value in its place: what is read, and where a fault about it points to."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from bot.errors import Fault
from bot.spec.nodes import Listing, Node, Scalar, Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spot:
    """A value, its file, its line (that of its field's name) and its path; faults are collected."""

    node: Node
    file: str
    line: int
    path: str
    faults: list[Fault]

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"

    @property
    def null(self) -> bool:
        """Whether nothing is written there."""
        return isinstance(self.node, Scalar) and self.node.null

    def fault(self, problem: str, remedy: str = "") -> None:
        """Something is wrong here."""
        self.faults.append(Fault(self.where, self.path, problem, remedy))

    def at(self, node: Node, line: int, step: str) -> "Spot":
        """A value below this one."""
        path = step if not self.path else f"{self.path}{'' if step[0] == '[' else '.'}{step}"
        return Spot(node, self.file, line, path, self.faults)


def itself(spot: Spot) -> Spot:
    """Reads nothing: the Spot of a field, for Record.need."""
    return spot


class Record:
    """The fields of a mapping, looked up by name; a field without a value counts as absent."""

    def __init__(self, spot: Spot, fields: Mapping[str, Spot]) -> None:
        self.spot = spot
        self._fields = fields
        self._misspelt: set[str] = set()

    def get(self, name: str) -> Spot | None:
        """The field, None if it is absent or empty."""
        found = self._fields.get(name)
        return None if found is None or found.null else found

    def read(self, name: str, how: Callable[[Spot], T | None]) -> T | None:
        """The field's value; None if it is absent, or faulty (then the fault is noted)."""
        found = self.get(name)
        return None if found is None else how(found)

    def need(self, name: str, how: Callable[[Spot], T | None], example: str = "") -> T | None:
        """The same for a field that must be there."""
        found = self._fields.get(name)
        remedy = f"Write {example}." if example else ""
        if found is None:
            if name not in self._misspelt:  # that has its fault already
                self.spot.fault(f"The field `{name}` is missing.", remedy)
            return None
        if found.null:
            found.fault("Nothing is written here.", remedy)
            return None
        return how(found)

    def refuse_others(self, known: Collection[str], told: Collection[str] = ()) -> None:
        """Fields that are not known are faults, with the nearest that is; those in `told` have
        their fault already."""
        for name, field in self._fields.items():
            if name in known or name in told:
                continue
            field.fault(f"There is no field `{shorten(name)}` here.", nearest(name, known))
            self._misspelt |= {near for near in [close(name, known)] if near is not None}

    @property
    def names(self) -> list[str]:
        """The names of all fields, also of those without a value."""
        return list(self._fields)

    def items(self) -> list[tuple[str, Spot]]:
        """All fields with a value."""
        return [(name, spot) for name, spot in self._fields.items() if not spot.null]


def table(spot: Spot) -> Record | None:
    """A mapping with whatever fields; None, with a fault, if it is none. A field that stands there
    twice is a fault."""
    if not isinstance(spot.node, Table):
        spot.fault(f"A mapping of fields belongs here, not {kind_of(spot.node)}.")
        return None
    fields: dict[str, Spot] = {}
    for key, node in spot.node.entries:
        step = key.text if key.text and key.text[0] != "[" else f"[{key.text}]"
        found = spot.at(node, key.line, step)
        if key.text in fields:
            first = fields[key.text].line
            found.fault(f"`{key.text}` stands here twice (first in line {first}).", "Keep one.")
        fields[key.text] = found
    return Record(spot, fields)


def record(spot: Spot, *known: str, refused: Mapping[str, str] | None = None) -> Record | None:
    """A mapping with known fields; others are faults. `refused`: fields of OpenSLO that Burnban
    does not do yet, and what to write instead."""
    found = table(spot)
    if found is None:
        return None
    for name, remedy in (refused or {}).items():
        field = found.get(name)
        if field is not None:
            not_yet(field, f"`{name}`", remedy)
    found.refuse_others(known, refused or ())
    return found


def not_yet(spot: Spot, what: str, remedy: str) -> None:
    """What OpenSLO allows and we do not do yet is refused by name."""
    spot.fault(f"{what} is part of OpenSLO, but Burnban does not read it yet.", remedy)


def listing(spot: Spot) -> list[Spot]:
    """The items of a list; no items, with a fault, if it is none."""
    if not isinstance(spot.node, Listing):
        spot.fault(f"A list belongs here, not {kind_of(spot.node)}.", "Begin each item with `- `.")
        return []
    return [spot.at(node, node.line, f"[{i}]") for i, node in enumerate(spot.node.items)]


def kind_of(node: Node) -> str:
    """What a value is, for messages."""
    match node:
        case Scalar():
            return "nothing" if node.null else f"`{shorten(node.text)}`"
        case Listing():
            return "a list"
        case Table():
            return "a mapping"


def shorten(text: str, most: int = 60) -> str:
    """A value in a message: one line, not too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def close(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of some words that is most like this one, if any is."""
    lower = {name.lower(): name for name in sorted(known)}
    near = get_close_matches(word.lower(), list(lower), n=1, cutoff=cutoff)
    return lower[near[0]] if near else None


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """What was probably meant, else all there is."""
    names = sorted(set(known))
    near = close(word, names, cutoff)
    if near is not None:
        return f"Did you mean `{near}`?"
    shown = ", ".join(f"`{name}`" for name in names[:12])
    return f"There is: {shown}{' …' if len(names) > 12 else ''}." if names else ""
