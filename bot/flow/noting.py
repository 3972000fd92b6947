"""What is told of releases goes into the journal: by the gate, hosts, the API, people."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.decide.change import Change
from bot.decide.decision import Event
from bot.decide.release import Note
from bot.decide.seen import BEFORE, let_go
from bot.ports import Books, HistoryFilter

LOOK_BACK = timedelta(days=90)
"""How far back the version of a commit is looked up."""
_MOST = 200
"""Answers that are looked through, the newest first."""
_ANSWERED = (Event.RELEASE_ALLOWED, Event.RELEASE_UNASKED)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of the gate that let a release go."""

    seq: int
    evidence: dict[str, Any]


def answer_for(books: Books, change: Change, seen_at: datetime) -> Answered | None:
    """The newest answer that let it go; None if there is none."""
    wanted = HistoryFilter(
        scopes=(f"service:{change.service}",),
        events=_ANSWERED,
        since=seen_at - BEFORE,
        limit=_MOST,
    )
    seen = {"version": change.version, "commit": change.commit, "digest": change.digest}
    for row in books.history.find(wanted):
        if let_go(seen, row.decision.evidence):
            return Answered(row.seq, dict(row.decision.evidence))
    return None


def tell(books: Books, note: Note) -> Note | None:
    """Into the journal, if it names a release in any way; None if that is known already, or names
    none. What was only seen as a commit or a digest goes by the version that others gave it: else
    one release would stand there twice."""
    version = note.version or _version_of(books, note)
    return books.journal.add(replace(note, version=version)) if version else None


def _version_of(books: Books, note: Note) -> str:
    """As the journal has it; else as the gate was told; else the commit or digest itself."""
    for known in reversed(books.journal.of([note.service], note.at - LOOK_BACK)):
        if _same(known, note):
            return known.version
    change = Change(note.service, commit=note.commit, digest=note.digest)
    found = answer_for(books, change, note.at)
    return (str(found.evidence.get("version") or "") if found else "") or change.name


def _same(known: Note, note: Note) -> bool:
    pairs: list[Callable[[Note], str]] = [lambda one: one.commit, lambda one: one.digest]
    both = [(of(known), of(note)) for of in pairs]
    named = [(one, other) for one, other in both if one and other]
    return bool(named) and all(one == other for one, other in named)
