"""From counts by version to a proposal: the accounts that the polls keep are what is judged."""

from fractions import Fraction

from bot.decide.approval import Wish
from bot.decide.release import NoteKind
from bot.flow.suspects import suspect_facts
from tests.builders import MINUTE
from tests.flow.canaries import Canaries
from tests.flow.conftest import World
from tests.flow.test_version_accounts import DAY, serve, told
from tests.flow.test_version_accounts import world as world


def beside(world: World) -> Canaries:
    """38 gets a tenth of the traffic beside 37, which has served for a month and more."""
    told(world, "37", NoteKind.BEGAN, ago=40 * DAY)
    serve(world, 5, v37=1)
    told(world, "38", NoteKind.SHARE, share=Fraction(1, 10))
    return Canaries(world)


def test_a_canary_that_fails_more_is_proposed_within_minutes(world: World) -> None:
    canaries = beside(world)
    looked = 0
    while not canaries.look():
        looked += 1
        assert looked < 20
        serve(world, 1, v37=0.5, v38=5)
    (request,) = [one for one in world.pending() if one.wish is Wish.ROLLBACK]
    (row,) = request.evidence["rows"]
    assert row["n1"] == row["n0"] == looked * 50
    assert row["b1"] == looked * 5
    assert row["e"] >= 20


def test_an_outage_of_both_is_blamed_on_neither(world: World) -> None:
    canaries = beside(world)
    for bad in (1, 25, 25, 1):
        serve(world, 5, v37=bad, v38=bad)
        assert canaries.look() == 0
    (found,) = canaries.show.facts("ranker")["rows"]
    assert found["b1"] == found["b0"]
    assert "Nothing says so far that 38 fails more than 37" in found["sentence"]


def test_a_burn_that_is_counted_less_far_than_its_budget_says_up_to_when(world: World) -> None:
    """Versions are counted after the budget is judged and its warning written."""
    beside(world)
    serve(world, 5, v37=1, v38=20)
    (one,) = (one for one in world.objectives if one.service == "ranker")

    def counted() -> tuple[str, int | None]:
        found = world.record.read(lambda books: suspect_facts(books, one, world.clock.now()))
        assert found is not None
        return found["version"], found["counted"]

    until = int(world.clock.now().timestamp())
    assert counted() == ("38", None)
    world.source.steady(one.id, until, until + MINUTE, 100 / 60, 21 / 60)
    world.clock.advance(MINUTE)
    world.evaluate()
    assert counted() == ("38", until)
