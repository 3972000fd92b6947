"""Outages in the history of the services that they touched."""

from dataclasses import replace

from bot.decide.decision import Decision, Event
from bot.ports import HistoryFilter, Record
from tests.record_samples import decision

pytest_plugins = ["tests.record_stores"]

RANKER = HistoryFilter(scopes=("all", "service:ranker"), services=("ranker",))


def outage(event: Event, *services: str) -> Decision:
    return decision(event, "source:prom", evidence={"services": list(services), "outage": 1})


def fill(record: Record, *decisions: Decision) -> None:
    record.write(lambda books: [books.history.append(one) for one in decisions])


def seqs(record: Record, wanted: HistoryFilter) -> list[int]:
    return [row.seq for row in record.read(lambda books: books.history.find(wanted))]


def story(record: Record) -> None:
    """Two outages, of which the ranker is touched by the second."""
    fill(
        record,
        decision(Event.FROZEN, "service:ranker"),
        outage(Event.OUTAGE_BEGAN, "recs"),
        outage(Event.OUTAGE_ENDED, "recs"),
        decision(Event.FROZEN, "service:recs"),
        outage(Event.OUTAGE_BEGAN, "ranker", "recs"),
        outage(Event.JUDGED_AGAIN, "recs"),
        outage(Event.OUTAGE_ENDED, "ranker", "recs"),
        decision(Event.LIFTED, "all"),
    )


def test_a_service_has_the_outages_that_touched_it_in_its_history(record: Record) -> None:
    story(record)
    assert seqs(record, RANKER) == [8, 7, 5, 1]
    assert seqs(record, HistoryFilter(scopes=("all", "service:ranker"))) == [8, 1]
    assert seqs(record, HistoryFilter(scopes=("source:prom",), limit=2)) == [7, 6]
    assert seqs(record, HistoryFilter(services=("ranker",))) == list(range(8, 0, -1))


def test_outages_of_others_neither_shorten_a_page_nor_end_the_paging(record: Record) -> None:
    story(record)
    fill(record, *(outage(Event.OUTAGE_BEGAN, "recs") for _ in range(7)))

    def page(limit: int, before: int | None = None, after: int | None = None) -> list[int]:
        return seqs(record, replace(RANKER, before=before, after=after, limit=limit))

    assert page(3) == [8, 7, 5]
    assert page(3, before=5) == [1]
    assert page(2, after=1) == [7, 5]
    assert page(9, after=5) == [8, 7]
    assert page(0) == []


def test_a_walk_passes_the_outages_of_others(record: Record) -> None:
    story(record)
    walked = record.read(lambda books: [link.seq for link in books.history.walk(RANKER)])
    assert walked == [1, 5, 7, 8]
