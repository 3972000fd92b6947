"""The journal of releases: what was told of them, and the releases that follow from it. Pure.

What is stored are notes: who told what, and when it happened. Several tell of one release (the gate
that let it go, the code host that deployed it, the label in the metrics that shows it): they are
put together at every question, so that a note that comes late or twice does no harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction


class NoteKind(StrEnum):
    """What a note says of a version."""

    ANNOUNCED = "announced"
    """It may go: it counts as serving from then on until somebody knows better."""
    BEGAN = "began"
    """It serves everything from then on."""
    SHARE = "share"
    """It serves a share of the traffic from then on, beside others."""
    ENDED = "ended"
    """It serves nothing any more."""
    ROLLED_BACK = "rolled_back"
    """It was taken back."""
    FAILED = "failed"
    """It never came to serve. Of a version that already serves it says nothing: another attempt to
    bring it failed."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody told of a release: the stored fact."""

    id: int
    key: str
    """The same for whatever tells it a second time."""
    service: str
    version: str
    kind: NoteKind
    at: datetime
    """When it happened, as the teller says."""
    origin: str
    """Who tells: `gate`, `github acme`, `mlflow main`, `metrics`, `api deploy-bot`, `slack U…`."""
    share: Fraction | None = None
    """Of the traffic, 0 … 1; None unless it was told."""
    actor: str = ""
    commit: str = ""
    digest: str = ""
    committed: datetime | None = None
    """When the change was written, if the teller knows: lead time counts from there."""
    decision: int = 0
    """The decision of the gate that let it go; 0: none."""


class End(StrEnum):
    """How a release came to its end."""

    SUCCEEDED = "succeeded"
    """Another version took over."""
    ENDED = "ended"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Release:
    """One stay of a version in production."""

    service: str
    version: str
    began: datetime
    ended: datetime | None
    end: End | None
    presumed: bool
    """Nobody saw it begin: it was only announced."""
    shares: tuple[tuple[datetime, Fraction], ...]
    """From when on it served which share of the traffic; empty: all of it throughout."""
    origins: tuple[str, ...]
    actor: str
    commit: str
    digest: str
    committed: datetime | None
    decision: int

    @property
    def key(self) -> str:
        """What tells it apart: a version may come back."""
        return f"{self.service}@{self.version}/{self.began.isoformat()}"

    def live(self, now: datetime) -> bool:
        """Whether it serves at `now`."""
        return self.began <= now and (self.ended is None or now < self.ended)

    def share_at(self, now: datetime) -> Fraction:
        """Of the traffic, as far as anybody told; 0 while it does not serve."""
        if not self.live(now):
            return Fraction(0)
        told = [share for since, share in self.shares if since <= now]
        return told[-1] if told else Fraction(1)


WHOLE = Fraction(1)


@dataclass(eq=False)
class _Stay:
    """Notes that tell of one and the same release."""

    version: str
    notes: list[Note] = field(default_factory=list)

    def first(self, *kinds: NoteKind) -> datetime | None:
        return next((note.at for note in self.notes if note.kind in kinds), None)

    @property
    def full(self) -> datetime | None:
        """When it took all the traffic: where shares were told, only once one says so."""
        for note in self.notes:
            if note.kind is NoteKind.BEGAN or (note.kind is NoteKind.SHARE and note.share == WHOLE):
                return note.at
        return None if self.first(NoteKind.SHARE) is not None else self.first(NoteKind.ANNOUNCED)

    @property
    def began(self) -> datetime:
        seen = self.first(NoteKind.BEGAN, NoteKind.SHARE)
        return seen if seen is not None else self.notes[0].at

    @property
    def closed(self) -> Note | None:
        begun = False
        for note in self.notes:
            begun = begun or note.kind is NoteKind.BEGAN
            if note.kind in _CLOSING and not (begun and note.kind is NoteKind.FAILED):
                return note
        return None


_CLOSING = (NoteKind.ENDED, NoteKind.ROLLED_BACK, NoteKind.FAILED)
OPENING = (NoteKind.ANNOUNCED, NoteKind.BEGAN, NoteKind.SHARE)
"""What tells of a release that was not there before."""


