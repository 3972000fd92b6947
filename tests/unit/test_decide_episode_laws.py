"""What is said in any course of events."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.decide.episode import REARM, Level, News
from bot.judge.verdict import Kind, Verdict
from tests.builders import verdict
from tests.unit.stories import (
    BLIND,
    FINE,
    IDLE,
    PAGE,
    POLICY,
    SPENT,
    SPENT_AND_BURNING,
    TICKET,
    Story,
    left,
    quiet,
)

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
                    noted=before.noted,
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
