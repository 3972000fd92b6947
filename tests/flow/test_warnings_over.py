"""A warning that is over is edited no more: it says nothing that time makes false."""

from tests.fakes import Posted
from tests.flow.conftest import SEARCH, World
from tests.flow.overriding import frozen, lifted
from tests.flow.reading import read
from tests.flow.storming import calm, go_on, names, storm


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


def rise(world: World) -> str:
    """What the channel was shown when it got worse, as it reads now."""
    world.deliver()
    (one,) = [p for p in world.messenger.posted if p.channel == SEARCH and p.broadcast]
    return read(one)


def test_what_was_told_of_a_rise_follows_what_stands(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.traffic("ranker/availability", bad=100, minutes=50)
    told = rise(world)
    assert "It got worse" in told
    assert "A freeze is being asked for" in told
    (request,) = world.pending()
    world.vote(request, "UADA")
    world.traffic("ranker/availability", bad=100, minutes=1)
    told = rise(world)
    assert "It got worse" in told
    assert "Releases* of ranker are frozen, by freeze 1" in told
    assert "being asked for" not in told


def test_what_was_told_of_a_rise_is_edited_only_when_something_else_stands(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    world.traffic("ranker/availability", bad=100, minutes=50)
    rise(world)
    before = len(edits(world))
    world.traffic("ranker/availability", bad=100, minutes=3)
    rise(world)
    assert len(edits(world)) == before
    frozen(world)
    world.traffic("ranker/availability", bad=100, minutes=3)
    rise(world)
    assert len(edits(world)) == before + 1


def edits(world: World) -> list[object]:
    """What it said before."""
    (one,) = [p for p in world.messenger.posted if p.channel == SEARCH and p.broadcast]
    return list(one.said)


def rarely(world: World, bad: float, hours: int) -> None:
    """Traffic that is looked at every ten minutes."""
    now = int(world.clock.now().timestamp())
    world.source.steady("ranker/availability", now, now + hours * 3_600, 100 / 60, bad / 60)
    for _ in range(hours * 6):
        world.clock.advance(600)
        world.evaluate()


def test_what_was_told_of_a_rise_says_when_that_is_over(world: World) -> None:
    world.history_of_calm(bad=0.08)
    rarely(world, bad=0.5, hours=4)
    world.traffic("ranker/availability", bad=60, minutes=6)
    assert "It got worse" in rise(world)
    rarely(world, bad=0, hours=8)
    told = rise(world)
    assert "burns no longer" in told
    assert "go on" not in told
    assert "`/freeze list` shows" in told


def test_what_was_told_of_a_rise_of_many_follows_too(world: World) -> None:
    calm(world)
    go_on(world, 6, names(5))
    storm(world, names(5))
    assert "Releases* of model-00" in rise(world)
    frozen(world, "search")
    go_on(world, 2, names(5))
    told = rise(world)
    assert " are frozen." in told
    assert "go on" not in told