def journal(notes: Iterable[Note]) -> list[Release]:
    """The releases of one service that its notes tell of, by when they began."""
    stays = [stay for stay in _stays(notes) if not _never_came(stay)]
    stays.sort(key=lambda stay: stay.began)
    fulls = [stay.full for stay in stays]
    found = [_release(place, stays, fulls) for place in range(len(stays))]
    return _taken_back(found)


def live_at(releases: Sequence[Release], now: datetime) -> list[Release]:
    """Those that serve at `now`, the newest last."""
    return [release for release in releases if release.live(now)]


def _stays(notes: Iterable[Note]) -> list[_Stay]:
    """Notes by the stay that they tell of. A version that was followed by another, or was ended,
    stays a second time when it is told of again."""
    found: list[_Stay] = []
    latest: dict[str, _Stay] = {}
    for note in sorted(notes, key=lambda note: (note.at, note.id)):
        stay = latest.get(note.version)
        if note.kind in OPENING and (stay is None or _is_over(stay, found, note)):
            stay = latest[note.version] = _Stay(note.version)
            found.append(stay)
        if stay is not None:  # the end of what nobody saw begin says nothing
            stay.notes.append(note)
    return found


def _is_over(stay: _Stay, found: Sequence[_Stay], note: Note) -> bool:
    if stay.closed is not None:
        return True
    begun = found.index(stay)
    return any(_took_over(other, stay.began, note.at) for other in found[begun + 1 :])


def _took_over(other: _Stay, since: datetime, until: datetime) -> bool:
    full = other.full
    return full is not None and since < full < until and not _never_came(other)


def _never_came(stay: _Stay) -> bool:
    if stay.closed is None or stay.closed.kind is not NoteKind.FAILED:
        return False
    return stay.first(NoteKind.SHARE) is None  # a canary that failed has served


def _release(place: int, stays: Sequence[_Stay], fulls: Sequence[datetime | None]) -> Release:
    """`fulls`: when each of the stays took all the traffic."""
    stay = stays[place]
    began, closed = stay.began, stay.closed
    takeovers = [at for at in fulls[:place] if at is not None and at > began]
    later = fulls[place + 1 :]
    takeovers += [at for at in later if at is not None and at >= began]  # told later: it counts
    takeovers += [other.began for other in stays[place + 1 :] if other.version == stay.version]
    taken = min(takeovers, default=None)
    ended, end = taken, None if taken is None else End.SUCCEEDED
    if closed is not None and (taken is None or closed.at <= taken):
        back = closed.kind is not NoteKind.ENDED
        ended, end = max(closed.at, began), End.ROLLED_BACK if back else End.ENDED
    told = [note for note in stay.notes if note.kind is NoteKind.SHARE or note.at == stay.full]
    partly = any(note.kind is NoteKind.SHARE for note in told)
    shares = tuple((n.at, n.share if n.share is not None else WHOLE) for n in told)
    return Release(
        service=stay.notes[0].service,
        version=stay.version,
        began=began,
        ended=ended,
        end=end,
        presumed=stay.first(NoteKind.BEGAN, NoteKind.SHARE) is None,
        shares=shares if partly else (),
        origins=tuple(dict.fromkeys(note.origin for note in stay.notes)),
        actor=next((note.actor for note in stay.notes if note.actor), ""),
        commit=next((note.commit for note in stay.notes if note.commit), ""),
        digest=next((note.digest for note in stay.notes if note.digest), ""),
        committed=next((note.committed for note in stay.notes if note.committed), None),
        decision=next((note.decision for note in stay.notes if note.decision), 0),
    )


def _taken_back(releases: list[Release]) -> list[Release]:
    """A version that makes way for its predecessor again was rolled back."""
    found = list(releases)
    for before, it, after in zip(releases, releases[1:], releases[2:], strict=False):
        returned = after.version == before.version and it.version != before.version
        if returned and it.end is End.SUCCEEDED and it.ended == after.began:
            found[found.index(it)] = replace(it, end=End.ROLLED_BACK)
    return found
