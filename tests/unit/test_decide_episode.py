"""What is worth saying: one message an episode, a rise speaks, unknown is silent (laws 11, 18)."""

from dataclasses import replace

import pytest

from bot.decide.episode import (
    BLIND_AFTER,
    REARM,
    Item,
    Level,
    News,
    Standing,
    advance,
    calmed,
    level_of,
)
from bot.decide.policy import Then
from bot.judge.verdict import Code, Kind, Verdict
from tests.builders import verdict
from tests.unit.stories import (
    BLIND,
    FINE,
    IDLE,
    NAME,
    PAGE,
    POLICY,
    SPENT,
    SPENT_AND_BURNING,
    TICKET,
    Story,
    left,
    quiet,
)


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


@pytest.mark.parametrize(("seen", "level"), [(TICKET, Level.TICKET), (FINE, Level.QUIET)])
def test_what_comes_back_after_it_was_calmed_is_news_and_asks_anew(
    seen: Verdict, level: Level
) -> None:
    story = Story()
    story.see(PAGE, seen)
    story.standing = calmed(story.standing, seen)
    assert (story.standing.level, story.standing.opened_at is None) == (level, False)
    assert story.see(PAGE) == [Item(News.ROSE, Level.PAGE, then=Then.REQUEST_FREEZE)]


def test_calming_never_raises_a_level() -> None:
    assert calmed(Standing(NAME, level=Level.TICKET), PAGE).level is Level.TICKET


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
    assert passed == Item(
        News.PASSED,
        threshold=POLICY.thresholds[2],
        then=Then.FREEZE,
        beside=(Then.REQUEST_FREEZE,),
    )


def test_an_episode_is_over_after_ten_quiet_minutes() -> None:
    story = Story()
    story.see(PAGE)
    assert story.told(*[FINE] * 10) == []
    assert story.see(FINE) == [Item(News.RESOLVED, Level.PAGE)]
    assert story.standing == Standing(NAME, Kind.HEALTHY, noted=Kind.HEALTHY)


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
    after = replace(story.standing, kind=before.kind, noted=before.noted, blind_polls=0)
    assert after == before


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


def test_every_verdict_is_noted_but_what_an_outage_hides() -> None:
    story = Story()

    def noted(one: Verdict) -> Kind | None:
        story.see(one)
        return story.standing.noted

    assert [noted(one) for one in (FINE, PAGE, BLIND, FINE)] == [
        Kind.HEALTHY,
        Kind.BURNING,
        Kind.UNKNOWN,
        Kind.HEALTHY,
    ]
    story.standing = replace(story.standing, outage=7)
    hidden = [noted(one) for one in (BLIND, BLIND, TICKET, BLIND, IDLE)]
    assert hidden == [Kind.HEALTHY, Kind.HEALTHY, Kind.BURNING, Kind.BURNING, Kind.UNKNOWN]
    assert story.standing.outage == 7, "the flow that tells of its end takes it off"
