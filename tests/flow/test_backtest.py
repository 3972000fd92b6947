"""What policies would have done, asked of a real ledger; and which policy a service comes under."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.decide.adjustment import Adjustment
from bot.decide.approval import Stretch, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.decide.policy import Mode, Policy, Then, Threshold
from bot.decide.service import Service
from bot.decide.stated import Stated
from bot.errors import UserError
from bot.flow.show.backtest import Backtest, shortened
from bot.flow.show.explain import Explain
from tests.builders import MINUTE, NOON, objective, when
from tests.flow.conftest import QUICK, World

NAME = "ranker/availability"
STRICT = replace(QUICK, thresholds=(Threshold(Fraction(1, 2), Then.FREEZE),))
DAY = timedelta(days=1)


def under(world: World, policy: Policy) -> Catalog:
    return replace(world.catalog(), policies={"default": policy})


def burnt(world: World) -> Backtest:
    """Half an hour in which everything of the ranker went bad, two hours ago."""
    world.history_of_calm()
    world.traffic(NAME, bad=100, minutes=30)
    world.traffic(NAME, bad=0, minutes=5)
    return Backtest(world.record, world.clock, world.catalog)


def test_other_policies_are_held_against_those_in_force(world: World) -> None:
    flow = burnt(world)
    facts = flow.run(DAY, under(world, STRICT), "strict.yaml")
    assert (facts["present"]["freezes"], facts["tried"]["freezes"]) == (0, 1)
    assert facts["tried"]["frozen"] == 14 * MINUTE - MINUTE
    assert facts["present"]["pages"] == facts["tried"]["pages"] == 1
    (row,) = facts["rows"]
    assert (row["service"], row["effect"], row["change"]) == ("ranker", "freeze", "new")
    assert row["until"] is None
    assert (facts["services"], facts["objectives"], facts["named"]) == (2, 2, "strict.yaml")
    assert world.record.read(lambda b: b.freezes.standing(world.clock.now())) == []


def test_what_is_in_force_can_be_asked_alone(world: World) -> None:
    world.policy = STRICT
    flow = burnt(world)
    facts = flow.run(DAY)
    assert facts["tried"] is None
    (row,) = facts["rows"]
    assert row["change"] == "same"
    (freeze,) = world.freezes()
    assert row["since"] == int(freeze.starts_at.timestamp())


def test_what_both_would_have_done_is_the_same(world: World) -> None:
    world.policy = STRICT
    flow = burnt(world)
    milder = replace(STRICT, thresholds=(Threshold(Fraction(1, 2), Then.HOLD),))
    assert [row["change"] for row in flow.run(DAY, under(world, STRICT))["rows"]] == ["same"]
    changes = {row["effect"]: row["change"] for row in flow.run(DAY, under(world, milder))["rows"]}
    assert changes == {"hold": "new", "freeze": "gone"}


def test_an_answer_of_people_can_be_assumed(world: World) -> None:
    asking = replace(QUICK, thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),))
    flow = burnt(world)
    never = flow.run(DAY, under(world, asking))
    assert (never["tried"]["requests"], never["tried"]["freezes"]) == (1, 0)
    soon = flow.run(DAY, under(world, asking), answer=timedelta(minutes=5))
    assert (soon["tried"]["requests"], soon["tried"]["freezes"]) == (1, 1)
    (row,) = soon["rows"]
    assert row["approved"]
    assert soon["answer"] == 300


def test_time_that_people_took_out_of_the_budget_is_left_out(world: World) -> None:
    flow = burnt(world)
    stretch = Stretch(when(NOON), when(NOON + 30 * MINUTE), (NAME,), "network")
    asked = world.ask(Wish.FREEZE, "UEVE").request
    assert asked is not None
    fresh = Adjustment(0, asked.id, stretch, "not ours", world.clock.now())
    world.record.write(lambda b: b.adjustments.add(fresh))
    assert flow.run(DAY, under(world, STRICT))["tried"]["freezes"] == 0


def test_a_policy_in_force_that_only_watches_is_named(world: World) -> None:
    world.policy = replace(STRICT, mode=Mode.MONITOR)
    facts = burnt(world).run(DAY)
    assert facts["watched"] == ["ranker", "recs"]
    assert facts["present"]["freezes"] == 1, "replayed as if it acted"


def test_objectives_without_counts_are_passed_over(world: World) -> None:
    flow = burnt(world)
    world.objectives = (*world.objectives, objective("speller"))
    world.open()
    facts = flow.run(DAY, under(world, STRICT))
    assert (facts["services"], facts["objectives"]) == (3, 2)


def test_releases_that_asked_the_gate_meanwhile_are_counted_once_each(world: World) -> None:
    flow = burnt(world)
    for minutes, version in ((3, "38"), (2, "38"), (1, "39"), (40, "37")):
        at = world.clock.now() - timedelta(minutes=minutes)
        facts = {"version": version, "commit": "", "digest": ""}
        said = Decision(Event.RELEASE_ALLOWED, at, BURNBAN, "service:ranker", "may go", facts, "v1")
        world.record.write(lambda b, one=said: b.history.append(one))
    facts = flow.run(DAY, under(world, STRICT))
    assert (facts["present"]["stopped"], facts["tried"]["stopped"]) == (0, 2)


def test_before_the_first_counts_it_is_said_that_there_are_none(world: World) -> None:
    flow = Backtest(world.record, world.clock, world.catalog)
    with pytest.raises(UserError, match="Nothing has been counted yet") as caught:
        flow.run(DAY)
    assert "burnban doctor" in caught.value.example


def test_it_is_said_how_far_the_record_reaches(world: World) -> None:
    flow = burnt(world)
    facts = flow.run(timedelta(days=60))
    assert facts["opened"] > facts["since"]
    assert facts["seconds"] == 60 * 86_400


def test_a_message_names_only_the_first_of_many(world: World) -> None:
    facts = burnt(world).run(DAY, under(world, STRICT))
    many = {**facts, "rows": facts["rows"] * 40}
    short = shortened(many)
    assert (len(short["rows"]), short["more"]) == (15, 25)
    assert world.renderer().message("backtest", short).text


def test_progress_is_told_service_by_service(world: World) -> None:
    flow, told = burnt(world), []
    flow.run(timedelta(hours=1), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2)]


def test_a_service_is_told_its_policy_and_where_each_value_is_written() -> None:
    policy = replace(QUICK, name="org → own", mode=Mode.MONITOR)
    own = objective(name="quality", policy="org → quality")
    catalog = Catalog(
        objectives=(objective(policy="org → own"), own),
        services={"ranker": Service("ranker", "Ranker", "", policy="org → own")},
        policies={"org → own": policy},
        stated={"org → own": (Stated("thaw.left", "10%", "own", "slos/a.yaml:3"),)},
    )
    facts = Explain(lambda: catalog).policy("ranker")
    assert (facts["policy"], facts["mode"]) == ("org → own", "monitor")
    assert facts["rows"] == [
        {"field": "thaw.left", "value": "10%", "policy": "own", "where": "slos/a.yaml:3"}
    ]
    assert facts["others"] == [
        {"objective": "quality", "id": "ranker/quality", "policy": "org → quality"}
    ]
    with pytest.raises(UserError, match="A policy is that of one service"):
        Explain(lambda: catalog).policy("all")


def test_an_objective_with_a_policy_of_its_own_can_be_asked_for_it() -> None:
    own = objective(name="quality", policy="org → quality")
    catalog = Catalog(
        objectives=(objective(policy="org"), own),
        services={"ranker": Service("ranker", "Ranker", "", policy="org")},
        policies={"org": QUICK, "org → quality": replace(QUICK, name="org → quality")},
        stated={"org → quality": (Stated("thaw.left", "10%", "quality", "slos/a.yaml:3"),)},
    )
    facts = Explain(lambda: catalog).policy("ranker/quality")
    assert (facts["service"], facts["policy"]) == ("ranker/quality", "org → quality")
    assert facts["rows"] == [
        {"field": "thaw.left", "value": "10%", "policy": "quality", "where": "slos/a.yaml:3"}
    ]
    assert facts["others"] == []
    with pytest.raises(UserError, match="There is no objective `ranker/qualty`") as told:
        Explain(lambda: catalog).policy("ranker/qualty")
    assert "/budget policy ranker/quality" in str(told.value.example)
