"""Facts as people say them."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, Origin
from bot.decide.policy import Policy, Thaw
from bot.decide.scope import Reach, Scope
from bot.flow.facts import indicator_facts, place_words, window_words
from bot.flow.freeze.thawing import thaw_words
from bot.flow.releases import releases_line
from bot.judge.indicator import Op, Ratio, Recorded, Threshold
from bot.judge.objective import Calendar, Rolling, Unit, Window
from tests.builders import DAY, HOUR, NOON, actor, objective, when


def calendar(count: int, unit: Unit) -> Calendar:
    return Calendar(count, unit, datetime(2026, 1, 1), "Europe/Berlin", f"{count}{unit}")  # noqa: DTZ001 - local, as its window wants it


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Rolling(28 * DAY, "28d"), "28 days"),
        (Rolling(4 * 7 * DAY, "4w"), "28 days"),
        (Rolling(DAY, "1d"), "1 day"),
        (Rolling(36 * HOUR, "36h"), "36 hours"),
        (Rolling(HOUR // 2, "30m"), "30 minutes"),
        (calendar(1, Unit.MONTH), "the month"),
        (calendar(2, Unit.QUARTER), "2 quarters"),
    ],
    ids=str,
)
def test_a_window_is_said_in_words(window: Window, words: str) -> None:
    assert window_words(window) == words


def freeze(number: int, ends: float | None) -> Freeze:
    until = None if ends is None else when(NOON + ends)
    scope = Scope(Reach.SERVICE, "ranker")
    return Freeze(number, scope, "errors", Origin.MANUAL, actor(), when(NOON), until)


def test_releases_go_on_or_are_frozen_by_numbered_freezes_until_the_last_ends() -> None:
    assert releases_line("ranker", []) == "Releases of ranker go on."
    one = releases_line("ranker", [freeze(4, None)])
    assert one == "Releases of ranker are frozen, by freeze 4, until somebody lifts it."
    two = releases_line("ranker", [freeze(4, HOUR), freeze(5, None)])
    assert two == "Releases of ranker are frozen, by freezes 4, 5, until somebody lifts them."
    ending = releases_line("ranker", [freeze(4, HOUR), freeze(5, 2 * HOUR)])
    assert ending == (
        "Releases of ranker are frozen, by freezes 4, 5, until Mon 2 Mar 2026, 14:00 UTC."
    )


def test_what_the_policy_froze_is_not_said_to_wait_for_somebody() -> None:
    own = replace(freeze(4, None), origin=Origin.POLICY, cause="ranker/availability")
    said = "until the budget has recovered, or somebody lifts it."
    assert releases_line("ranker", [own]).endswith(said)
    assert releases_line("ranker", [own, freeze(5, None)]).endswith("until somebody lifts them.")


def test_the_recovery_that_thaws_a_freeze_is_said_with_its_figures() -> None:
    one = objective()
    catalog = Catalog((one, replace(one, name="latency", title="Latency")))
    own = replace(freeze(4, None), origin=Origin.POLICY, cause=one.id)
    assert thaw_words(catalog, own) == (
        f"the budget of “{one.title or one.name}” has recovered (more than 10 % left, calm for 1 h)"
    )
    both = replace(own, cause=f"{one.id}, ranker/latency")
    assert "and “Latency” have recovered (more than 10 % left" in thaw_words(catalog, both)
    at_once = Policy("quick", "1", thaw=Thaw(dwell=0))
    quick = Catalog((replace(one, policy="quick"),), policies={"quick": at_once})
    assert thaw_words(quick, own).endswith("has recovered (more than 10 % left)")


def test_what_nobody_thaws_has_no_such_words() -> None:
    catalog = Catalog((objective(),))
    own = replace(freeze(4, None), origin=Origin.POLICY, cause="ranker/gone")
    assert thaw_words(catalog, own) == ""
    assert thaw_words(catalog, freeze(4, None)) == ""


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("all", "everything"),
        ("service:ranker", "service ranker"),
        ("source:prom:eu", "source prom:eu"),
    ],
)
def test_what_a_decision_is_about_is_said_in_words(scope: str, words: str) -> None:
    assert place_words(scope) == words


def test_what_was_asked_of_the_source_is_said_field_by_field() -> None:
    assert indicator_facts(Ratio("all", bad="errors")) == {
        "total": "all",
        "bad": "errors",
        "counter": True,
    }
    limit = Threshold("latency", Op.LTE, Fraction(1, 4))
    assert indicator_facts(limit) == {"query": "latency", "op": "lte", "limit": "1/4"}
    assert indicator_facts(Recorded("ranker/latency")) == {"series": "ranker/latency"}
