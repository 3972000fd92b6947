"""Feeds that lie somewhere are fetched before the accounts that count them are read."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

from bot.decide.catalog import Catalog
from bot.decide.people import BURNBAN
from bot.errors import Contradicted, RecordError, of_our_own
from bot.flow.poll.receive import Batch, Refusal, Row, take
from bot.judge.objective import Objective
from bot.judge.refusals import Refusals
from bot.judge.thinning import LONGEST
from bot.ports import Act, Books, Clock, Fetched, Outgoing, Place, Record

log = logging.getLogger(__name__)

AGAIN = 2
"""Slices that are fetched once more: what was said of the newest may not have been all."""
CHUNK = 5_000
"""Rows stored in one transaction."""


@dataclass(frozen=True)
class Observe:
    """What ended since the last time, and what may have got its labels meanwhile."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    places: Callable[[], Mapping[str, Place]]
    """By the name of their source; sources that are pushed to have none."""
    ops: str = ""
    faults: MutableMapping[str, str] = field(default_factory=dict)
    """By feed, why it could not be fetched the last time."""

    def run(self, source: str) -> None:
        """Fetch all feeds of a source, and what other places estimate of the same. A place that is
        down is the fault of its feeds."""
        places, catalog = self.places(), self.catalog()
        mine = [one for one in catalog.objectives if one.source == source]
        others = {one.estimate_source for one in mine} - {source, ""}
        until = int(self.clock.now().timestamp())
        for name in (source, *sorted(others)):
            place = places.get(name)
            if place is None:
                continue
            for since, some in self._asked(_feeds(mine, name), until).items():
                for fetched in place.fetch(some, since, until):
                    self._store(catalog, fetched)

    def _asked(self, feeds: Mapping[str, Sequence[Objective]], until: int) -> dict[int, list[str]]:
        """Feeds by the time from which on they are fetched."""

        def work(books: Books) -> dict[int, list[str]]:
            found: defaultdict[int, list[str]] = defaultdict(list)
            for feed, objectives in feeds.items():
                found[_since(objectives, books.observations.newest(feed), until)].append(feed)
            return dict(found)

        return self.record.read(work)

    def _store(self, catalog: Catalog, fetched: Fetched) -> None:
        if fetched.fault is not None:
            self.faults[fetched.feed] = fetched.fault
            return
        self.faults.pop(fetched.feed, None)
        try:
            refused = [
                one
                for rows in _chunks(list(enumerate(fetched.rows)))
                for one in self._take(catalog, Batch(fetched.feed, rows))
            ]
            self._tell(fetched.feed, refused)
        except RecordError:
            raise
        except Contradicted as error:
            self.faults[fetched.feed] = error.sentence
        except Exception as error:
            log.exception("%s: what was fetched could not be taken", fetched.feed)
            fault = f"{fetched.feed} could not be taken: {of_our_own(error)}"
            self.faults[fetched.feed] = fault

    def _take(self, catalog: Catalog, batch: Batch) -> tuple[Refusal, ...]:
        now = self.clock.now()
        found = self.record.write(lambda books: take(books, catalog, batch, BURNBAN, now, self.ops))
        return found.refused

    def _tell(self, feed: str, refused: Sequence[Refusal]) -> None:
        """What was not taken is not counted, and nobody sees it: that is said, once a spell."""
        if not refused:
            return
        now, first = self.clock.now(), refused[0]
        at, rows = int(now.timestamp()), len({one.index for one in refused})
        found = Refusals(feed, at, at, rows, first.field, first.rule)
        log.warning("%s: %s", feed, found.sentence)

        def work(books: Books) -> None:
            if books.observations.refuse(found) and self.ops:
                books.outbox.put(_notice(found, self.ops), now)

        self.record.write(work)


def _notice(found: Refusals, ops: str) -> Outgoing:
    key = f"refused:{found.feed}:{found.since}"
    facts = {
        "title": f"Rows of {found.feed} are not taken",
        "text": f"{found.sentence}. What is sound is counted; these are missing from the budgets"
        f" of {found.feed}, neither good nor bad. Mend them where they come from: the next poll"
        " takes them. Until then `burnban doctor` says how many they are, and this is told again"
        " only if the reason changes, or after a day without one.",
        "faults": [],
    }
    return Outgoing(key, ops, key, Act.POST, "ops_notice", facts)


def _feeds(objectives: Sequence[Objective], source: str) -> dict[str, list[Objective]]:
    found: defaultdict[str, list[Objective]] = defaultdict(list)
    for one in objectives:
        for feed in one.feeds_in(source):
            found[feed].append(one)
    return dict(found)


def _since(objectives: Sequence[Objective], newest: int | None, until: int) -> int:
    """At first a whole window; then what is new, and what waits for labels."""
    delay = max(one.label_delay for one in objectives)
    if newest is None:
        window = max(one.window_seconds for one in objectives)
        return until - min(LONGEST, window + delay)
    return newest - delay - AGAIN * max(one.step for one in objectives)


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
