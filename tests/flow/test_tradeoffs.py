"""What a release would cost and bring, from what it did beside another version, or by hand."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from bot.decide.release import NoteKind
from bot.errors import UserError
from bot.flow.advice import advice
from bot.flow.facts import Facts
from bot.flow.poll.restate import reaching
from bot.flow.poll.versions import CountVersions
from bot.flow.show.tradeoff import ShowTradeoff
from bot.judge.indicator import Labelled, Op, Scored
from bot.judge.ledger import Slice
from bot.judge.newcombe import newcombe
from bot.judge.observation import Observation
from bot.judge.stake import Change
from bot.judge.tally import Quality
from bot.measure.observed import ObservedSource
from tests.builders import HOUR, MINUTE, objective
from tests.flow.canaries import Canaries
from tests.flow.conftest import World
from tests.flow.feeding import fed

AVAILABILITY = replace(objective(target="0.99"), version_label="version")
ACCURACY = replace(fed("accuracy", Labelled("labels", Quality.ACCURACY)), target=Fraction(9, 10))
DRIFT = fed("drift", Scored("scores", Op.LTE, Fraction(1, 5)))


@pytest.fixture
def canaries(world: World) -> Canaries:
    """A week at 0.2 % failures; accuracy is counted as the rest is."""
    world.objectives = (AVAILABILITY, ACCURACY, DRIFT)
    world.open()
    now = int(world.clock.now().timestamp())
    world.source.steady(AVAILABILITY.id, now - 31 * 24 * HOUR, now, 100 / 60, 0.2 / 60)
    world.evaluate()
    made = Canaries(world)
    hours = range(now - 31 * 24 * HOUR + HOUR, now + 1, HOUR)
    made.count(ACCURACY, [Slice(at, 6_000.0, 240.0, HOUR) for at in hours])
    return made


def weigh(canaries: Canaries, version: str = "38", **given: Change) -> dict[str, Any]:
    world = canaries.world
    return ShowTradeoff(world.record, world.clock, world.catalog).facts("ranker", version, given)


def points(middle: str, half: str = "0") -> Change:
    """More bad events, in points."""
    value, spread = Fraction(middle) / 100, Fraction(half) / 100
    return Change(value, value - spread, value + spread)


def labels(canaries: Canaries, **wrong: float) -> None:
    """What a feed says of the last hour: of 1,000 predictions of each version so many were
    wrong."""
    end = int(canaries.world.clock.now().timestamp())
    rows = [
        Observation(end - HOUR, end, name[1:], tp=1_000 - bad, fp=bad, fn=0.0, tn=0.0)
        for name, bad in wrong.items()
    ]
    world, now = canaries.world, canaries.world.clock.now()
    world.record.write(lambda books: books.observations.put("labels", rows, now))
    source = ObservedSource(
        "labels", lambda feed, a, b: world.record.read(lambda books: reaching(books, feed, a, b))
    )
    assert CountVersions(world.record, world.clock, world.catalog).run(source) == 2


def test_a_release_that_answers_better_at_little_cost_is_accepted(canaries: Canaries) -> None:
    canaries.canary()
    canaries.serve(60, {"37": 0.2, "38": 0.25})
    labels(canaries, v37=40.0, v38=10.0)
    canaries.keep_up()
    found = weigh(canaries)
    assert (found["ruling"], found["beside"], found["missing"]) == ("accept", "37", "")
    assert found["answers"] > 0
    assert [row["objective"] for row in found["rows"]] == ["availability", "accuracy"]
    assert [row["title"] for row in found["left_out"]] == ["drift"]
    assert "10 of 1,000 bad with 38, 40 of 1,000 with 37" in found["rows"][1]["evidence"]


def test_the_interval_is_that_of_both_counts(canaries: Canaries) -> None:
    canaries.canary()
    canaries.serve(60, {"37": 0.2, "38": 1.2})
    found = weigh(canaries)
    gap = newcombe(72.0, 6_000.0, 12.0, 6_000.0)
    said = found["rows"][0]["evidence"]
    assert said.startswith("72 of 6,000 bad with 38, 12 of 6,000 with 37: 1 points more bad")
    assert f"({gap.low * 100:.3g} to {gap.high * 100:.3g})" in said


def test_what_no_budget_can_afford_is_rejected_whatever_it_brings(canaries: Canaries) -> None:
    found = weigh(canaries, availability=points("2"), accuracy=points("-3", "0.1"))
    assert found["ruling"] == "reject"
    assert found["text"].startswith("Reject: the budget of availability cannot afford it.")
    assert all(row["given"] for row in found["rows"])


def test_an_interval_that_straddles_the_reserve_holds(canaries: Canaries) -> None:
    found = weigh(canaries, availability=points("0.5", "0.4"), accuracy=points("-3"))
    assert found["ruling"] == "hold"


def test_the_price_of_a_lost_request_is_the_teams(canaries: Canaries) -> None:
    changes = {"availability": points("0.1"), "accuracy": points("-0.5")}
    assert weigh(canaries, **changes)["ruling"] == "accept"
    canaries.world.policy = replace(canaries.world.policy, request_price=Fraction(9))
    dear = weigh(canaries, **changes)
    assert (dear["ruling"], dear["price"]) == ("reject", 9)
    assert dear["exchange"] == pytest.approx(5, rel=0.01)


def test_more_must_be_left_where_the_team_says_so(canaries: Canaries) -> None:
    change = points("0.3")
    assert weigh(canaries, availability=change)["ruling"] == "accept"
    canaries.world.policy = replace(canaries.world.policy, reserve=Fraction(8, 10))
    assert weigh(canaries, availability=change)["ruling"] == "reject"


def test_with_one_side_alone_only_the_cost_is_weighed(canaries: Canaries) -> None:
    found = weigh(canaries, availability=points("0.1"))
    assert found["ruling"] == "accept"
    assert found["missing"] == "nothing tells how right its answers are"
    found = weigh(canaries, accuracy=points("0.1"))
    assert found["ruling"] == "accept"
    assert found["missing"] == "nothing tells how many requests it loses"


def test_without_a_version_beside_it_nothing_is_weighed_and_it_says_why(
    canaries: Canaries,
) -> None:
    found = weigh(canaries)
    assert (found["ruling"], found["rows"], found["text"]) == ("unknown", [], "")
    whys = {row["why"] for row in found["left_out"]}
    assert "nobody told of another version that served beside 38" in whys
    canaries.note("38")
    assert weigh(canaries)["ruling"] == "unknown"


def test_where_nothing_tells_versions_apart_nothing_is_weighed(canaries: Canaries) -> None:
    canaries.canary()
    canaries.world.clock.advance(30 * MINUTE)
    found = weigh(canaries)
    assert found["ruling"] == "unknown"
    assert "nothing tells 38 and 37 apart" in {row["why"] for row in found["left_out"]}


def test_labels_that_are_not_due_yet_are_not_weighed_and_it_says_how_long_they_take(
    canaries: Canaries,
) -> None:
    slow = replace(ACCURACY, label_delay=7 * 24 * HOUR)
    canaries.world.objectives = (AVAILABILITY, slow, DRIFT)
    canaries.canary()
    canaries.serve(60, {"37": 0.2, "38": 0.25})
    labels(canaries, v37=40.0, v38=10.0)
    found = weigh(canaries)
    assert [row["objective"] for row in found["rows"]] == ["availability"]
    why = {row["title"]: row["why"] for row in found["left_out"]}["accuracy"]
    assert why == "labels take 7 d, and 38 has not served that long beside another"
    canaries.world.clock.advance(7 * 24 * HOUR)
    found = weigh(canaries)
    assert [row["objective"] for row in found["rows"]] == ["availability", "accuracy"]


def test_where_releases_come_often_little_is_at_stake(canaries: Canaries) -> None:
    """The next one comes in an hour: what this one costs until then is next to nothing."""
    before = weigh(canaries, availability=points("2"))
    assert before["ruling"] == "reject"
    for version in ("35", "36", "37"):
        canaries.note(version)
        canaries.world.clock.advance(HOUR)
    canaries.note("38", NoteKind.ANNOUNCED)
    canaries.keep_up()
    after = weigh(canaries, availability=points("2"))
    assert after["ruling"] == "accept"
    assert after["rows"][0]["expected"] < before["rows"][0]["expected"] / 100


def test_an_objective_that_is_not_there_is_refused_with_those_that_are(canaries: Canaries) -> None:
    with pytest.raises(UserError, match=r"has no objective `latency`\. It has: `accuracy`, `av"):
        weigh(canaries, latency=points("1"))


def test_a_trade_off_is_that_of_one_service(world: World) -> None:
    flow = ShowTradeoff(world.record, world.clock, world.catalog)
    with pytest.raises(UserError, match="for one service"):
        flow.facts("all", "38")


def test_what_is_proposed_to_be_given_by_hand_are_objectives_that_the_service_has(
    canaries: Canaries,
) -> None:
    said = "--accuracy +1.5±0.2 --availability -0.02±0.01"
    assert weigh(canaries, "nobody told of")["by_hand"] == said
    canaries.world.objectives = (AVAILABILITY, DRIFT)
    assert weigh(canaries, "nobody told of")["by_hand"] == "--availability -0.02±0.01"
    canaries.world.objectives = (DRIFT,)
    assert weigh(canaries, "nobody told of")["by_hand"] == ""


def test_a_budget_that_nobody_knows_holds_whatever_was_measured(canaries: Canaries) -> None:
    changes = {"availability": points("0.1"), "accuracy": points("-0.5")}
    assert weigh(canaries, **changes)["ruling"] == "accept"
    canaries.world.clock.advance(HOUR)
    found = weigh(canaries, **changes)
    assert found["ruling"] == "hold"
    assert "nobody can tell: the newest counts are 1 h old" in found["text"]


def advised(canaries: Canaries) -> Facts:
    """As the gate and the card of an override have it."""
    world = canaries.world
    now = world.clock.now()
    found = world.record.read(lambda b: advice(b, world.catalog(), "ranker", "38", now))
    assert found is not None
    return found


def test_what_fails_more_and_is_worth_it_is_told_by_both_answers(canaries: Canaries) -> None:
    canaries.canary()
    canaries.serve(600, {"37": 0.05, "38": 0.3})
    labels(canaries, v37=60.0, v38=5.0)
    canaries.keep_up()
    found = weigh(canaries)
    assert (found["ruling"], found["share"]) == ("accept", 0.1)
    assert found["fails"]["to"] == "37"
    shown = canaries.show.facts("ranker")
    assert (shown["proven"], shown["worth"], shown["policy"]) == (True, True, "ask")
    said = advised(canaries)
    assert said["ruling"] == "accept"
    assert f"It fails more than 37: the evidence is {found['fails']['odds']}." in said["text"]
    assert weigh(canaries, "37")["fails"] is None


def test_a_release_with_all_the_traffic_is_told_as_such(canaries: Canaries) -> None:
    canaries.note("38")
    assert weigh(canaries)["share"] == 1
    assert weigh(canaries, "37")["share"] == 0


def test_what_fails_more_and_is_not_worth_it_is_to_go_back_as_its_canary_says(
    canaries: Canaries,
) -> None:
    """Nothing tells how right its answers are, and whether the budget bears it is open: no reason
    to send more traffic through it."""
    canaries.world.objectives = (AVAILABILITY,)
    canaries.canary()
    canaries.serve(60, {"37": 0.2, "38": 0.9})
    canaries.keep_up()
    assert canaries.show.facts("ranker")["proven"]
    found = weigh(canaries)
    assert (found["ruling"], found["back"]) == ("hold", True)
    assert found["text"].startswith("Roll back: that it fails more is proven.")
    assert "through the canary" not in found["text"]
    said = advised(canaries)
    assert (said["ruling"], said["text"]) == ("reject", found["text"])
