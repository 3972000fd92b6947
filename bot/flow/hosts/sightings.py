"""Releases that were seen: which of them the gate let go, and which never asked."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot.decide.change import Change
from bot.decide.decision import Event
from bot.decide.seen import BEFORE, let_go
from bot.ports import Books, HistoryFilter
from bot.ports.hosts import Sighting

_MOST = 200
"""Answers that are looked through, the newest first."""
_ANSWERED = (Event.RELEASE_ALLOWED, Event.RELEASE_UNASKED)


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


def see(books: Books, seen: Seen, now: datetime) -> Sighting | None:
    """Stored, with the answer of the gate that let it go, if there is one; None if it was seen
    before."""
    name = Change(seen.service, seen.version, seen.commit, seen.digest).name
    fresh = Sighting(0, release=name, seen_at=now, **asdict(seen))
    kept = books.sightings.add(fresh)
    return None if kept is None else judge(books, kept)


def judge(books: Books, sighting: Sighting) -> Sighting:
    """Look (again) for the answer that let it go."""
    wanted = HistoryFilter(
        scopes=(f"service:{sighting.service}",),
        events=_ANSWERED,
        since=sighting.seen_at - BEFORE,
        limit=_MOST,
    )
    seen = {
        "version": sighting.version,
        "commit": sighting.commit,
        "digest": sighting.digest,
    }
    for row in books.history.find(wanted):
        if let_go(seen, row.decision.evidence):
            books.sightings.gated(sighting.id, row.seq)
            return replace(sighting, decision=row.seq)
    return sighting
