"""A freeze's state is derived from stored facts and the time of the question (law 10)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.freeze import Effect, Freeze, FreezeState, Origin
from bot.decide.scope import EVERYTHING
from tests.builders import NOON, actor, when

NOW = when(NOON)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
OPEN = Freeze(1, EVERYTHING, "audit", Origin.MANUAL, actor(), NOW)
UNTIL = replace(OPEN, ends_at=NOW + HOUR)


def test_a_future_freeze_does_not_stop_anything_now() -> None:
    assert OPEN.state(NOW - TICK) is FreezeState.SCHEDULED
    assert not OPEN.stops(NOW - TICK)


def test_a_freeze_begins_at_its_start() -> None:
    assert OPEN.state(NOW) is FreezeState.ACTIVE
    assert OPEN.stops(NOW)


def test_a_freeze_without_end_stops_until_it_is_lifted() -> None:
    assert OPEN.stops(NOW + timedelta(days=3_650))


def test_a_freeze_is_over_at_its_end() -> None:
    assert UNTIL.stops(NOW + HOUR - TICK)
    assert UNTIL.state(NOW + HOUR) is FreezeState.EXPIRED
    assert not UNTIL.stops(NOW + HOUR)


def test_a_freeze_is_lifted_from_the_instant_of_lifting() -> None:
    lifted = replace(UNTIL, lifted_at=NOW + HOUR / 2)
    assert lifted.state(NOW + HOUR / 2 - TICK) is FreezeState.ACTIVE
    assert lifted.state(NOW + HOUR / 2) is FreezeState.LIFTED
    assert lifted.state(NOW + 2 * HOUR) is FreezeState.LIFTED


def test_a_scheduled_freeze_can_be_lifted_before_it_begins() -> None:
    assert not replace(OPEN, lifted_at=NOW - HOUR).stops(NOW)


def test_what_is_lifted_before_it_begins_is_cancelled_and_never_begins() -> None:
    cancelled = replace(OPEN, lifted_at=NOW - HOUR)
    assert cancelled.state(NOW - 2 * HOUR) is FreezeState.SCHEDULED
    assert cancelled.state(NOW - HOUR) is FreezeState.CANCELLED
    assert cancelled.state(NOW + HOUR) is FreezeState.CANCELLED


@pytest.mark.parametrize(
    ("freeze", "over"),
    [
        (OPEN, False),
        (replace(OPEN, starts_at=NOW + HOUR), False),
        (replace(OPEN, recovering_since=NOW), False),
        (replace(OPEN, lifted_at=NOW), True),
        (replace(OPEN, ends_at=NOW), True),
        (replace(OPEN, starts_at=NOW + HOUR, lifted_at=NOW), True),
    ],
)
def test_a_freeze_is_over_once_it_will_never_stop_a_release_again(
    freeze: Freeze, over: bool
) -> None:
    assert freeze.over(NOW) is over


def test_a_cooling_freeze_still_stops_releases() -> None:
    cooling = replace(OPEN, recovering_since=NOW)
    assert cooling.state(NOW) is FreezeState.COOLING
    assert cooling.stops(NOW)


@given(st.lists(st.integers(-300, 300), min_size=4, max_size=4), st.booleans(), st.booleans())
def test_it_stops_releases_exactly_between_start_and_the_first_end(
    minutes: list[int], ends: bool, lifted: bool
) -> None:
    start, end, lift, now = (NOW + timedelta(minutes=m) for m in minutes)
    freeze = replace(
        OPEN,
        starts_at=start,
        ends_at=end if ends else None,
        lifted_at=lift if lifted else None,
    )
    over = [at for at, there in ((end, ends), (lift, lifted)) if there]
    assert freeze.stops(now) is (start <= now and all(now < at for at in over))


@pytest.mark.parametrize("state", FreezeState)
def test_only_active_and_cooling_freezes_stop_releases(state: FreezeState) -> None:
    examples = {
        FreezeState.SCHEDULED: replace(OPEN, starts_at=NOW + HOUR),
        FreezeState.ACTIVE: OPEN,
        FreezeState.COOLING: replace(OPEN, recovering_since=NOW),
        FreezeState.LIFTED: replace(OPEN, starts_at=NOW - HOUR, lifted_at=NOW),
        FreezeState.EXPIRED: replace(OPEN, ends_at=NOW),
        FreezeState.CANCELLED: replace(OPEN, starts_at=NOW + HOUR, lifted_at=NOW),
    }
    assert examples[state].state(NOW) is state
    assert examples[state].stops(NOW) is (state in (FreezeState.ACTIVE, FreezeState.COOLING))


def test_a_freeze_may_have_several_causes_or_none() -> None:
    assert replace(OPEN, cause="").causes == ()
    assert replace(OPEN, cause="ranker/latency").causes == ("ranker/latency",)
    assert replace(OPEN, cause="a/x, a/y").causes == ("a/x", "a/y")


def test_what_is_milder_than_a_freeze_or_only_monitored_is_in_force_but_stops_nothing() -> None:
    for mild in (replace(OPEN, effect=Effect.HOLD), replace(OPEN, monitored=True)):
        assert mild.in_force(NOW)
        assert not mild.stops(NOW)
        assert not mild.over(NOW)
    assert sorted(Effect, key=lambda one: one.rank) == list(Effect)
    assert Effect.FREEZE.rank > Effect.HOLD.rank > Effect.CAUTION.rank
