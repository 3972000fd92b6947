"""What is named in an answer is understood when it is typed."""

from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.errors import UserError
from tests.builders import objective
from tests.flow.conftest import World


@pytest.fixture
def shared(world: World) -> World:
    """`dup` is a team, and a service of another."""
    world.objectives = (objective(), objective("dup"))
    world.teams = world.teams | {"dup": replace(world.teams["search"], name="dup")}
    world.open()
    return world


def test_how_to_lift_a_freeze_names_just_that_scope(shared: World) -> None:
    assert "/unfreeze service:dup <reason>" in shared.ask(Wish.FREEZE, word="service:dup").next
    assert "/unfreeze team:dup <reason>" in shared.ask(Wish.FREEZE, word="team:dup").next
    assert "/unfreeze ranker <reason>" in shared.ask(Wish.FREEZE, word="ranker").next


@pytest.mark.parametrize(
    ("word", "said", "instead"),
    [
        ("team:search", "`search` is team search.", "/budget status search"),
        ("team:dup", "`team:dup` is team dup.", "/budget status team:dup"),
        ("ALL", "`all` is everything.", "/budget status all"),
    ],
)
def test_show_of_several_services_says_what_to_write_instead(
    shared: World, word: str, said: str, instead: str
) -> None:
    with pytest.raises(UserError) as caught:
        shared.answer().show(word)
    assert caught.value.sentence.endswith(said)
    assert caught.value.example == instead


def test_all_is_all_however_it_is_written(shared: World) -> None:
    shared.ask(Wish.FREEZE, word="ranker")
    answer = shared.answer()
    assert answer.history("ALL") == answer.history("all") == answer.history()
    assert answer.history()["rows"]
    assert answer.status("All") == answer.status("all")
