"""Which release is watched, against which, and what follows."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.decide.canary import Back, backs, follows, pair
from bot.decide.outside import Registry, Serves
from bot.decide.policy import DEFAULT, Mode, Rollback
from bot.decide.release import Release
from tests.builders import NOON, when

NOW = when(NOON)


def release(version: str, hours: float, share: str = "1", ended: float | None = None) -> Release:
    began = NOW - timedelta(hours=hours)
    over = None if ended is None else NOW - timedelta(hours=ended)
    return Release(
        "ranker", version, began, over, None, False, ((began, Fraction(share)),), (), "", "", "",
        None, 0,
    )  # fmt: skip


def test_the_newest_release_is_watched_against_the_one_beside_it() -> None:
    found = pair([release("37", 9, "9/10"), release("38", 1, "1/10")], NOW)
    assert found is not None
    assert (found.release.version, found.beside.version) == ("38", "37")
    assert found.since == NOW - timedelta(hours=1)


def test_of_several_beside_it_the_one_with_most_traffic_counts_and_then_the_oldest() -> None:
    live = [release("35", 20, "1/10"), release("36", 9, "8/10"), release("38", 1, "1/10")]
    found = pair(live, NOW)
    assert found is not None
    assert found.beside.version == "36"
    even = [release("35", 20, "1/3"), release("36", 9, "1/3"), release("38", 1, "1/3")]
    tied = pair(even, NOW)
    assert tied is not None
    assert tied.beside.version == "35"


@pytest.mark.parametrize(
    "live",
    [
        [],
        [release("38", 1)],
        [release("37", 9, ended=2), release("38", 1)],
        [release("38", 9), release("38", 1)],
        [release("37", 9), release("38", -1)],
    ],
)
def test_without_another_version_beside_it_nothing_is_watched(live: list[Release]) -> None:
    assert pair(live, NOW) is None


def test_a_policy_that_only_watches_follows_nothing_but_says_so() -> None:
    watching = replace(DEFAULT, mode=Mode.MONITOR)
    assert follows(DEFAULT) is Rollback.ASK
    assert follows(watching) is None
    assert follows(replace(watching, rollback=Rollback.AUTO)) is None
    assert follows(replace(watching, rollback=Rollback.NEVER)) is Rollback.NEVER


def test_only_aliases_that_the_specs_let_us_move_are_moved_back() -> None:
    rules = (
        Serves("ranker", ("ranker",), alias="champion", restore=True),
        Serves("ranker", ("ranker",), alias="shadow"),
        Serves("ranker", ("ranker",), stage="Production"),
        Serves("recs", ("recs",), alias="champion", restore=True),
    )
    found = backs({"main": Registry("main", "https://mlflow.example", rules)}, "ranker")
    assert found == [Back("main", "ranker", "champion")]
    assert found[0].place == "mlflow:main:ranker:@champion"
