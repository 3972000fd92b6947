"""What is worth saying: one message an episode, a rise speaks, unknown is silent (laws 11, 18)."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.episode import (
    BLIND_AFTER,
    REARM,
    Item,
    Level,
    News,
    Standing,
    advance,
    level_of,
    still_asks,
)
from bot.decide.policy import Policy, Then, Threshold
from bot.judge.burn import Severity
from bot.judge.verdict import Code, Kind, Verdict
from tests.builders import MINUTE, NOON, verdict, when

NAME = "ranker/availability"
POLICY = Policy(
    "strict",
    "v1",
    thresholds=(
        Threshold(Fraction(50, 100), Then.WARN),
        Threshold(Fraction(25, 100), Then.REQUEST_FREEZE),
        Threshold(Fraction(0), Then.FREEZE),
    ),
    on_page=Then.REQUEST_FREEZE,
    resolve_after=10 * MINUTE,
)
FINE = verdict()
TICKET = verdict(Kind.BURNING, fires=Severity.TICKET)
PAGE = verdict(Kind.BURNING, fires=Severity.PAGE)
SPENT = verdict(Kind.EXHAUSTED, left="-0.1", code=Code.BUDGET_SPENT)
SPENT_AND_BURNING = replace(SPENT, firing=PAGE.firing)
BLIND = verdict(Kind.UNKNOWN, code=Code.STALE)
IDLE = verdict(Kind.UNKNOWN, code=Code.NO_TRAFFIC)


class Story:
    """One objective, looked at minute by minute."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy = policy
        self.standing = Standing(NAME)
        self.now = when(NOON)

    def see(self, *verdicts: Verdict) -> list[Item]:
        """The news of these polls, edits left out."""
        news: list[Item] = []
        for one in verdicts:
            self.now += timedelta(seconds=MINUTE)
            self.standing, items = advance(self.standing, one, self.policy, self.now)
            news.extend(item for item in items if item.news is not News.CHANGED)
        return news

    def told(self, *verdicts: Verdict) -> list[News]:
        """Only what happened."""
        return [item.news for item in self.see(*verdicts)]


def left(share: str) -> Verdict:
    """Healthy, with so much left."""
    return verdict(left=share)


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (FINE, Level.QUIET),
        (TICKET, Level.TICKET),
        (PAGE, Level.PAGE),
        (SPENT, Level.EXHAUSTED),
        (BLIND, Level.QUIET),
    ],
)
def test_a_verdict_stands_for_a_level(one: Verdict, level: Level) -> None:
    assert level_of(one) is level


def test_nothing_wrong_is_nothing_to_say() -> None:
    assert Story().told(FINE, FINE) == []


def test_trouble_opens_one_episode_and_is_not_repeated() -> None:
    story = Story()
    assert story.see(PAGE, PAGE, PAGE) == [Item(News.OPENED, Level.PAGE, then=Then.REQUEST_FREEZE)]


def test_a_lasting_episode_has_its_message_edited() -> None:
    story = Story()
    story.see(PAGE)
    _, items = advance(story.standing, PAGE, POLICY, story.now)
    assert items == (Item(News.CHANGED, Level.PAGE),)


def test_a_rise_speaks_once() -> None:
    story = Story()
    assert story.told(TICKET, PAGE, TICKET, PAGE) == [News.OPENED, News.ROSE]
    assert story.standing.level is Level.PAGE


def test_each_alert_leads_to_what_the_policy_says() -> None:
    assert Story().see(TICKET)[0].then is Then.WARN
    assert Story().see(TICKET, PAGE)[1] == Item(News.ROSE, Level.PAGE, then=Then.REQUEST_FREEZE)


def test_exhaustion_is_the_business_of_the_thresholds() -> None:
    opened, passed = Story().see(SPENT)
    assert opened == Item(News.OPENED, Level.EXHAUSTED, then=Then.WARN)
    assert passed == Item(News.PASSED, threshold=POLICY.thresholds[2], then=Then.FREEZE)


