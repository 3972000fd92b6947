"""Thresholds of the budget: passed once, and what a policy still asks for."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.episode import Item, Level, News, Standing, still_asks
from bot.decide.policy import Then, Threshold
from bot.judge.verdict import Kind
from tests.builders import NOON, verdict, when
from tests.unit.stories import NAME, POLICY, SPENT, Story, left


def test_a_threshold_reached_exactly_is_passed_and_speaks_once() -> None:
    story = Story()
    assert story.told(left("0.500001")) == []
    assert story.see(left("0.5"), left("0.4")) == [
        Item(News.PASSED, threshold=POLICY.thresholds[0], then=Then.WARN)
    ]


def test_a_threshold_speaks_again_only_after_five_points_more_were_left() -> None:
    story = Story()
    story.see(left("0.5"))
    assert story.told(left("0.55"), left("0.5")) == []
    assert story.told(left("0.550001"), left("0.5")) == [News.PASSED]


def test_of_several_thresholds_at_once_the_lowest_speaks_and_the_loudest_is_done() -> None:
    loud = replace(
        POLICY,
        thresholds=(
            Threshold(Fraction(50, 100), Then.FREEZE),
            Threshold(Fraction(25, 100), Then.WARN),
        ),
    )
    story = Story(loud)
    assert story.see(left("0.2")) == [
        Item(News.PASSED, threshold=loud.thresholds[1], then=Then.FREEZE)
    ]
    assert story.told(left("0.2"), left("0.4"), left("0.2")) == [News.PASSED]


def test_the_last_threshold_is_passed_only_by_a_budget_proven_spent() -> None:
    few = replace(verdict(left="-0.1", eligible=300), kind=Kind.HEALTHY)
    assert Story().see(few) == []
    assert [item.threshold for item in Story().see(SPENT)][-1] == POLICY.thresholds[2]


def test_no_threshold_is_passed_on_few_events_or_an_unseen_window() -> None:
    assert Story().told(verdict(left="0.2", eligible=300)) == []
    assert Story().told(verdict(left="0.2", coverage="0.89")) == []


def test_without_traffic_no_threshold_is_passed_or_armed() -> None:
    story = Story()
    story.see(left("0.5"))
    assert story.told(verdict(left=None), left("0.5")) == []


def test_a_policy_still_asks_while_an_episode_is_open_that_leads_to_it() -> None:
    burning = Standing(NAME, level=Level.PAGE, opened_at=when(NOON))
    assert still_asks(burning, POLICY)
    assert still_asks(replace(burning, level=Level.EXHAUSTED), POLICY)
    assert not still_asks(replace(burning, level=Level.TICKET), POLICY)
    assert not still_asks(replace(burning, opened_at=None), POLICY)


@pytest.mark.parametrize(("left", "asks"), [("0", True), ("1/4", True), ("1/2", False)])
def test_a_policy_still_asks_until_the_threshold_is_left_behind(left: str, asks: bool) -> None:
    assert still_asks(Standing(NAME, passed=frozenset({Fraction(left)})), POLICY) is asks
