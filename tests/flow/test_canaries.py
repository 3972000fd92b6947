"""A release that fails more than the one beside it: proposed once, carried out once approved."""

from dataclasses import replace
from typing import Any

import pytest

from bot.decide.approval import Answer, Choice, RequestState, Wish
from bot.decide.outside import Outside
from bot.decide.people import Person
from bot.decide.policy import Mode, Rollback
from bot.decide.release import NoteKind
from bot.errors import UserError
from bot.flow.canary.evidence import compare, releases_of
from bot.flow.canary.propose import advise
from bot.flow.hosts.restore import MoveBack
from bot.flow.hosts.visits import Visits
from bot.ports.hosts import Watch, WatchKind
from tests.builders import MINUTE
from tests.flow.adjusting import plainly
from tests.flow.canaries import DEPLOYER, REGISTRY, Canaries
from tests.flow.conftest import SEARCH, World
from tests.flow.test_ungated import Models


@pytest.fixture
def canaries(world: World) -> Canaries:
    return Canaries(world)


def said(canaries: Canaries, template: str = "") -> str:
    canaries.world.deliver()
    messages = [p.message for p in canaries.world.messenger.posted if p.channel == SEARCH]
    found = [one for one in messages if template in one.text]
    return plainly(found[-1])


def watched(canaries: Canaries) -> list[Watch]:
    return canaries.world.record.read(lambda books: books.watches.of(WatchKind.ROLLBACK))


def test_a_canary_that_fails_more_is_put_before_people_with_both_counts(
    canaries: Canaries,
) -> None:
    canaries.bad()
    assert canaries.look() == 1
    (request,) = canaries.world.pending()
    assert (request.wish, request.scope.name) == (Wish.ROLLBACK, "ranker")
    text = said(canaries, "roll 38 back to 37?")
    assert "evidence that 38 fails more than 37" in text
    assert "150 of 3,000 against 30 of 3,000" in text
    assert "<!subteam^S1>" in text
    assert "whoever approves rolls back by hand" in text
    (row,) = canaries.world.story("rollback_advised")
    assert row.decision.evidence["rows"][0]["b1"] == 150
    assert row.decision.evidence["request"] == request.id


def test_a_rollback_names_those_who_may_decide_as_well_and_wakes_only_the_on_call(
    canaries: Canaries,
) -> None:
    canaries.bad()
    canaries.look()
    text = said(canaries, "roll 38 back to 37?")
    assert "<!subteam^S1>, please decide" in text
    assert "The team's approvers may decide as well." in text
    assert "ULEAD" not in text
    canaries.world.directory.add(Person("ULEAD", "lead", "T1"))
    assert canaries.world.vote(canaries.world.pending()[0], "ULEAD").answer is Answer.DECIDED


def test_a_release_is_advised_against_once_however_often_one_looks(canaries: Canaries) -> None:
    canaries.bad()
    assert canaries.look() == 1
    (request,) = canaries.world.pending()
    canaries.world.vote(request, "UADA", Choice.DENY)
    for _ in range(3):
        canaries.serve(5, {"37": 1.0, "38": 5.0})
        assert canaries.look() == 0
    assert len(canaries.world.story("rollback_advised")) == 1


def test_two_replicas_that_look_at_once_propose_once(canaries: Canaries) -> None:
    canaries.bad()
    world, catalog, now = canaries.world, canaries.catalog(), canaries.world.clock.now()
    found = world.record.read(
        lambda books: compare(books, catalog, releases_of(books, "ranker", now), now)
    )
    assert found is not None
    told = [
        world.record.write(lambda books: advise(books, catalog, world.ops, found, now))
        for _ in range(2)
    ]
    assert told == [1, 0]
    assert len(world.pending()) == 1


def test_what_fails_alike_is_left_alone(canaries: Canaries) -> None:
    canaries.canary()
    canaries.serve(60, {"37": 20.0, "38": 20.0})
    assert canaries.look() == 0
    assert canaries.world.pending() == []


def test_a_release_that_serves_alone_is_never_advised_against(canaries: Canaries) -> None:
    canaries.note("37")
    canaries.serve(30, {"37": 50.0})
    assert canaries.look() == 0
    facts = canaries.show.facts("ranker")
    assert facts["withheld"] == "alone"


def test_versions_that_are_not_counted_apart_say_nothing(canaries: Canaries) -> None:
    canaries.canary()
    assert canaries.look() == 0
    assert canaries.show.facts("ranker")["withheld"] == "accounts"