def test_an_episode_is_over_after_ten_quiet_minutes() -> None:
    story = Story()
    story.see(PAGE)
    assert story.told(*[FINE] * 10) == []
    assert story.see(FINE) == [Item(News.RESOLVED, Level.PAGE)]
    assert story.standing == Standing(NAME, Kind.HEALTHY)


def test_a_flare_up_starts_the_quiet_time_anew() -> None:
    story = Story()
    story.see(PAGE)
    assert story.told(*[FINE] * 10, PAGE, *[FINE] * 10) == []
    assert story.told(FINE) == [News.RESOLVED]


def test_the_next_trouble_is_a_new_episode() -> None:
    assert Story().told(PAGE, *[FINE] * 11, TICKET) == [News.OPENED, News.RESOLVED, News.OPENED]


def test_a_policy_without_quiet_time_resolves_at_once() -> None:
    at_once = replace(POLICY, resolve_after=0)
    assert Story(at_once).told(PAGE, FINE) == [News.OPENED, News.RESOLVED]


# Exhausted, for hours or weeks.


def quiet(policy: Policy) -> Policy:
    """The same without thresholds."""
    return replace(policy, thresholds=())


def test_a_budget_just_recovered_does_not_end_the_episode() -> None:
    story = Story(quiet(POLICY))
    edge = left(str(REARM))
    assert story.told(SPENT, *[edge] * 30, SPENT, *[edge] * 30) == [News.OPENED]
    assert story.told(*[left("0.0501")] * 11) == [News.RESOLVED]


def test_a_page_worthy_burn_after_a_calm_in_a_spent_budget_speaks_again() -> None:
    story = Story(quiet(POLICY))
    assert story.told(SPENT_AND_BURNING, SPENT_AND_BURNING) == [News.OPENED]
    assert story.told(*[SPENT] * 11) == []
    again = Item(News.ROSE, Level.EXHAUSTED, then=Then.REQUEST_FREEZE)
    assert story.see(SPENT_AND_BURNING, SPENT_AND_BURNING) == [again]


def test_a_burn_that_flickers_in_a_spent_budget_does_not_speak_again() -> None:
    story = Story(quiet(POLICY))
    story.see(SPENT_AND_BURNING)
    assert story.told(*[*[SPENT] * 9, SPENT_AND_BURNING] * 3) == []
    assert story.told(*[SPENT] * 10, SPENT_AND_BURNING) == [News.ROSE]


def test_a_burn_that_spends_the_budget_has_been_told_of() -> None:
    story = Story(quiet(POLICY))
    assert story.told(PAGE, SPENT_AND_BURNING, SPENT_AND_BURNING) == [News.OPENED, News.ROSE]


# Unknown.


def test_unknown_opens_raises_and_ends_nothing() -> None:
    story = Story()
    story.see(PAGE, FINE)
    before = story.standing
    assert story.told(*[BLIND] * 2) == []
    assert replace(story.standing, kind=before.kind, blind_polls=0) == before


def test_three_blind_polls_are_told_once() -> None:
    story = Story()
    assert story.told(*[BLIND] * (BLIND_AFTER - 1)) == []
    assert story.told(*[BLIND] * 5) == [News.WENT_BLIND]


@pytest.mark.parametrize("code", [Code.SOURCE_FAULT, Code.NO_DATA, Code.STALE, Code.LOW_COVERAGE])
def test_down_is_told_whatever_the_way_of_being_blind(code: Code) -> None:
    assert Story().told(*[verdict(Kind.UNKNOWN, code=code)] * 3) == [News.WENT_BLIND]


def test_seeing_again_is_told_once_and_only_to_those_who_were_told_of_blindness() -> None:
    assert Story().told(BLIND, BLIND, FINE) == []
    assert Story().told(BLIND, BLIND, BLIND, FINE, FINE) == [News.WENT_BLIND, News.SEES_AGAIN]


