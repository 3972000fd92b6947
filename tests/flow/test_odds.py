"""A warning speaks of a chance only where forecasts have a record to show."""

import pytest

from bot.flow.odds import PROVEN
from bot.flow.poll.forecast import ForecastBudgets
from tests.builders import HOUR, objective, rolling
from tests.flow.conftest import SEARCH, World

DAILY = objective(window=rolling(1), target="0.99")


@pytest.fixture
def daily(world: World) -> World:
    world.objectives = (DAILY,)
    world.open()
    world.history_of_calm(days=3, bad=0.3)
    return world


def hours(world: World, count: int, bad: float) -> None:
    """Traffic, polled and looked ahead from each hour."""
    for _ in range(count):
        now = int(world.clock.now().timestamp())
        world.source.steady(DAILY.id, now, now + HOUR, 1.0, bad / 100)
        world.clock.advance(HOUR)
        world.evaluate()
        ForecastBudgets(world.record, world.clock, world.catalog).run()


def warned(world: World) -> list[str]:
    """Warnings, as people see them."""
    world.deliver()
    posted = [one for one in world.messenger.posted if one.channel == SEARCH and not one.thread]
    return [str(one.message.blocks) for one in posted]


def test_a_budget_without_past_forecasts_is_warned_of_without_a_chance(daily: World) -> None:
    hours(daily, 4, 4.0)
    daily.traffic(DAILY.id, 2.4, 1, eligible=60.0)  # as where a chance is told, but for the record
    (said,) = warned(daily)
    assert "is gone in" in said
    assert "a chance of" not in said


def test_a_warning_tells_the_chance_with_its_record(daily: World) -> None:
    hours(daily, 6 * PROVEN + 7, 0.3)
    assert warned(daily) == []
    hours(daily, 4, 4.0)
    daily.traffic(DAILY.id, 2.4, 1, eligible=60.0)
    (said,) = warned(daily)
    assert "Forecast: a chance of more than 99 % that it is gone before" in said
    assert f"The 80 % range of its forecasts held in {PROVEN} of" in said


def test_a_chance_that_is_next_to_none_is_not_spoken_of(daily: World) -> None:
    hours(daily, 6 * PROVEN + 7, 0.3)
    hours(daily, 3, 4.0)
    (said,) = warned(daily)
    assert "a chance of" not in said


def test_a_budget_that_is_gone_has_no_chance_of_being_gone(daily: World) -> None:
    hours(daily, 6 * PROVEN + 7, 0.3)
    hours(daily, 9, 4.0)
    said, *_ = warned(daily)
    assert "is gone*" in said
    assert "a chance of" not in said
