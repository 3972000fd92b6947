"""Is a history as it was written? Walked once, row by row (law 28)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.decide.decision import GENESIS, Event, chain_hash
from bot.decide.seal import Seal
from bot.judge.dates import instant

Place = tuple[int, str]
"""A sequence number and the hash of that row."""
ORIGIN: Place = (0, GENESIS)
"""Before the first row of all."""
_PRUNED = f'"event":"{Event.HISTORY_PRUNED}"'


class Flaw(StrEnum):
    """What is wrong with a history."""

    CHANGED = "changed"
    """A row is not what was stored."""
    GAP = "gap"
    """A row is missing between others."""
    CUT = "cut"
    """Rows are missing at the end."""
    UNSEALED = "unsealed"
    """Rows are missing at the beginning, and nothing in the history says that they were moved."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place that is wrong."""

    seq: int
    flaw: Flaw
    sentence: str


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it is stored."""

    seq: int
    previous: str
    hash: str
    body: str
    """The canonical text of its decision."""
    filed: bool = True
    """Whether it is found under what it says."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk came to: `rows` read after `base`, the `newest` of them, anchors compared."""

    rows: int
    base: Place
    newest: Place
    anchors: int = 0
    broken: Break | None = None


def prove(
    links: Iterable[Link],
    head: Place,
    base: Place = ORIGIN,
    anchors: Sequence[Seal] = (),
    *,
    sealed: bool = False,
) -> Proof:
    """Walk the rows after `base` in their order. `head`: the newest as the history's own note has
    it; `base`: the last row that was moved out, as its checkpoint has it; a row must seal that,
    unless it is `sealed` elsewhere. Of the anchors, those from before `base` cannot be compared any
    more."""
    said = _by_place(anchors)
    seq, previous = base
    sealed, compared = sealed or base == ORIGIN, 0
    broken = _unlike(said, base)
    for link in links:
        broken = broken or _fault(link, seq + 1, previous)
        if broken is not None:
            break
        seq, previous = link.seq, link.hash
        sealed = sealed or _seals(link.body, base)
        compared += seq in said
        broken = _unlike(said, (seq, previous))
    broken = broken or _at_the_end((seq, previous), head, said)
    if broken is None and not sealed:
        sentence = f"decisions up to {base[0]} are gone, and nothing in the history seals that"
        broken = Break(base[0] + 1, Flaw.UNSEALED, sentence)
    return Proof(seq - base[0], base, (seq, previous), compared, broken)


def _by_place(anchors: Sequence[Seal]) -> Mapping[int, tuple[Seal, ...]]:
    found: dict[int, tuple[Seal, ...]] = {}
    for anchor in anchors:
        found[anchor.seq] = (*found.get(anchor.seq, ()), anchor)
    return found


def _fault(link: Link, expected: int, previous: str) -> Break | None:
    if link.seq != expected:
        sentence = f"decision {expected} is missing; the next one stored is {link.seq}"
        return Break(expected, Flaw.GAP, sentence)
    right = chain_hash(previous, link.seq, link.body)
    if (link.previous, link.hash) != (previous, right):
        sentence = f"decision {expected}, or its link to the one before, is not what was stored"
        return Break(expected, Flaw.CHANGED, sentence)
    if not link.filed:
        sentence = f"decision {expected} is filed under other words than it says"
        return Break(expected, Flaw.CHANGED, sentence)
    return None


def _unlike(said: Mapping[int, tuple[Seal, ...]], place: Place) -> Break | None:
    """An anchor that knew this row with another hash."""
    seq, found = place
    for anchor in said.get(seq, ()):
        if anchor.hash != found:
            sentence = f"decision {seq} is not the one that was anchored on {_day(anchor)}"
            return Break(seq, Flaw.CHANGED, f"{sentence}: it, or one before it, was rewritten")
    return None


def _at_the_end(newest: Place, head: Place, said: Mapping[int, tuple[Seal, ...]]) -> Break | None:
    seq = newest[0]
    last = max(said, default=0)
    if last > seq:
        sentence = f"decision {last} was anchored on {_day(said[last][0])}"
        return Break(seq + 1, Flaw.CUT, f"the history ends at decision {seq}, but {sentence}")
    if head[0] > seq:
        sentence = f"the history ends at decision {seq}, but {head[0]} were stored"
        return Break(seq + 1, Flaw.CUT, sentence)
    if head[0] < seq:
        sentence = f"decision {head[0] + 1} was added without the history's own note of it"
        return Break(head[0] + 1, Flaw.CHANGED, sentence)
    if head != newest:
        return Break(max(1, seq), Flaw.CHANGED, f"the note of the newest decision, {seq}, differs")
    return None


def _seals(body: str, base: Place) -> bool:
    """Whether a row says that the decisions up to `base` were moved out."""
    if _PRUNED not in body:
        return False
    said = json.loads(body)
    pruned = said["event"] == Event.HISTORY_PRUNED
    return pruned and (said["evidence"].get("last"), said["evidence"].get("hash")) == base


def _day(anchor: Seal) -> str:
    return instant(anchor.at)
