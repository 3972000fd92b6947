"""Feeds that lie somewhere: fetched before each poll, stored once, restated when they change."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.errors import SourceError
from bot.flow.evaluate import Evaluate
from bot.flow.poll.observe import Observe
from bot.flow.show.answer import Answer
from bot.judge.observation import Observation
from bot.judge.thinning import Stretch
from bot.judge.verdict import Kind
from bot.measure.observed import ObservedSource, place_of
from bot.ports import Ask, Fetched
from bot.wiring.feeds import Feeds
from tests.builders import DAY, HOUR, NOON, objective
from tests.fakes import FakeSource
from tests.flow.conftest import OPS, World
from tests.flow.feeding import ACCURACY, ANSWERS, Feeding, answers, fed, labels


@dataclass
class Shelf:
    """A place that remembers what it was asked for."""

    name: str = "labels"
    rows: dict[str, list[Observation]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[tuple[str, ...], int, int]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    """Feeds of which it gives what is nothing at all."""
    closed: bool = False

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> list[Fetched]:
        self.asked.append((tuple(feeds), since, until))
        return [
            Fetched(feed, fault=self.faults[feed])
            if feed in self.faults
            else Fetched(feed, (None,))  # type: ignore[arg-type] # what types do not allow
            if feed in self.failing
            else Fetched(feed, tuple(r for r in self.rows.get(feed, ()) if since < r.end <= until))
            for feed in feeds
        ]

    def check(self) -> str:
        return "the shelf stands"

    def close(self) -> None:
        self.closed = True


@dataclass
class Fetching:
    """A world whose feeds lie on a shelf."""

    world: World
    feeding: Feeding
    shelf: Shelf = field(default_factory=Shelf)
    other: Shelf = field(default_factory=Shelf)
    """Where estimates may lie."""
    feeds: Feeds = field(default_factory=Feeds)

    def __post_init__(self) -> None:
        self.feeds.record = self.world.record
        self.source = ObservedSource("labels", self.feeds.told, step=HOUR, place=self.shelf)
        world, catalog = self.world, self.feeding.catalog
        observe = Observe(
            world.record, world.clock, catalog, self.places, OPS, faults=self.feeds.faults
        )
        self.flow = Evaluate(world.record, world.clock, catalog, "", fetch=observe.run)

    def places(self) -> dict[str, Shelf]:
        return {"labels": self.shelf, "monitoring": self.other}

    def poll(self, hours: int = 0) -> int:
        self.world.clock.advance(hours * HOUR)
        return self.flow.run(self.source)


@pytest.fixture
def fetching(world: World) -> Fetching:
    late = fed("accuracy", ACCURACY.indicator, delay=DAY)  # type: ignore[arg-type] # Labelled
    return Fetching(world, Feeding(world, (late, ANSWERS)))


def test_at_first_a_whole_window_is_fetched_then_what_may_have_changed(fetching: Fetching) -> None:
    fetching.shelf.rows["ranker-labels"] = [labels(hour) for hour in range(-100, 1)]
    fetching.poll()
    week = NOON - 7 * DAY
    assert fetching.shelf.asked == [
        (("ranker-labels",), week - DAY, NOON),
        (("ranker-answers",), week, NOON),
    ]
    assert fetching.feeding.totals()[:2] == (7_700, 770)
    fetching.shelf.asked.clear()
    fetching.poll(1)
    assert (("ranker-labels",), NOON - DAY - 2 * HOUR, NOON + HOUR) in fetching.shelf.asked


def test_labels_that_grew_in_the_place_move_the_balance(fetching: Fetching) -> None:
    rows = [labels(hour) for hour in range(-100, 1)]
    fetching.shelf.rows["ranker-labels"] = rows
    fetching.poll()
    place = 100 - 25  # a day and an hour ago
    rows[place] = replace(rows[place], fp=rows[place].fp + 7)  # type: ignore[operator] # it has one
    fetching.poll(1)
    assert fetching.feeding.totals(hour=-25)[:2] == (76 * 100 + 7, 767)
    assert len(fetching.world.story("restated")) == 1


def test_a_place_that_is_down_is_the_fault_of_its_feeds_alone(fetching: Fetching) -> None:
    fetching.shelf.rows["ranker-answers"] = [answers(hour) for hour in range(-200, 1)]
    fetching.shelf.faults["ranker-labels"] = "the warehouse does not answer"
    fetching.poll()
    judged = {j.objective.name: j.verdict for j in fetching.world.answer().judged()}
    assert judged["answers"].kind is Kind.HEALTHY
    assert judged["accuracy"].kind is Kind.UNKNOWN
    assert judged["accuracy"].reasons[0].text == "the warehouse does not answer"
    fetching.shelf.faults.clear()
    fetching.shelf.rows["ranker-labels"] = [labels(hour) for hour in range(-200, 1)]
    fetching.poll(1)
    judged = {j.objective.name: j.verdict for j in fetching.world.answer().judged()}
    assert judged["accuracy"].kind is not Kind.UNKNOWN


def test_a_feed_that_cannot_be_taken_stops_no_other_of_its_source(fetching: Fetching) -> None:
    fetching.shelf.rows["ranker-answers"] = [answers(hour) for hour in range(-200, 1)]
    fetching.shelf.failing.add("ranker-labels")
    assert fetching.poll() == 2
    judged = {j.objective.name: j.verdict for j in fetching.world.answer().judged()}
    assert judged["answers"].kind is Kind.HEALTHY
    assert judged["accuracy"].kind is Kind.UNKNOWN
    said = judged["accuracy"].reasons[0].text
    assert said.startswith("ranker-labels could not be taken: Burnban itself failed (Attribute")
    fetching.shelf.failing.clear()
    fetching.shelf.rows["ranker-labels"] = [labels(hour) for hour in range(-200, 1)]
    fetching.poll(1)
    judged = {j.objective.name: j.verdict for j in fetching.world.answer().judged()}
    assert judged["accuracy"].kind is not Kind.UNKNOWN


def test_a_feed_that_cannot_be_counted_stops_no_other_of_its_source(fetching: Fetching) -> None:
    def told(feed: str, since: int, until: int) -> Sequence[Observation]:
        if feed == "ranker-labels":
            raise ZeroDivisionError
        return fetching.feeds.told(feed, since, until)

    fetching.source = ObservedSource("labels", told, step=HOUR, place=fetching.shelf)
    fetching.shelf.rows["ranker-answers"] = [answers(hour) for hour in range(-200, 1)]
    assert fetching.poll() == 2
    judged = {j.objective.name: j.verdict for j in fetching.world.answer().judged()}
    assert judged["answers"].kind is Kind.HEALTHY
    said = judged["accuracy"].reasons[0].text
    assert said.startswith("ranker-labels could not be counted: Burnban itself failed (ZeroDiv")


def test_rows_that_nobody_can_believe_are_left_out_and_told(fetching: Fetching) -> None:
    world = fetching.world
    fetching.shelf.rows["ranker-labels"] = [labels(-30), labels(-29, wrong=-1)]
    fetching.poll()
    assert fetching.feeding.totals()[:2] == (100, 10)
    world.deliver()
    (told,) = world.heads(OPS)
    assert told == "Burnban: Rows of ranker-labels are not taken"
    shown = Answer(world.record, world.clock, fetching.feeding.catalog).show("ranker")
    lines = {one["title"]: (one["labels"] or {"lines": []})["lines"] for one in shown["objectives"]}
    assert lines["accuracy"][-1] == (
        "ranker-labels: 1 row is refused and not counted; the first: fp is -1: a count is never "
        "negative (since Mon 2 Mar 2026, 12:00 UTC)."
    )
    assert not any("refused" in line for line in lines["answers"])


def test_refused_rows_are_told_once_until_the_reason_is_another(fetching: Fetching) -> None:
    world = fetching.world
    fetching.shelf.rows["ranker-labels"] = [labels(0, wrong=-1)]
    fetching.poll()
    fetching.shelf.rows["ranker-labels"].append(labels(1, wrong=-2))
    fetching.poll(1)
    world.deliver()
    assert len(world.heads(OPS)) == 1
    fetching.shelf.rows["ranker-labels"] = [replace(labels(2), start=labels(2).end)]
    fetching.poll(1)
    world.deliver()
    assert len(world.heads(OPS)) == 2


def test_estimates_are_fetched_from_where_they_lie_and_nothing_else_is(world: World) -> None:
    apart = replace(ACCURACY, estimate="cbpe", estimate_source="monitoring")
    fetching = Fetching(world, Feeding(world, (apart, ANSWERS)))
    fetching.shelf.rows["ranker-labels"] = [labels(hour) for hour in range(-200, 1)]
    end = NOON - HOUR
    fetching.other.rows["cbpe"] = [Observation(end - HOUR, end, value=0.9, n=100)]
    fetching.poll()
    assert {feed for feeds, *_ in fetching.shelf.asked for feed in feeds} == {
        "ranker-labels",
        "ranker-answers",
    }
    assert {feed for feeds, *_ in fetching.other.asked for feed in feeds} == {"cbpe"}
    stored = world.record.read(lambda books: books.observations.of("cbpe", 0, NOON))
    assert [row.value for row in stored] == [0.9]
    fetching.other.faults["cbpe"] = "the monitoring is down"
    fetching.poll(1)
    judged = {j.objective.name: j.verdict for j in world.answer().judged()}
    assert judged["accuracy"].kind is not Kind.UNKNOWN


def test_a_source_that_is_not_due_fetches_nothing(fetching: Fetching) -> None:
    fetching.poll()
    asked = len(fetching.shelf.asked)
    assert fetching.poll() == 0
    assert len(fetching.shelf.asked) == asked


def test_a_place_goes_with_its_source(fetching: Fetching) -> None:
    assert place_of(fetching.source) is fetching.shelf
    assert fetching.source.check() == "the shelf stands"
    fetching.source.close()
    assert fetching.shelf.closed
    assert place_of(FakeSource()) is None
    pushed = ObservedSource("labels", fetching.feeds.told)
    pushed.close()
    assert pushed.check() == "labels: waits for what is pushed"
    assert place_of(pushed) is None


def test_a_source_without_a_place_fetches_nothing(fetching: Fetching) -> None:
    other = Observe(
        fetching.world.record, fetching.world.clock, fetching.feeding.catalog, fetching.places
    )
    other.run("somewhere else")
    assert fetching.shelf.asked == []


def test_before_the_database_is_open_nothing_is_known_of_feeds() -> None:
    with pytest.raises(SourceError, match="not open yet"):
        Feeds().told("labels", 0, 1)


def test_what_is_no_feed_cannot_be_answered(fetching: Fetching) -> None:

    ask = Ask(objective(), Stretch(NOON - HOUR, NOON, HOUR), None)
    [reading] = fetching.source.read([ask])
    assert reading.fault == "labels holds what feeds say and answers no queries"


def test_who_is_cut_off_while_feeds_are_fetched_gives_back_what_was_claimed(
    fetching: Fetching,
) -> None:
    def cut(_source: str) -> None:
        raise InterruptedError

    flow = fetching.flow
    with pytest.raises(InterruptedError):
        replace(flow, fetch=cut).run(fetching.source)
    assert fetching.poll() == 2, "nobody waits for the lease"
