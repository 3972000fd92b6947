"""Pushes and polls at the same time, on real databases: nothing is lost, nothing counts twice."""

from collections.abc import Callable

from bot.record import Database
from tests.at_once import over_and_over
from tests.builders import HOUR, NOON
from tests.flow.conftest import World
from tests.flow.feeding import ACCURACY, RECALL, Feeding, labels

pytest_plugins = ["tests.record_stores"]

ROUNDS = 12


def polling(feeding: Feeding) -> Callable[[int], None]:
    """An hour later each time."""

    def work(_: int) -> None:
        feeding.poll(1)

    return work


def pushing(feeding: Feeding, version: str) -> Callable[[int], None]:
    """The last four hours, ever more labels of them."""

    def work(number: int) -> None:
        now = (int(feeding.world.clock.now().timestamp()) - NOON) // HOUR
        rows = [labels(now - back, version, 50 + number, 5 + number) for back in range(4)]
        feeding.push("ranker-labels", *rows)

    return work


def test_what_is_pushed_while_polls_go_on_is_counted_once(database: Database) -> None:
    world = World(database)
    world.clock.advance(-ROUNDS * HOUR)
    feeding = Feeding(world, (ACCURACY, RECALL))
    over_and_over(ROUNDS, polling(feeding), pushing(feeding, "37"), pushing(feeding, "38"))
    feeding.poll()
    known = database.read(lambda books: books.observations.of("ranker-labels", 0, NOON))
    for hour in range(-2 * ROUNDS, 1):
        inside = [row for row in known if row.end <= NOON + hour * HOUR]
        found = feeding.totals(ACCURACY, hour)
        assert found[0] == sum(row.labelled for row in inside)
        assert found[1] == sum(row.fp or 0 for row in inside)
        assert found[2] == HOUR * len({row.end for row in inside})
        assert feeding.totals(RECALL, hour)[0] == sum(row.tp or 0 for row in inside)
