"""Accounts of versions: while a release lives, what it serves is counted apart from the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.release import Release
from bot.flow.attributing import releases_of
from bot.flow.evaluate import LEASE, count
from bot.flow.poll.catchup import Catchup, measure, next_due
from bot.judge.objective import Objective
from bot.judge.version import of_version, tells_versions
from bot.ports import Account, Books, Clock, Record, Source

MOST = 6
"""Versions of one service that are counted apart at a time, the newest."""
BEFORE = timedelta(hours=1)
"""So long before anybody told of it a version may have begun to serve."""
AFTER = timedelta(hours=1)
"""So long after its end what it still served is counted."""


@dataclass(frozen=True)
class CountVersions:
    """The flow beside the polls: the same counting, and no verdict."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def run(self, source: Source) -> int:
        """Bring the accounts of live versions up to date; how many were read."""
        whole = [o for o in self.catalog().objectives if o.source == source.name]
        told = [one for one in whole if tells_versions(one)]
        if not told:
            return 0
        now = self.clock.now()
        mine = self.record.read(lambda books: {o.id: o for o in versions(books, told, now)})
        accounts = self._claim(mine, now) if mine else []
        newest = source.newest(now)

        def alive(_done: int, _total: int) -> None:
            self.record.write(lambda books: books.ledger.renew(accounts, self.clock.now(), LEASE))

        try:
            work = [Catchup.of(mine[one.objective], one, newest) for one in accounts]
            measured = measure(source, work, alive)
        except BaseException:
            self.record.write(lambda books: books.ledger.release_many(accounts, now))
            raise

        def store(books: Books) -> None:
            for m, account in count(books, measured):
                due = next_due(source, self.clock.now(), m.objective.step, m.objective.label_delay)
                books.ledger.release_many([account], due)

        self.record.write(store)
        return len(accounts)

    def _claim(self, mine: dict[str, Objective], now: datetime) -> list[Account]:
        counting = [one.fingerprint for one in mine.values()]

        def work(books: Books) -> list[Account]:
            known = books.ledger.accounts(list(mine))
            fresh = [one for name, one in mine.items() if name not in known]
            if fresh:
                books.ledger.open(fresh, now)
            return books.ledger.claim(list(mine), now, LEASE, len(mine), counting)

        return self.record.write(work)


def versions(books: Books, objectives: Sequence[Objective], now: datetime) -> Iterator[Objective]:
    """An objective for each version that serves, or did so until a moment ago."""
    live: dict[str, list[Release]] = {}
    for one in objectives:
        if one.service not in live:
            found = releases_of(books, one.service, now - AFTER)
            live[one.service] = [r for r in reversed(found) if r.began <= now][:MOST]
        seen: set[str] = set()
        for release in live[one.service]:
            if release.version not in seen:
                seen.add(release.version)
                yield of_version(one, release.version, int((release.began - BEFORE).timestamp()))
