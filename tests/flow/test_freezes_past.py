"""What stands in a channel about a freeze that is over asks nobody any more to hold a release."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Wish
from tests.fakes import Posted
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import Gates
from tests.flow.overriding import RUN, V38, frozen, granted, lifted, use
from tests.flow.reading import read
from tests.flow.scheduled import once, schedule, scheduled_world
from tests.flow.storming import THAWS, calm, go_on, names, storm


def head(world: World, words: str, channel: str = SEARCH) -> Posted:
    """The message of the channel itself that says this."""
    world.deliver()
    found = [p for p in world.messenger.posted if p.channel == channel and not p.thread]
    (one,) = [p for p in found if words in read(p)]
    return one


def test_the_announcement_of_a_lifted_freeze_says_who_lifted_it_and_has_no_button(
    world: World,
) -> None:
    frozen(world)
    standing = head(world, "please do not release")
    assert "ask_override" in read(standing)
    lifted(world)
    text = read(head(world, "Freeze 1 of service ranker is over"))
    assert "by <@UADA>, approved by <@UBEN>" in text
    assert "may go again" in text
    assert "ask_override" not in text
    assert "please do not release" not in text
    assert not [t for t in map(read, heads_of(world)) if "please do not release" in t]


def heads_of(world: World) -> list[Posted]:
    return [p for p in world.messenger.posted if p.channel == SEARCH and not p.thread]


def test_the_announcement_of_a_freeze_that_ran_out_says_so(world: World) -> None:
    frozen(world, hours=1)
    head(world, "please do not release")
    world.clock.advance(3_600)
    world.tidy()
    text = read(head(world, "Freeze 1 of service ranker is over"))
    assert "It ended by itself" in text
    assert "ask_override" not in text


def test_another_freeze_that_still_stands_is_named(world: World) -> None:
    frozen(world)
    frozen(world, "search")
    lifted(world)
    text = read(head(world, "Freeze 1 of service ranker is over"))
    assert "freeze 2 of team search" in text
    head(world, "please do not release")  # that of the other one, and only that


def test_an_approved_request_says_that_its_freeze_is_over(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.vote(request, "UADA")
    head(world, "are frozen until somebody lifts the freeze: please hold them")
    lifted(world)
    text = read(head(world, "the freeze is over since"))
    assert "please hold them" not in text


@pytest.fixture
def gate(world: World) -> Gates:
    world.history_of_calm()
    return Gates(world)


def test_a_refusal_says_that_its_freeze_is_over(gate: Gates) -> None:
    world = gate.world
    frozen(world)
    gate.ask("40")
    assert "ask_override" in read(head(world, "ranker 40 may not be released now"))
    lifted(world)
    text = read(head(world, "ranker 40 was stopped; what stopped it is over"))
    assert "ask_override" not in text
    assert "may not be released" not in text


def test_a_refusal_stays_as_long_as_one_of_its_freezes_stands(gate: Gates) -> None:
    world = gate.world
    frozen(world)
    frozen(world, "search")
    gate.ask("40")
    lifted(world)
    head(world, "ranker 40 may not be released now")
    lifted(world, "search")
    head(world, "ranker 40 was stopped; what stopped it is over")


def test_a_refusal_says_that_its_release_went_by_an_override(gate: Gates) -> None:
    world = gate.world
    number = frozen(world)
    gate.ask("38")
    request = granted(world)
    assert use(world, V38, [number], RUN) is not None
    words = f"ranker 38 was stopped, and went by override {request.id}"
    assert "ask_override" not in read(head(world, words))
    lifted(world)  # and it still went that way
    head(world, words)


def test_a_refusal_of_another_release_is_left_alone_by_an_override(gate: Gates) -> None:
    world = gate.world
    number = frozen(world)
    gate.ask("40")
    granted(world)
    assert use(world, V38, [number], RUN) is not None
    head(world, "ranker 40 may not be released now")


def test_a_refusal_whose_words_were_forgotten_is_left_alone(gate: Gates) -> None:
    world = gate.world
    frozen(world)
    gate.ask("40")
    world.deliver()
    later = world.clock.now() + timedelta(days=1)
    world.record.write(lambda books: books.outbox.forget(later, later))
    lifted(world)
    head(world, "ranker 40 may not be released now")


def test_the_message_of_many_freezes_is_over_once_none_of_them_stands(world: World) -> None:
    world.policy = THAWS
    calm(world)
    storm(world, names(5))
    text = read(head(world, "Releases of 5 services are frozen"))
    assert "ask_override" in text
    go_on(world, 80, names(1))
    assert [freeze.id for freeze in world.freezes()] == [1]
    head(world, "Releases of 5 services are frozen")
    go_on(world, 80)
    text = read(head(world, "The freezes of 5 services are over"))
    assert "ask_override" not in text
    assert "please do not release" not in text


def test_the_notice_of_a_freeze_that_will_not_come_says_so(tmp_path: Path) -> None:
    with scheduled_world(tmp_path) as planned:
        planned.edit(schedule(once(3)))
        planned.notice()
        head(planned, "will be frozen")
        planned.edit()
        text = read(head(planned, "is called off"))
        assert "go on as before" in text
        assert "will be frozen" not in text
