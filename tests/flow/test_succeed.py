"""Changed specs: nothing thaws by an edit of a file, and no warning burns for ever."""

from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.errors import SpecError
from bot.flow.poll.succeed import refuse_to_unfreeze, take_leave
from tests.builders import objective
from tests.flow.conftest import OPS, World


def renamed(former: Catalog) -> Catalog:
    """The same services under a team of another name."""
    team = replace(former.teams["search"], name="find")
    services = {name: replace(s, team="find") for name, s in former.services.items()}
    return replace(former, services=services, teams={"find": team}, version="2")


def test_a_reload_never_lifts_a_freeze(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", word="search")
    former = world.catalog()
    with pytest.raises(SpecError) as caught:
        refuse_to_unfreeze(former, renamed(former), world.freezes())
    assert "ranker, recs" in str(caught.value)


def test_a_service_that_is_gone_needs_no_freeze(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", word="ranker")
    former = world.catalog()
    rest = {name: s for name, s in former.services.items() if name != "ranker"}
    refuse_to_unfreeze(former, replace(former, services=rest), world.freezes())


def test_the_warning_of_a_removed_objective_is_closed(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    former = world.catalog()
    rest = tuple(o for o in former.objectives if o.service != "ranker")
    now = world.clock.now()
    later = replace(former, objectives=rest, version="2")
    for _ in range(2):  # as two replicas would
        world.record.write(lambda books: take_leave(books, former, later, OPS, now))
    world.deliver()
    assert world.episode() is None
    assert len([t for t in world.replies() if "no longer in the spec files" in t]) == 1
    assert len(world.story("specs_changed")) == 1


def test_a_replica_with_other_specs_leaves_accounts_alone(world: World) -> None:
    world.history_of_calm()
    changed = replace(objective(), indicator=replace(objective().indicator, total="other_total"))
    others = (changed, objective("recs"))
    world.record.write(lambda books: books.ledger.open(others, world.clock.now()))
    world.clock.advance(600)
    assert world.evaluate() == 1, "only the account that is counted as its specs say"