def test_of_what_was_before_the_two_served_together_nothing_counts(canaries: Canaries) -> None:
    canaries.note("37")
    canaries.serve(60, {"37": 0.0, "38": 60.0})
    canaries.note("38", NoteKind.SHARE)
    canaries.serve(10, {"37": 1.0, "38": 1.0})
    assert canaries.look() == 0
    (row,) = canaries.show.facts("ranker")["rows"]
    assert (row["b1"], row["n1"]) == (10, 1_000)


def test_the_figures_are_shown_on_demand_and_whether_it_was_proposed(canaries: Canaries) -> None:
    canaries.bad()
    before = canaries.show.facts("ranker")
    assert before["advised"] is None
    assert (before["release"], before["to"], before["rows"][0]["n0"]) == ("38", "37", 3_000)
    canaries.look()
    (request,) = canaries.world.pending()
    assert canaries.show.facts("ranker")["advised"]["request"] == request.id
    assert canaries.show.facts("recs")["withheld"] == "none"
    with pytest.raises(UserError):
        canaries.show.facts("all")


def test_an_approved_rollback_is_on_record_for_whoever_carries_it_out(canaries: Canaries) -> None:
    canaries.outside = Outside(hooks={"deployer": DEPLOYER})
    canaries.bad()
    canaries.look()
    assert "the webhook deployer is told to do it" in said(canaries, "roll 38 back")
    assert canaries.show.granted("ranker", "38") == ""
    (request,) = canaries.world.pending()
    assert canaries.world.vote(request, "UADA").state is RequestState.APPROVED
    (row,) = canaries.world.story("rollback_granted")
    assert row.decision.evidence["release"] == "38"
    assert row.decision.evidence["to"] == "37"
    assert row.decision.evidence["votes"][0][0] == "UADA"
    assert canaries.show.granted("ranker", "38") == "37"
    assert canaries.show.granted("ranker", "37") == ""
    with pytest.raises(UserError):
        canaries.show.granted("nobody", "38")


def alias_at(canaries: Canaries, version: str) -> None:
    canaries.outside = Outside(registries={"main": REGISTRY})
    world, facts = canaries.world, {"version": version, "former": "37"}
    watch = Watch("mlflow:main:ranker:@champion", WatchKind.SERVED, "main", "ranker", facts)
    world.record.write(lambda books: books.watches.put(watch, world.clock.now()))
    canaries.world.catalog = catalog_with(canaries)  # type: ignore[method-assign]


def catalog_with(canaries: Canaries) -> Any:
    plain = canaries.world.catalog
    return lambda: replace(plain(), outside=canaries.outside)


@pytest.mark.parametrize(("stands", "moved"), [("38", 1), ("37", 0)])
def test_an_alias_is_moved_back_only_if_it_stands_at_the_release(
    canaries: Canaries, stands: str, moved: int
) -> None:
    alias_at(canaries, stands)
    canaries.bad()
    canaries.look()
    (request,) = canaries.world.pending()
    canaries.world.vote(request, "UADA")
    found = canaries.world.record.read(lambda books: books.watches.of(WatchKind.BACK))
    assert [(one.facts["from"], one.facts["to"]) for one in found] == [("38", "37")] * moved


def test_an_approved_rollback_moves_the_alias_and_its_outcome_follows_from_the_journal(
    canaries: Canaries,
) -> None:
    alias_at(canaries, "38")
    world, models = canaries.world, Models()
    models.aliases = {"champion": "38"}
    canaries.bad()
    canaries.look()
    (request,) = world.pending()
    world.vote(request, "UADA")
    world.clock.advance(MINUTE)
    visits = Visits(world.record, world.clock, world.ops)
    back = MoveBack(world.record, world.clock, world.catalog, lambda name: models, visits)
    assert back.run() == 1
    assert models.moved == [("ranker", "champion", "37")]
    canaries.follow()
    (row,) = world.story("rollback_ended")
    assert (row.decision.evidence["end"], row.decision.evidence["decided"]) == (
        "rolled_back",
        "approved",
    )


def test_nothing_is_carried_out_that_nobody_approved(canaries: Canaries) -> None:
    alias_at(canaries, "38")
    canaries.bad()
    canaries.look()
    (request,) = canaries.world.pending()
    canaries.world.vote(request, "UADA", Choice.DENY)
    assert canaries.world.story("rollback_granted") == []
    assert canaries.world.record.read(lambda books: books.watches.of(WatchKind.BACK)) == []
    assert "goes on serving" in said(canaries, "denied")


