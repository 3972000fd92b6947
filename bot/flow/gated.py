"""What the gate said of releases that are told of without an answer of its own: it may have let
them go after all, or have stopped them, and they went all the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.decide.decision import Chained, Event
from bot.decide.release import End, Note, Release, journal
from bot.decide.seen import BEFORE, GRACE, let_go
from bot.ports import Books, HistoryFilter

_MOST = 1_000
"""Answers for one service that are looked through, the newest first."""
_EARLIER = timedelta(days=30)
"""How far back the release before is looked for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that was seen going, as far as it has names."""

    service: str
    version: str
    commit: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """Numbers of decisions; 0: there is none. What was let go was not stopped."""

    let_go: int = 0
    stopped: int = 0


def words_for(books: Books, some: Sequence[Passage]) -> list[Word]:
    """For each, the newest answer to it from a day before it was seen until shortly after."""
    by_service: defaultdict[str, list[Passage]] = defaultdict(list)
    for one in some:
        by_service[one.service].append(one)
    answers = {name: _answers(books, name, mine) for name, mine in by_service.items()}
    return [_word(one, answers[one.service]) for one in some]


def judged(books: Books, releases: Sequence[Release]) -> dict[str, Word]:
    """By the key of the release: its own decision, where somebody who told of it knew that."""
    open_ = [one for one in releases if not one.decision]
    found = words_for(books, [_passage(one) for one in open_])
    known = {one.key: Word(one.decision) for one in releases if one.decision}
    return known | {one.key: word for one, word in zip(open_, found, strict=True)}


def went_without(
    books: Books, services: Sequence[str], since: datetime
) -> list[tuple[Release, Word]]:
    """The releases in the journal that began since then and that the gate did not let go. What
    served before anybody told of a release of the service was released at an unknown time, and who
    goes back to the version before rolls back: neither is one, unless the gate stopped it."""
    notes: defaultdict[str, list[Note]] = defaultdict(list)
    for note in books.journal.of(services, since - _EARLIER):
        notes[note.service].append(note)
    found = []
    for name in notes:
        releases = journal(notes[name])
        late = [one for one in releases if one.began >= since]
        words, plain = judged(books, late), _no_releases(releases)
        for one in late:
            word = words[one.key]
            if not word.let_go and (word.stopped or one.key not in plain):
                found.append((one, word))
    return found


def _no_releases(releases: Sequence[Release]) -> set[str]:
    first = {releases[0].key} if releases else set()
    served: set[str] = set()
    for before, it in pairwise(releases):
        served.add(before.version)
        if before.end is End.ROLLED_BACK and it.version in served:
            first.add(it.key)
    return first


def _answers(books: Books, service: str, some: Sequence[Passage]) -> list[Chained]:
    times = [one.at for one in some]
    wanted = HistoryFilter(
        scopes=(f"service:{service}",),
        events=(Event.RELEASE_ALLOWED, Event.RELEASE_UNASKED, Event.RELEASE_STOPPED),
        since=min(times) - BEFORE,
        until=max(times) + GRACE,
        limit=_MOST,
    )
    return books.history.find(wanted)


def _word(one: Passage, answers: Sequence[Chained]) -> Word:
    names = {"version": one.version, "commit": one.commit, "digest": one.digest}
    found = Word()
    for row in answers:
        near = one.at - BEFORE <= row.decision.at <= one.at + GRACE
        if not near or not let_go(names, row.decision.evidence):
            continue
        if row.decision.event is not Event.RELEASE_STOPPED:
            return Word(row.seq)
        found = found if found.stopped else replace(found, stopped=row.seq)
    return found


def _passage(one: Release) -> Passage:
    return Passage(one.service, one.version, one.commit, one.digest, one.began)
