"""A warning that is over is edited no more: it says nothing that time makes false."""

from tests.fakes import Posted
from tests.flow.conftest import SEARCH, World
from tests.flow.overriding import frozen, lifted
from tests.flow.reading import read
from tests.flow.storming import calm, go_on, names


def head(world: World) -> str:
    """The first message of the channel, as it reads now."""
    world.deliver()
    heads: list[Posted] = [p for p in world.messenger.posted if p.channel == SEARCH]
    return read(heads[0])


def test_a_closed_warning_does_not_say_which_freeze_stops_releases(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    frozen(world)
    world.traffic("ranker/availability", bad=60, minutes=1)
    assert "Releases* of ranker are frozen, by freeze 1" in head(world), "while it is open"
    world.traffic("ranker/availability", bad=0, minutes=70)
    assert "burns no longer" in head(world)
    assert "frozen, by" not in head(world), "for that freeze ends without a word here"
    assert "`/freeze list` shows" in head(world)


def test_an_open_warning_follows_what_stands(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    frozen(world)
    world.traffic("ranker/availability", bad=60, minutes=1)
    lifted(world)
    world.traffic("ranker/availability", bad=60, minutes=1)
    assert "Releases* of ranker go on" in head(world)


def test_a_closed_warning_does_not_say_that_releases_go_on(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.traffic("ranker/availability", bad=0, minutes=70)
    frozen(world)
    assert "go on" not in head(world)


def test_a_closed_message_of_many_warnings_says_nothing_of_releases_either(world: World) -> None:
    calm(world)
    go_on(world, 6, names(5))
    assert "Releases* of " in head(world), "while it is open"
    go_on(world, 80)
    assert "all over" in head(world)
    assert "go on" not in head(world)
    assert "`/freeze list` shows" in head(world)
