"""Over every store: labels by version, late ones too, make up the objective in every slice."""

import threading
from random import Random

import pytest

from bot.decide.release import NoteKind
from bot.flow.poll.receive import Batch, take
from bot.ports import Books, Record
from bot.record import Database
from tests.at_once import over_and_over
from tests.builders import HOUR, NOON
from tests.contract.test_feed_races import ROUNDS, polling, pushing
from tests.flow.conftest import World
from tests.flow.feeding import ACCURACY, PUSHER, RECALL, Feeding, labels

pytest_plugins = ["tests.record_stores"]
VERSIONS = ("37", "38")
HOURS = range(-40, ROUNDS + 4)


def sums(feeding: Feeding, versions: tuple[str, ...] = VERSIONS) -> None:
    """In every slice: what versions counted, and the rows of none of them, is the objective's."""
    known = feeding.world.record.read(
        lambda books: books.observations.of("ranker-labels", 0, 2**40)
    )
    for one in (ACCURACY, RECALL):
        owns = [own for version in versions if (own := feeding.served(one, version)) is not None]
        assert len(owns) == len(versions)
        for hour in HOURS:
            at = NOON + hour * HOUR
            rest = [row for row in known if row.version not in versions and row.end <= at]
            right = sum(row.tp or 0 for row in rest)
            wrong = sum(row.fp or 0 for row in rest) if one is ACCURACY else 0
            eligible, bad, _ = feeding.totals(one, hour)
            assert eligible == sum(own.at(at).eligible for own in owns) + right + wrong
            assert bad == sum(own.at(at).bad for own in owns) + wrong


@pytest.mark.parametrize("seed", range(4))
def test_versions_and_what_is_of_none_are_the_objective_in_every_slice(
    record: Record, seed: int
) -> None:
    random = Random(seed)
    feeding = Feeding(World(record), (ACCURACY, RECALL))  # type: ignore[arg-type] # any record
    stages: dict[tuple[int, str], int] = {}
    acts = [*["push"] * 24, *["poll"] * 4, *["count"] * 4, "37", "38"]
    for act in random.sample(acts, len(acts)):
        if act == "poll":
            feeding.poll(random.choice([0, 1]))
        elif act == "count":
            feeding.count(random.choice([0, 1]))
        elif act in VERSIONS:
            feeding.release(act)
        else:
            key = random.randrange(-30, 1), random.choice(["", "36", *VERSIONS])
            stages[key] = stages.get(key, 0) + random.randrange(1, 40)
            hour, version = key
            feeding.push("ranker-labels", labels(hour, version, 2 * stages[key], stages[key]))
    for version in VERSIONS:
        feeding.push("ranker-labels", labels(-1, version, 200 * stages.get((-1, version), 1), 0))
    feeding.poll(1)
    feeding.count(1)
    feeding.poll()
    sums(feeding)


def test_versions_that_are_opened_and_read_while_labels_come_in_miss_none_of_them(
    database: Database,
) -> None:
    """Two pushers, a poll an hour, and the accounts of versions beside them: each told only when
    labels of it have come in for a while."""
    world = World(database)
    world.clock.advance(-ROUNDS * HOUR)
    feeding = Feeding(world, (ACCURACY, RECALL))

    def counting(number: int) -> None:
        if number in (1, ROUNDS // 2):
            feeding.release("37" if number == 1 else "38", NoteKind.SHARE, ago=1)
        feeding.count()

    over_and_over(
        ROUNDS, polling(feeding), pushing(feeding, "37"), pushing(feeding, "38"), counting
    )
    feeding.poll(1)
    feeding.count()
    sums(feeding)


def test_an_account_that_opens_while_a_push_is_under_way_has_what_it_brings(
    database: Database,
) -> None:
    """The push found no account to move, and whoever opens one cannot see its rows yet: so the
    reader waits for it."""
    feeding = Feeding(World(database), (ACCURACY, RECALL))
    feeding.poll()
    feeding.release("38", ago=1)
    posted, read = threading.Event(), threading.Event()

    def push(books: Books) -> None:
        batch = Batch("ranker-labels", [(0, labels(0, "38"))])
        take(books, feeding.catalog(), batch, PUSHER.actor, feeding.world.clock.now())
        posted.set()
        read.wait(1)  # as long as it takes to read past it, if nothing held the reader back

    def count() -> None:
        assert posted.wait(10)
        feeding.count()
        read.set()

    threads = [threading.Thread(target=count), threading.Thread(target=database.write, args=[push])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert read.is_set()
    sums(feeding, ("38",))
