"""Whoever is asked to freeze, or to lift, sees how the budget stands and what comes by itself."""

from dataclasses import replace

from bot.decide.approval import Wish
from bot.flow.freeze.weighed import MOST, weigh
from tests.builders import objective
from tests.flow.conftest import World
from tests.flow.overriding import frozen
from tests.flow.reading import read
from tests.flow.storming import THAWS
from tests.flow.test_request_evidence import asked, evidence


def test_a_request_of_a_person_to_freeze_shows_what_is_left_now(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=30, minutes=20)
    world.ask(Wish.FREEZE, "UEVE")
    world.deliver()
    line = evidence(asked(world))
    assert "the budget of “availability” (ranker)" in line
    assert "times as fast as it may" in line
    (row,) = world.story("freeze_requested")
    assert row.decision.evidence["weighed"]["objective"] == "ranker/availability"


def test_a_request_to_lift_shows_what_is_left_and_until_when_it_lasts_by_itself(
    world: World,
) -> None:
    world.history_of_calm()
    frozen(world, hours=2)
    world.ask(Wish.UNFREEZE, "UADA")
    world.deliver()
    card = read(asked(world))
    assert "100 % of the budget of “availability” (ranker) is left" in evidence(asked(world))
    assert "freeze 1, set by <@UADA>, since <!date^" in card
    assert ", until <!date^" in card.partition("freeze 1, set by")[2].partition("because")[0]


def test_a_request_to_lift_what_the_policy_set_says_when_it_would_thaw(world: World) -> None:
    world.policy = replace(THAWS, approvals=world.policy.approvals)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    (freeze,) = world.freezes()
    assert freeze.causes == ("ranker/availability",)
    world.ask(Wish.UNFREEZE, "UADA")
    world.deliver()
    assert "overspent" in evidence(asked(world))
    assert "*Expected:*" in read(asked(world))


def test_of_a_wide_scope_only_what_burns_is_judged(world: World) -> None:
    """The history is held meanwhile."""
    world.objectives = tuple(objective(f"m{n:02}") for n in range(MOST + 1))
    world.open()
    world.history_of_calm(days=1)
    scope = world.catalog().scope("search")
    figures = lambda: world.record.read(  # noqa: E731 - said twice
        lambda books: weigh(books, world.catalog(), scope, (), world.clock.now())
    )
    assert figures() == {}
    world.traffic("m07/availability", bad=100, minutes=20)
    assert figures()["objective"] == "m07/availability"
