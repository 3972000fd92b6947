"""Releases that were seen: which of them the gate let go, and which never asked."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.change import Change
from bot.decide.release import Note, NoteKind
from bot.flow.noting import answer_for, tell
from bot.ports import Books
from bot.ports.hosts import Sighting

_GOING = (NoteKind.ANNOUNCED, NoteKind.BEGAN)
"""What makes it a release that was seen: an end is only told to the journal."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A release as somebody saw it."""

    key: str
    service: str
    source: str
    who: str = ""
    version: str = ""
    commit: str = ""
    digest: str = ""
    kind: NoteKind = NoteKind.BEGAN
    """What was seen of it."""
    at: datetime | None = None
    """When that was; None: now."""


def see(books: Books, seen: Seen, now: datetime) -> Sighting | None:
    """Stored, with the answer of the gate that let it go, if there is one, and told to the journal;
    None if it was seen before. The two say the same of a release: nobody writes only one of them
    who has seen it going."""
    kept = books.sightings.add(_sighting(seen, now)) if seen.kind in _GOING else None
    judged = None if kept is None else judge(books, kept)
    note_seen(books, seen, judged.decision if judged is not None else 0, now)
    return judged


def note_seen(books: Books, seen: Seen, decision: int, now: datetime) -> None:
    """The same to the journal alone."""
    at = min(seen.at or now, now)
    note = Note(
        0, f"{seen.key}:{seen.kind}", seen.service, seen.version, seen.kind, at, seen.source,
        actor=seen.who, commit=seen.commit, digest=seen.digest, decision=decision,
    )  # fmt: skip
    tell(books, note)


def _sighting(seen: Seen, now: datetime) -> Sighting:
    name = Change(seen.service, seen.version, seen.commit, seen.digest).name
    return Sighting(
        0, seen.key, seen.service, name, seen.version, seen.commit, seen.digest, seen.source,
        seen.who, now,
    )  # fmt: skip


def judge(books: Books, sighting: Sighting) -> Sighting:
    """Look (again) for the answer that let it go."""
    change = Change(sighting.service, sighting.version, sighting.commit, sighting.digest)
    found = answer_for(books, change, sighting.seen_at)
    if found is None:
        return sighting
    books.sightings.gated(sighting.id, found.seq)
    return replace(sighting, decision=found.seq)