def test_a_policy_may_roll_back_by_itself_and_says_so(canaries: Canaries) -> None:
    world = canaries.world
    world.policy = replace(world.policy, rollback=Rollback.AUTO)
    alias_at(canaries, "38")
    canaries.bad()
    assert canaries.look() == 1
    assert world.pending() == []
    (row,) = world.story("rollback_granted")
    assert row.decision.actor.id == "burnban"
    assert row.decision.evidence["by_itself"] is True
    assert len(world.record.read(lambda books: books.watches.of(WatchKind.BACK))) == 1
    assert "rolls back by itself" in said(canaries, "is to be rolled back")


def test_a_policy_may_keep_out_of_it(canaries: Canaries) -> None:
    canaries.world.policy = replace(canaries.world.policy, rollback=Rollback.NEVER)
    canaries.bad()
    assert canaries.look() == 0
    found = canaries.show.facts("ranker")
    assert found["rows"][0]["advice"] == "roll_back"
    assert (found["policy"], found["proven"], found["worth"]) == ("never", True, False)


@pytest.mark.parametrize("rollback", [Rollback.ASK, Rollback.AUTO])
def test_a_policy_that_only_watches_asks_nobody_and_does_nothing(
    canaries: Canaries, rollback: Rollback
) -> None:
    world = canaries.world
    world.policy = replace(world.policy, rollback=rollback, mode=Mode.MONITOR)
    alias_at(canaries, "38")
    canaries.bad()
    assert [canaries.look(), canaries.look()] == [1, 0]
    assert world.pending() == []
    assert world.story("rollback_granted") == []
    (row,) = world.story("rollback_advised")
    assert row.decision.evidence["monitored"] is True
    assert "the policy only watches" in said(canaries, "the policy only watches")


def test_what_became_of_the_release_is_on_record_and_told_once(canaries: Canaries) -> None:
    canaries.bad()
    canaries.look()
    (request,) = canaries.world.pending()
    canaries.world.vote(request, "UADA")
    canaries.follow()
    assert canaries.world.story("rollback_ended") == []
    canaries.world.clock.advance(MINUTE)
    canaries.note("38", NoteKind.ROLLED_BACK)
    assert [canaries.follow(), canaries.follow()] == [1, 0]
    (row,) = canaries.world.story("rollback_ended")
    assert row.decision.evidence["end"] == "rolled_back"
    assert row.decision.evidence["decided"] == "approved"
    canaries.world.deliver()
    assert any("38 was rolled back" in text for text in canaries.world.replies())
    assert watched(canaries) == []


def test_a_rollback_that_does_not_happen_is_spoken_of_once(canaries: Canaries) -> None:
    canaries.bad()
    canaries.look()
    (request,) = canaries.world.pending()
    canaries.world.vote(request, "UADA")
    for _ in range(20):
        canaries.world.clock.advance(MINUTE)
        canaries.follow()
    canaries.world.deliver()
    assert sum("38 still serves" in text for text in canaries.world.replies()) == 1


def test_a_release_that_is_gone_leaves_nothing_to_decide(canaries: Canaries) -> None:
    canaries.bad()
    canaries.look()
    (request,) = canaries.world.pending()
    canaries.world.clock.advance(MINUTE)
    canaries.note("39")
    canaries.follow()
    assert canaries.world.pending() == []
    (row,) = canaries.world.story("rollback_ended")
    assert row.decision.evidence["end"] == "succeeded"
    assert row.decision.evidence["decided"] == "pending"
    state = canaries.world.record.read(lambda books: books.requests.get(request.id))
    assert state is not None
    assert state.closed is RequestState.SUPERSEDED


def test_a_version_that_comes_back_is_another_release(canaries: Canaries) -> None:
    canaries.bad()
    canaries.look()
    canaries.world.clock.advance(MINUTE)
    canaries.note("38", NoteKind.ROLLED_BACK)
    canaries.follow()
    canaries.world.clock.advance(MINUTE)
    canaries.note("38", NoteKind.SHARE)
    canaries.serve(30, {"37": 1.0, "38": 5.0})
    assert canaries.look() == 1
    assert len(canaries.world.story("rollback_advised")) == 2
