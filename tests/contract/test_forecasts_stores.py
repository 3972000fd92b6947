"""Over every store: budgets are looked ahead from once an hour, scored when their time has come,
and forgotten."""

from datetime import timedelta

from bot.flow.poll.forecast import KEPT, ForecastBudgets
from bot.judge.score import Outcome
from bot.ports import Books, Given, Record
from tests.builders import DAY, HOUR, NOON, objective, rolling
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]
DAILY = objective(window=rolling(1), target="0.99", step=HOUR)


def opened(record: Record) -> World:
    """A budget of a day, steady for three."""
    world = World(record, objectives=(DAILY,))  # type: ignore[arg-type] # any record will do
    world.history_of_calm(days=3, bad=0.3)
    return world


def run(world: World) -> int:
    return ForecastBudgets(world.record, world.clock, world.catalog).run()


def hours(world: World, count: int) -> None:
    for _ in range(count):
        now = int(world.clock.now().timestamp())
        world.source.steady(DAILY.id, now, now + HOUR, 100 / 60, 0.3 / 60)
        world.clock.advance(HOUR)
        world.evaluate()
        run(world)


def known(world: World) -> tuple[Given, list[Outcome]]:
    """The newest word, and what became of those before it."""

    def work(books: Books) -> tuple[Given, list[Outcome]]:
        number = books.ledger.accounts([DAILY.id])[DAILY.id].id
        now = int(world.clock.now().timestamp())
        newest = books.forecasts.newest([number])[number]
        return newest, books.forecasts.outcomes([number], 0, now).get(number, [])

    return world.record.read(work)


def test_each_hour_has_one_forecast_whoever_comes_by(record: Record) -> None:
    world = opened(record)
    assert [run(world), run(world)] == [1, 0]
    newest, outcomes = known(world)
    assert (newest.hour, outcomes) == (NOON, [])
    world.clock.advance(HOUR)
    assert run(world) == 1


def test_what_was_foretold_is_held_against_what_came(record: Record) -> None:
    world = opened(record)
    run(world)
    hours(world, 20)
    newest, outcomes = known(world)
    assert newest.hour == NOON + 20 * HOUR
    assert 2 <= len(outcomes) <= 3  # one in six hours counts, and six hours later it is known
    assert all(one.hit and not one.exhausted for one in outcomes)
    assert [one.issued.until for one in outcomes] == sorted(one.issued.until for one in outcomes)


def test_what_became_of_forecasts_is_forgotten_when_no_report_asks_for_it(record: Record) -> None:
    world = opened(record)
    run(world)
    hours(world, 20)
    world.clock.advance(timedelta(seconds=KEPT).total_seconds() + DAY)
    hours(world, 1)
    assert known(world)[1] == []