@pytest.mark.parametrize("code", [Code.NO_TRAFFIC, Code.FEW_EVENTS])
def test_to_see_no_traffic_is_to_see(code: Code) -> None:
    idle = verdict(Kind.UNKNOWN, code=code)
    assert Story().told(*[idle] * 9) == []
    assert Story().told(BLIND, BLIND, idle, BLIND, BLIND) == []
    assert Story().told(BLIND, BLIND, BLIND, idle) == [News.WENT_BLIND, News.SEES_AGAIN]


# Thresholds.


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


# Any course of events.

looks = st.sampled_from([FINE, left("0.3"), TICKET, PAGE, SPENT, SPENT_AND_BURNING, BLIND, IDLE])


@given(st.lists(st.tuples(looks, st.integers(1, 15)), max_size=25))
def test_every_episode_is_opened_once_rises_and_is_resolved_once(
    course: list[tuple[Verdict, int]],
) -> None:
    story = Story(quiet(POLICY))
    open_level: Level | None = None
    calm = 0
    for one, polls in course:
        for _ in range(polls):
            for item in story.see(one):
                if item.news is News.OPENED:
                    assert open_level is None
                    open_level = item.level
                elif item.news is News.ROSE:
                    assert open_level is not None
                    assert item.level > open_level or (
                        item.level is open_level is Level.EXHAUSTED and calm >= 10
                    )
                    open_level = item.level
                elif item.news is News.RESOLVED:
                    assert one.kind is Kind.HEALTHY
                    assert item.level is open_level
                    open_level = None
            calm = 0 if one is SPENT_AND_BURNING else calm + 1
            assert (story.standing.opened_at is None) is (open_level is None)
            assert story.standing.level is (open_level or Level.QUIET)


@given(st.lists(st.tuples(looks, st.integers(1, 5)), max_size=25))
def test_unknown_touches_nothing_but_what_was_seen(course: list[tuple[Verdict, int]]) -> None:
    story = Story()
    for one, polls in course:
        for _ in range(polls):
            before = story.standing
            news = story.told(one)
            if one.kind is Kind.UNKNOWN:
                assert set(news) <= {News.WENT_BLIND, News.SEES_AGAIN}
                after = replace(
                    story.standing,
                    kind=before.kind,
                    blind_polls=before.blind_polls,
                    told_blind=before.told_blind,
                )
                assert after == before


@given(st.lists(st.integers(-20, 100), max_size=60))
def test_a_threshold_never_speaks_twice_without_five_points_between(course: list[int]) -> None:
    story = Story()
    quiet_until: dict[Fraction, bool] = {}
    for percent in course:
        share = Fraction(percent, 100)
        for mark in [m for m in quiet_until if share > m + REARM]:
            del quiet_until[mark]
        kind = Kind.EXHAUSTED if share <= 0 else Kind.HEALTHY
        for item in story.see(verdict(kind, left=str(share))):
            if item.threshold is not None:
                assert share <= item.threshold.left
                assert item.threshold.left not in quiet_until
        for threshold in POLICY.thresholds:
            if share <= threshold.left:
                quiet_until[threshold.left] = True
        assert story.standing.passed == frozenset(quiet_until)


def test_a_policy_still_asks_while_an_episode_is_open_that_leads_to_it() -> None:
    burning = Standing(NAME, level=Level.PAGE, opened_at=when(NOON))
    assert still_asks(burning, POLICY)
    assert still_asks(replace(burning, level=Level.EXHAUSTED), POLICY)
    assert not still_asks(replace(burning, level=Level.TICKET), POLICY)
    assert not still_asks(replace(burning, opened_at=None), POLICY)


@pytest.mark.parametrize(("left", "asks"), [("0", True), ("1/4", True), ("1/2", False)])
def test_a_policy_still_asks_until_the_threshold_is_left_behind(left: str, asks: bool) -> None:
    assert still_asks(Standing(NAME, passed=frozenset({Fraction(left)})), POLICY) is asks
