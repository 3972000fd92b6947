"""What the metrics show and nobody told of comes into the journal, and no more than that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.noted import Word
from bot.decide.people import Actor, Door
from bot.decide.release import End, NoteKind, Release, journal
from bot.errors import SourceError
from bot.flow.gate.note import NoteRelease
from bot.flow.poll.note_versions import MOST, NoteVersions
from bot.judge.objective import Objective
from bot.ports import Served
from bot.record import Database
from tests.builders import MINUTE, NOON, objective
from tests.fakes import FakeSource
from tests.flow.conftest import World
from tests.fresh import fresh_sqlite

CI = Actor("token:1", "ci", Door.API)


class Shown(FakeSource):
    """A source that shows versions."""

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[str, float] = {}
        """Versions that serve, and how many events in ten minutes."""
        self.down = False

    def versions(self, objective: Objective, since: int, until: int) -> Sequence[Served]:
        """As a test says."""
        assert objective.version_label == "version"
        if self.down:
            raise SourceError("down")
        return [Served(name, since + 60, until, n) for name, n in self.there.items()]


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def world(tmp_path: Path, shown: Shown) -> World:
    whole = replace(objective(), version_label="version")
    record = Database(fresh_sqlite(tmp_path / "burnban.db"))
    return World(record, source=shown, objectives=(whole, objective("recs")))


def look(world: World, minutes: int = 1) -> int:
    world.clock.advance(minutes * MINUTE)
    return NoteVersions(world.record, world.clock, world.catalog).run(world.source)


def releases(world: World) -> list[Release]:
    since = world.clock.now() - timedelta(days=9)
    return journal(world.record.read(lambda books: books.journal.of(["ranker"], since)))


def test_a_version_that_is_alone_serves_everything_since_it_was_first_seen(
    world: World, shown: Shown
) -> None:
    shown.there = {"37": 500.0}
    assert look(world) == 1
    (found,) = releases(world)
    assert (found.version, found.origins, found.shares) == ("37", ("metrics",), ())
    assert found.began.timestamp() == NOON + MINUTE - 600 + MINUTE
    assert not found.presumed  # it was seen serving, and not merely announced
    assert look(world) == 0


def test_a_version_beside_another_serves_its_part_until_it_is_alone(
    world: World, shown: Shown
) -> None:
    shown.there = {"37": 500.0}
    look(world)
    shown.there = {"37": 450.0, "38": 50.0}
    assert look(world, 15) == 1
    old, canary = releases(world)
    assert (old.ended, canary.version) == (None, "38")
    assert float(canary.share_at(world.clock.now())) == 0.1
    shown.there = {"38": 500.0}
    assert look(world, 15) == 2
    old, canary = releases(world)
    assert old.ended is not None
    assert canary.share_at(world.clock.now()) == 1


def test_a_version_that_is_gone_has_ended(world: World, shown: Shown) -> None:
    shown.there = {"37": 500.0}
    look(world)
    shown.there = {}
    assert look(world, 15) == 1
    (found,) = releases(world)
    assert found.end is End.ENDED


def test_what_somebody_told_of_is_left_to_them(world: World, shown: Shown) -> None:
    told = NoteRelease(world.record, world.clock, world.catalog)
    told.run(Word("ranker", "38", NoteKind.ANNOUNCED), CI)
    shown.there = {"38": 500.0}
    assert look(world) == 0
    shown.there = {}
    assert look(world, 15) == 0
    (found,) = releases(world)
    assert (found.ended, found.origins) == (None, ("api ci",))


def test_a_label_with_too_many_values_and_names_that_are_none_are_no_versions(
    world: World, shown: Shown
) -> None:
    shown.there = {f"user-{n}": 1.0 for n in range(MOST + 1)}
    assert look(world) == 0
    shown.there = {"a b": 1.0, "x" * 101: 1.0}
    assert look(world) == 0
    assert releases(world) == []


def test_a_source_is_looked_at_once_a_minute_and_may_be_down(world: World, shown: Shown) -> None:
    shown.there, shown.down = {"37": 500.0}, True
    assert look(world) == 0
    shown.down = False
    assert look(world, 0) == 0  # this minute was looked at
    assert look(world) == 1


def test_only_objectives_with_a_label_are_looked_at(world: World, shown: Shown) -> None:
    world.objectives = (objective(), objective("recs"))
    shown.there = {"37": 1.0}
    assert look(world) == 0
    world.source = FakeSource()
    world.objectives = (replace(objective(), version_label="version"),)
    assert look(world) == 0
