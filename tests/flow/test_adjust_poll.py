"""What a poll costs that knows of adjustments: one question, however many objectives."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.decide.adjustment import Adjustment
from bot.decide.approval import RequestState
from bot.flow.evaluate import Evaluate
from bot.judge.ledger import Balances
from bot.ports import Books
from tests.builders import objective
from tests.flow.adjusting import minutes_ago, outage, take_out, verdict
from tests.flow.conftest import World

T = TypeVar("T")


class Counted:
    """A record that counts how often somebody asks which adjustments hold."""

    def __init__(self, world: World) -> None:
        self._record = world.record
        self.read, self.check, self.close = (
            world.record.read,
            world.record.check,
            world.record.close,
        )
        self.asked = 0

    def write(self, work: Callable[[Books], T]) -> T:
        """See Record."""

        def counting(books: Books) -> T:
            holding = books.adjustments.holding

            def asked() -> list[Adjustment]:
                self.asked += 1
                return holding()

            books.adjustments.holding = asked  # type: ignore[method-assign]
            return work(books)

        return self._record.write(counting)


def test_a_poll_asks_once_for_all_its_objectives(world: World) -> None:
    world.objectives = tuple(objective(f"model-{n}") for n in range(7))
    world.open()
    world.history_of_calm()
    counted = Counted(world)
    flow = Evaluate(counted, world.clock, world.catalog, world.ops, chunk=2)
    world.clock.advance(60)
    assert flow.run(world.source) == 7
    assert counted.asked == 1


def test_the_next_poll_knows_what_was_approved_since(world: World) -> None:
    outage(world)
    start, end = minutes_ago(world, 70), minutes_ago(world, 10)
    flow = Evaluate(world.record, world.clock, world.catalog, world.ops)
    flow.run(world.source)
    world.vote(take_out(world, start, end).request, "UADA")
    world.clock.advance(60)
    flow.run(world.source)
    standing = world.record.read(lambda books: books.standings.get(["ranker/availability"]))
    assert standing["ranker/availability"].kind is verdict(world).kind
    assert verdict(world).taken == 3_600


def test_objectives_of_other_services_are_left_as_they_were(world: World) -> None:
    outage(world)
    before = verdict(world, "recs/availability")
    start, end = minutes_ago(world, 70), minutes_ago(world, 10)
    world.vote(take_out(world, start, end).request, "UADA")
    assert verdict(world, "recs/availability") == before


def test_an_approval_looks_once_into_the_ledger_for_both_figures(world: World) -> None:
    world.objectives = tuple(objective(f"model-{n}") for n in range(5))
    world.open()
    world.history_of_calm()
    world.traffic("model-0/availability", 100, 20)
    start, end = minutes_ago(world, 20), minutes_ago(world, 0)
    request = take_out(world, start, end, word="all").request
    looks: list[int] = []

    def counting(work: Callable[[Books], T]) -> T:
        def watched(books: Books) -> T:
            balances = books.ledger.balances

            def looked(wanted: Mapping[int, Sequence[int]]) -> dict[int, Balances]:
                looks.append(len(wanted))
                return balances(wanted)

            books.ledger.balances = looked  # type: ignore[method-assign]
            return work(books)

        return plain(watched)

    plain, world.record.write = world.record.write, counting  # type: ignore[method-assign]
    assert world.vote(request, "UADA").state is RequestState.APPROVED
    assert looks == [5]
    (row,) = world.story("budget_adjusted")
    first = row.decision.evidence["figures"][0]
    assert (first["objective"], first["bad"], first["bad_taken"]) == (
        "model-0/availability", 2_000, 2_000,
    )  # fmt: skip
