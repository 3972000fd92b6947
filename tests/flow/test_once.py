"""A request that arrives twice acts once; one that failed leaves no trace of having arrived."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.decide.approval import Choice, Wish
from bot.decide.decision import Event
from bot.decide.people import Actor, Door
from bot.errors import RecordError, Repeated, UserError
from bot.flow.ask.request import AskFor, Plea
from bot.flow.ask.vote import CastVote
from bot.flow.poll.acknowledge import Acknowledge
from bot.ports import Books
from tests.flow.conftest import OPS, World

ADA = Actor("UADA", "ada", Door.SLACK)
EVE = Actor("UEVE", "eve", Door.SLACK)


def asking(world: World) -> AskFor:
    return AskFor(world.record, world.clock, world.catalog, world.directory, OPS)


def plea(world: World, wish: Wish = Wish.FREEZE) -> Plea:
    return Plea(wish, world.catalog().scope("ranker"), "because")


def events(world: World) -> list[Event]:
    return [chained.decision.event for chained in world.story()]


def test_a_freeze_delivered_twice_freezes_once(world: World) -> None:
    asking(world).run(plea(world), ADA, "k1")
    with pytest.raises(Repeated):
        asking(world).run(plea(world), ADA, "k1")
    assert events(world) == [Event.FROZEN]


def test_a_request_delivered_twice_is_put_once(world: World) -> None:
    asking(world).run(plea(world), EVE, "k1")
    with pytest.raises(Repeated):
        asking(world).run(plea(world), EVE, "k1")
    assert events(world) == [Event.FREEZE_REQUESTED]


def test_a_click_delivered_twice_is_one_vote_and_one_line_of_history(world: World) -> None:
    asked = asking(world).run(plea(world), EVE, "k1")
    assert asked.request is not None
    vote = CastVote(world.record, world.clock, world.catalog, world.directory, OPS)
    assert vote.run(asked.request.id, "UADA", Choice.DENY, "k2").counts
    before = events(world)
    with pytest.raises(Repeated):
        vote.run(asked.request.id, "UADA", Choice.DENY, "k2")
    assert events(world) == before


def test_an_acknowledgement_delivered_twice_is_noted_once(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=50, minutes=10)
    episode = world.episode()
    assert episode is not None
    flow = Acknowledge(
        world.record, world.clock, world.catalog, world.directory, world.answer(), OPS
    )
    flow.run(episode.id, ADA, "k1")
    with pytest.raises(Repeated):
        flow.run(episode.id, ADA, "k1")
    assert events(world).count(Event.WARNING_ACKNOWLEDGED) == 1


def test_a_refused_request_leaves_no_receipt(world: World) -> None:
    with pytest.raises(UserError):
        asking(world).run(plea(world, Wish.UNFREEZE), ADA, "k1")
    asking(world).run(plea(world), ADA, "k1")
    assert events(world) == [Event.FROZEN]


class Failing:
    """A record whose next transactions fail when all their work is done."""

    def __init__(self, world: World) -> None:
        self._record = world.record
        self.broken = True

    def write(self, work: Callable[[Books], Any]) -> Any:
        """All or nothing."""

        def failing(books: Books) -> Any:
            done = work(books)
            if self.broken:
                raise RecordError("the disk is full")
            return done

        return self._record.write(failing)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)


def test_a_database_that_fails_leaves_neither_the_work_nor_its_receipt(world: World) -> None:
    record = Failing(world)
    flow = AskFor(record, world.clock, world.catalog, world.directory, OPS)
    with pytest.raises(RecordError, match="disk is full"):
        flow.run(plea(world), ADA, "k1")
    assert events(world) == []
    record.broken = False
    flow.run(plea(world), ADA, "k1")
    assert events(world) == [Event.FROZEN]
