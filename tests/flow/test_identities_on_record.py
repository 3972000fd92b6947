"""Whoever decides through any flow stands in the history with all that the identity map knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.identity import Identities, Identity
from bot.decide.people import Door
from bot.errors import UserError
from bot.flow.ask.request import AskFor, Outcome
from bot.flow.freeze.dispute import Dispute, Objection
from bot.flow.freeze.edit import EditFreeze, Revision
from bot.record import Database
from tests.flow.adjusting import minutes_ago, take_out
from tests.flow.conftest import QUICK, World
from tests.flow.overriding import asked, frozen, glass, people, review, revoke, taking, who
from tests.fresh import fresh_sqlite

NAMES = ("ada", "ben", "lead", "eve")


class Mapped(World):
    """Everybody has a login at a code host."""

    def catalog(self) -> Catalog:
        known = [Identity((f"U{name.upper()}", f"github:{name}")) for name in NAMES]
        return replace(super().catalog(), identities=Identities.of(known))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Mapped]:
    database = Database(fresh_sqlite(tmp_path / "burnban.db"))
    made = Mapped(database, policy=QUICK)
    people(made)
    yield made
    database.close()


def asking(world: World) -> AskFor:
    return AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)


def number(outcome: Outcome) -> int:
    assert outcome.request is not None
    return outcome.request.id


def newest(world: World, event: str) -> tuple[str, str]:
    """Who did that last, and who else that is."""
    actor = world.story(event)[-1].decision.actor
    assert actor.door is Door.SLACK
    return actor.id, actor.identity


def test_whoever_freezes_edits_disputes_or_asks_to_lift(world: World) -> None:
    made = frozen(world)
    assert newest(world, "frozen") == ("UADA", "github:ada")
    EditFreeze(asking(world)).run(Revision(made, "worse", timedelta(hours=5)), who("ada"))
    assert newest(world, "edit_requested") == ("UADA", "github:ada")
    EditFreeze(asking(world)).run(Revision(made, "clearer", reason_only=True), who("ada"))
    assert newest(world, "freeze_edited") == ("UADA", "github:ada")
    Dispute(asking(world)).run(Objection(world.catalog().scope("ranker"), "no"), who("eve"))
    assert newest(world, "freeze_disputed") == ("UEVE", "github:eve")
    world.ask(Wish.UNFREEZE, "UBEN")
    assert newest(world, "unfreeze_requested") == ("UBEN", "github:ben")


def test_whoever_asks_for_an_override_votes_on_it_and_takes_back(world: World) -> None:
    frozen(world)
    first = asked(world)
    assert newest(world, "override_requested") == ("UEVE", "github:eve")
    taking(world).request(first.id, who("eve"))
    assert newest(world, "request_cancelled") == ("UEVE", "github:eve")
    second = asked(world)
    world.vote(second, "UEVE")
    assert newest(world, "vote_refused") == ("UEVE", "github:eve")
    world.vote(second, "UADA")
    assert newest(world, "vote_cast") == ("UADA", "github:ada")
    assert newest(world, "override_granted") == ("UADA", "github:ada")
    revoke(world, second.id, by="lead")
    assert newest(world, "override_revoked") == ("ULEAD", "github:lead")


def test_whoever_breaks_the_glass_tries_to_or_reviews_it(world: World) -> None:
    frozen(world)
    with pytest.raises(UserError):
        glass(world, by="eve")
    assert newest(world, "glass_refused") == ("UEVE", "github:eve")
    broken = number(glass(world))
    assert newest(world, "glass_broken") == ("UADA", "github:ada")
    review(world, broken)
    assert newest(world, "review_done") == ("ULEAD", "github:lead")


def test_whoever_asks_for_time_to_be_taken_out(world: World) -> None:
    world.history_of_calm()
    take_out(world, minutes_ago(world, 60), minutes_ago(world, 30))
    assert newest(world, "adjustment_requested") == ("UEVE", "github:eve")
