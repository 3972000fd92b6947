"""Accounts of versions: while a release lives, what it serves is counted apart from the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.release import Release
from bot.flow.attributing import releases_of
from bot.flow.evaluate import CHUNK, LEASE, count
from bot.flow.poll.catchup import Catchup, Measured, measure, next_due
from bot.judge.objective import Objective
from bot.judge.thinning import LONGEST
from bot.judge.version import bears_versions, of_version, tells_versions
from bot.ports import Account, Books, Clock, Record, Source

MOST = 6
"""Versions of one service that are counted apart at a time, the newest."""
BEFORE = timedelta(hours=1)
"""So long before anybody told of it a version may have begun to serve."""
AFTER = timedelta(hours=1)
"""So long after its end, and until the slice is over, what it still served is counted."""

REPORTED = timedelta(days=62)
"""So long after a window what a release did to it is still told: in the report of last month."""


def worth(objectives: Sequence[Objective]) -> timedelta:
    """For how long the account of a version that is gone is of use: the longest window, with the
    labels that it waits for, and the reports after it. Its part of what the objective counted stays
    in the objective's own account for as long as any row is kept."""
    spans = (one.window_seconds + one.label_delay for one in objectives if tells_versions(one))
    longest = timedelta(seconds=max(spans, default=0))
    return min(longest + REPORTED, timedelta(seconds=LONGEST))


@dataclass(frozen=True)
class CountVersions:
    """The flow beside the polls: the same counting, and no verdict."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    _due: dict[str, datetime] = field(default_factory=dict)
    """When each source is to be looked at again: the tick comes by every second."""
    _opened: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """By source, the accounts that are known to be open, and by which way of counting."""

    def run(self, source: Source) -> int:
        """Bring the accounts of live versions up to date; how many were read."""
        now = self.clock.now()
        if now < self._due.get(source.name, now):
            return 0
        whole = [o for o in self.catalog().objectives if o.source == source.name]
        told = [one for one in whole if tells_versions(one)]
        if not told:
            return 0
        self._due[source.name] = next_due(source, now, min(one.step for one in told))
        newest = source.newest(now)
        gone = newest - max(one.step for one in told)
        mine = self.record.read(lambda books: {o.id: o for o in versions(books, told, now, gone)})
        accounts = self._claim(source.name, mine, now) if mine else []

        def alive(_done: int, _total: int) -> None:
            self.record.write(lambda books: books.ledger.renew(accounts, self.clock.now(), LEASE))

        try:
            work = [Catchup.of(mine[one.objective], one, newest) for one in accounts]
            measured = measure(source, work, alive)
        except BaseException:
            self.record.write(lambda books: books.ledger.release_many(accounts, now))
            raise

        for start in range(0, len(measured), CHUNK):
            self._store(source, measured[start : start + CHUNK])
        return len(accounts)

    def _store(self, source: Source, some: Sequence[Measured]) -> None:
        def work(books: Books) -> None:
            now = self.clock.now()
            for m, account in count(books, some):
                due = next_due(source, now, m.objective.step, m.objective.label_delay)
                books.ledger.release_many([account], due)

        self.record.write(work)

    def _claim(self, source: str, mine: dict[str, Objective], now: datetime) -> list[Account]:
        counting = [one.fingerprint for one in mine.values()]

        known = self._opened.get(source, set())
        fresh = [one for one in mine.values() if (one.id, one.fingerprint) not in known]

        def work(books: Books) -> list[Account]:
            if fresh:
                books.ledger.open(fresh, now)
            return books.ledger.claim(list(mine), now, LEASE, len(mine), counting)

        claimed = self.record.write(work)
        self._opened[source] = {(one.id, one.fingerprint) for one in mine.values()}
        return claimed


def versions(
    books: Books, objectives: Sequence[Objective], now: datetime, read: int
) -> Iterator[Objective]:
    """An objective for each version that serves, or did so until a moment ago; `read`: seconds
    since 1970 up to which the accounts of those that are gone have been read."""
    since = datetime.fromtimestamp(read, UTC) - AFTER
    live: dict[str, list[Release]] = {}
    for one in objectives:
        if one.service not in live:
            found = releases_of(books, one.service, since)
            live[one.service] = [r for r in reversed(found) if r.began <= now][:MOST]
        seen: set[str] = set()
        for release in live[one.service]:
            if release.version not in seen:
                seen.add(release.version)
                yield of_version(one, release.version, _opens(one, release, now))


def _opens(objective: Objective, release: Release, now: datetime) -> int:
    """What a feed says of a version bears its name however late anybody told of it: all of the
    window is read."""
    opens = release.began - BEFORE
    if bears_versions(objective):
        opens = max(min(opens, objective.window.bounds(now)[0]), now - timedelta(seconds=LONGEST))
    return int(opens.timestamp())
