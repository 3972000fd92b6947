"""Labels by version are evidence for or against a canary, once they are due."""

from dataclasses import replace

import pytest

from bot.flow.canary.propose import WatchCanaries
from bot.flow.canary.show import ShowCanary
from bot.flow.show.releases import ShowReleases
from bot.judge.attribution import Control
from bot.judge.canary import Advice
from tests.builders import DAY, HOUR
from tests.flow.conftest import World
from tests.flow.feeding import ACCURACY, Feeding, labels

SLOW = replace(ACCURACY, label_delay=DAY)


@pytest.fixture
def feeding(world: World) -> Feeding:
    """38 has served beside 37 for three hours; nothing was said yet."""
    made = Feeding(world, (ACCURACY,))
    beside(made)
    return made


def beside(feeding: Feeding) -> None:
    feeding.release("37", ago=100)
    feeding.release("38", ago=3)
    feeding.poll()
    feeding.count()


def show(feeding: Feeding) -> ShowCanary:
    return ShowCanary(feeding.world.record, feeding.world.clock, feeding.catalog)


def test_labels_that_come_in_are_evidence_against_a_canary(feeding: Feeding) -> None:
    rows = [labels(hour, "37", 95, 5) for hour in (-2, -1, 0)]
    worse = [labels(hour, "38", 80, 20) for hour in (-2, -1, 0)]
    feeding.push("ranker-labels", *rows, *worse)
    (found,) = show(feeding).facts("ranker")["rows"]
    assert (found["b1"], found["n1"], found["b0"], found["n0"]) == (60, 300, 15, 300)
    assert found["advice"] == Advice.ROLL_BACK
    flow = WatchCanaries(
        feeding.world.record, feeding.world.clock, feeding.catalog, feeding.world.ops
    )
    assert flow.run() == 1


def test_labels_that_are_corrected_correct_the_evidence(feeding: Feeding) -> None:
    for version in ("37", "38"):
        feeding.push("ranker-labels", labels(-1, version, 50, 10))
    feeding.push("ranker-labels", labels(-1, "38", 95, 5))
    (found,) = show(feeding).facts("ranker")["rows"]
    assert (found["b1"], found["n1"], found["b0"], found["n0"]) == (5, 100, 10, 60)


def test_what_only_one_of_them_served_is_no_evidence(feeding: Feeding) -> None:
    feeding.push("ranker-labels", labels(-2, "37", 0, 100), labels(-1, "38", 90, 10))
    (found,) = show(feeding).facts("ranker")["rows"]
    assert found["advice"] == Advice.WITHHELD


def test_a_feed_without_versions_tells_nothing_apart(feeding: Feeding) -> None:
    feeding.push("ranker-labels", labels(-1), labels(0))
    assert show(feeding).facts("ranker")["withheld"] == "accounts"


def test_labels_are_evidence_once_they_are_due(world: World) -> None:
    """What has come earlier may be the easy part: with it a budget is not judged either."""
    feeding = Feeding(world, (SLOW,))
    beside(feeding)
    rows = [labels(hour, "37", 95, 5) for hour in (-2, -1, 0)]
    worse = [labels(hour, "38", 50, 50) for hour in (-2, -1, 0)]
    feeding.push("ranker-labels", *rows, *worse)
    (found,) = show(feeding).facts("ranker")["rows"]
    assert found["advice"] == Advice.WITHHELD
    assert found["sentence"] == (
        "No advice on 38 yet: labels take 1 d, and it has not served that long beside 37."
    )
    world.clock.advance(DAY - HOUR)
    (found,) = show(feeding).facts("ranker")["rows"]
    assert (found["b1"], found["n1"]) == (100, 200)
    assert found["advice"] == Advice.ROLL_BACK


def test_what_labels_cost_is_put_down_to_the_version_that_they_are_of(feeding: Feeding) -> None:
    rows = [labels(hour, "37", 95, 5) for hour in range(-90, 1)]
    worse = [labels(hour, "38", 60, 40) for hour in (-2, -1, 0)]
    feeding.push("ranker-labels", *rows, *worse, labels(-1, "", 90, 10))
    flow = ShowReleases(feeding.world.record, feeding.world.clock, feeding.catalog)
    facts = flow.facts("ranker")
    found = {row["version"]: row for row in facts["rows"]}
    assert (found["38"]["bad"], found["38"]["eligible"]) == (
        pytest.approx(120), pytest.approx(300),
    )  # fmt: skip
    assert found["38"]["caused"]["control"] == Control.CONCURRENT
    assert found["38"]["caused"]["low"] > 0
    (rest,) = facts["unattributed"]
    burned = sum(row["burn"] for row in facts["rows"])
    assert burned + rest["burn"] == pytest.approx(rest["consumed"], abs=1e-9)
