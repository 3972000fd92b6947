"""Thresholds of the budget: passed once, and what a policy still asks for."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.episode import Item, Level, News, Standing, rearmed, still_asks
from bot.decide.policy import Then, Threshold
from bot.judge.burn import Severity
from bot.judge.verdict import Kind, Verdict
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


HALF = Fraction(1, 2)
BURNING = replace(
    POLICY,
    thresholds=(Threshold(HALF, Then.HOLD, Severity.PAGE), Threshold(HALF, Then.CAUTION)),
)


def fires(share: str, severity: Severity = Severity.PAGE) -> Verdict:
    """So much is left, and an alert fires."""
    return verdict(Kind.BURNING, left=share, fires=severity)


def test_a_threshold_with_an_alert_waits_until_that_alert_fires_too() -> None:
    story = Story(BURNING)
    (passed,) = story.see(left("0.4"))
    assert passed.then is Then.CAUTION
    assert story.told(fires("0.4", Severity.TICKET)) == [News.OPENED]
    *_, passed = story.see(fires("0.4"))
    assert (passed.threshold, passed.then) == (BURNING.thresholds[0], Then.HOLD)
    assert News.PASSED not in story.told(fires("0.4"))


def test_a_threshold_with_an_alert_is_armed_again_by_the_end_of_the_episode() -> None:
    story = Story(replace(BURNING, resolve_after=0))
    story.see(fires("0.4"))
    assert story.told(left("0.4")) == [News.RESOLVED]
    assert story.told(fires("0.4")) == [News.OPENED, News.PASSED]


def test_a_threshold_with_an_alert_is_armed_again_once_more_is_left() -> None:
    story = Story(BURNING)
    story.see(fires("0.4"))
    assert story.told(fires("0.55"), fires("0.4")) == []
    assert News.PASSED in story.told(fires("0.550001"), fires("0.4"))


def test_a_policy_still_asks_only_for_what_freezes() -> None:
    mild = replace(POLICY, thresholds=(Threshold(HALF, Then.HOLD),), on_page=Then.CAUTION)
    passed = Standing(NAME, passed=frozenset({HALF}))
    assert not still_asks(passed, mild)
    burning = Standing(NAME, level=Level.PAGE, opened_at=when(NOON))
    assert not still_asks(burning, mild)
    strict = replace(POLICY, thresholds=(Threshold(HALF, Then.FREEZE, Severity.PAGE),))
    assert not still_asks(passed, strict)
    assert still_asks(Standing(NAME, burnt=frozenset({(HALF, Severity.PAGE)})), strict)


def test_after_a_thaw_every_threshold_left_behind_may_be_passed_anew() -> None:
    quarter = Fraction(1, 4)
    pairs = frozenset({(HALF, Severity.PAGE), (quarter, Severity.PAGE)})
    standing = Standing(NAME, passed=frozenset({HALF, quarter}), burnt=pairs)
    assert rearmed(standing, Fraction(3, 10)) == Standing(
        NAME, passed=frozenset({HALF}), burnt=frozenset({(HALF, Severity.PAGE)})
    )
    assert rearmed(standing, quarter) == standing
    assert rearmed(standing, None) == standing
