"""Versions that the metrics show and that nobody told of are told to the journal."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.decide.catalog import Catalog
from bot.decide.noted import Word, check
from bot.decide.release import Note, NoteKind, Release, live_at
from bot.errors import SourceError, UserError
from bot.flow.attributing import releases_of
from bot.judge.objective import Objective
from bot.judge.version import tells_versions
from bot.ports import Books, Clock, Record, Served, Source, TellsVersions

log = logging.getLogger(__name__)

ORIGIN = "metrics"
EVERY = timedelta(minutes=1)
SPAN = 600
"""Seconds that are looked at; so long a version must be gone for its end to be told."""
MOST = 20
"""Values of a label; more are no versions."""
_LEASE = 120.0
_FINE = 100
"""Shares are told in parts of so many."""


@dataclass(frozen=True)
class NoteVersions:
    """The flow beside the polls, once a minute for each source."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def run(self, source: Source) -> int:
        """How many notes were written."""
        every = [o for o in self.catalog().objectives if o.source == source.name]
        first = {one.service: one for one in reversed(every) if tells_versions(one)}
        if not first or not isinstance(source, TellsVersions):
            return 0
        now, chore = self.clock.now(), f"versions at {source.name}"
        turn = f"{now:%Y-%m-%dT%H:%M}"
        last = self.record.read(lambda books: books.chores.last(chore))
        if last is not None and last[0] >= turn:
            return 0
        if not self.record.write(lambda books: books.chores.claim(chore, turn, now, _LEASE)):
            return 0
        until = source.newest(now)
        noted = sum(self._look(source, one, until) for one in first.values())
        self.record.write(lambda books: books.chores.done(chore, turn, self.clock.now()))
        return noted

    def _look(self, source: TellsVersions, objective: Objective, until: int) -> int:
        try:
            found = source.versions(objective, until - SPAN, until)
        except SourceError as error:
            log.warning("versions of %s: %s", objective.service, error)
            return 0
        if len(found) > MOST:
            log.warning(
                "%s: the label %s has %d values in ten minutes: too many to be versions",
                objective.id, objective.version_label, len(found),
            )  # fmt: skip
            return 0
        return self.record.write(lambda books: self._note(books, objective, found, until))

    def _note(self, books: Books, objective: Objective, found: Sequence[Served], until: int) -> int:
        service, at = objective.service, datetime.fromtimestamp(until, UTC)
        releases = releases_of(books, service, at - timedelta(seconds=SPAN))
        told = books.journal.knows(service, [one.version for one in found])
        words = [*_new(service, found, told, until), *_changed(service, found, releases, at)]
        return sum(self._add(books, word) for word in words)

    def _add(self, books: Books, word: Word) -> bool:
        at = word.at or self.clock.now()
        try:
            check(word, self.clock.now())
        except UserError:
            return False  # no name of a version
        key = f"{ORIGIN}:{word.service}:{word.version}:{word.kind}:{at.isoformat()}"
        note = Note(0, key, word.service, word.version, word.kind, at, ORIGIN, word.share)
        return books.journal.add(note) is not None


def _new(service: str, found: Sequence[Served], told: set[str], until: int) -> list[Word]:
    """Alone it serves everything; beside others its part of what they served."""
    present = [one for one in found if one.until >= until - 120]
    total = sum(one.events for one in present)
    words = []
    for one in present:
        if one.version in told:
            continue
        at = datetime.fromtimestamp(one.since, UTC)
        if len(present) == 1:
            words.append(Word(service, one.version, NoteKind.BEGAN, at))
        else:
            part = Fraction(round(_FINE * one.events / total), _FINE) if total else Fraction(0)
            words.append(Word(service, one.version, NoteKind.SHARE, at, part))
    return words


def _changed(
    service: str, found: Sequence[Served], releases: Sequence[Release], at: datetime
) -> list[Word]:
    """What became of versions that only the metrics know: others are told of by who knows more."""
    live = [one for one in live_at(releases, at) if one.origins == (ORIGIN,)]
    there = {one.version for one in found}
    words = [Word(service, one.version, NoteKind.ENDED, at) for one in live
             if one.version not in there]  # fmt: skip
    alone = [one for one in live if there == {one.version} and one.share_at(at) < 1]
    return [*words, *(Word(service, one.version, NoteKind.BEGAN, at) for one in alone)]
