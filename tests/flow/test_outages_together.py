"""Replicas that come to the end of one outage together note it once."""

import threading

from bot.decide.catalog import Catalog, Service
from bot.decide.episode import Standing
from bot.flow.poll.catchup import Measured
from bot.flow.poll.outage import begin, settle
from bot.judge.verdict import Kind
from bot.ports import Books, HistoryFilter
from bot.record import Database
from tests.builders import objective
from tests.record_samples import NOW, claimed, later

pytest_plugins = ["tests.record_stores"]

FLEET = [objective(f"model-{n}") for n in range(4)]
NAMES = [one.id for one in FLEET]
CATALOG = Catalog(tuple(FLEET), {o.service: Service(o.service, "", "") for o in FLEET})


def test_two_replicas_note_the_end_of_an_outage_once(database: Database) -> None:
    accounts = claimed(database, *(one.service for one in FLEET))
    lost = [Measured(o, a, (), 0, "down") for o, a in zip(FLEET, accounts, strict=True)]

    def breaks(books: Books) -> int:
        numbers = begin(books, "prom", lost, {}, NOW, answered=False)
        (number,) = set(numbers.values())
        books.standings.put([Standing(n, Kind.HEALTHY, outage=number) for n in numbers])
        return number

    number = database.write(breaks)
    start = threading.Barrier(2)

    def replica(mine: list[str]) -> None:
        start.wait(10)
        database.write(lambda books: settle(books, CATALOG, {number}, mine, later(60)))

    threads = [threading.Thread(target=replica, args=(NAMES[n::2],)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    rows = database.read(lambda books: books.history.find(HistoryFilter()))
    assert [str(row.decision.event) for row in rows] == [
        "judged_again",
        "outage_ended",
        "outage_began",
    ]
    ended, told = rows[1].decision.evidence, rows[0].decision.evidence
    assert ended["objectives"] == NAMES
    assert told["objectives"] in (NAMES[0::2], NAMES[1::2])
    database.write(lambda books: settle(books, CATALOG, {number}, NAMES, later(120)))
    assert len(database.read(lambda books: books.history.find(HistoryFilter()))) == 3
