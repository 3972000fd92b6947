"""Whatever burns, polls and a replay of what they counted come to the same freezes at the same
instants."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import cast

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.decide.approval import RequestState
from bot.decide.policy import Policy, Thaw, Then, Threshold
from bot.flow.adjust.request import AskToAdjust, TakeOut
from bot.flow.ask.request import AskFor
from bot.flow.show.backtest import Backtest
from bot.record import Database
from tests.builders import DAY, MINUTE, NOON, actor, objective, rolling, when
from tests.fake_record import MemoryRecord
from tests.flow.conftest import OPS, QUICK, World
from tests.flow.test_replay import told

SLICE = 5 * MINUTE
ONE, TWO = (
    objective(name=name, target="0.99", window=rolling(1), step=SLICE)
    for name in ("availability", "latency")
)


@dataclass(frozen=True)
class Hour:
    """Some slices of traffic: thousands of events a slice, and the bad share of each objective."""

    slices: int
    thousands: int | None
    bad: float
    other: float


SHARES = st.sampled_from([0.0, 0.0, 0.004, 0.03, 0.2, 1.0])
WEATHER = st.lists(
    st.builds(Hour, st.integers(1, 12), st.sampled_from([1, 10, 100, None]), SHARES, SHARES),
    min_size=2,
    max_size=6,
)
LEFTS = st.sampled_from([Fraction(n, 20) for n in (0, 5, 10, 15, 19)])
THENS = st.sampled_from([Then.CAUTION, Then.HOLD, Then.FREEZE])
POLICIES = st.builds(
    lambda steps, page, thaw, resolve: replace(
        QUICK, thresholds=tuple(steps), on_page=page, thaw=thaw, resolve_after=resolve
    ),
    st.lists(st.builds(Threshold, LEFTS, THENS), max_size=3, unique_by=lambda one: one.left),
    st.sampled_from([Then.WARN, Then.CAUTION, Then.FREEZE]),
    st.builds(
        Thaw,
        left=LEFTS,
        dwell=st.sampled_from([0, 20 * MINUTE]),
        cooling=st.sampled_from([0, 10 * MINUTE]),
    ),
    st.sampled_from([0, 10 * MINUTE]),
)
Span = tuple[str, tuple[str, ...], int, int | None]


def world_under(policy: Policy) -> World:
    """A day of calm behind it; nothing on a disk."""
    world = World(cast(Database, MemoryRecord()), policy, objectives=(ONE, TWO))
    for one in world.objectives:
        world.source.steady(one.id, NOON - DAY, NOON, 1_000 / SLICE)
    world.evaluate()
    return world


def live(world: World, weather: Sequence[Hour]) -> None:
    """Poll slice by slice."""
    for one in weather:
        now = int(world.clock.now().timestamp())
        if one.thousands is not None:
            pace = 1_000 * one.thousands / SLICE
            for each, share in ((ONE, one.bad), (TWO, one.other)):
                until = now + one.slices * SLICE
                world.source.steady(each.id, now, until, pace, pace * share)
        for _ in range(one.slices):
            world.clock.advance(SLICE)
            world.evaluate()


def polled(world: World) -> list[Span]:
    """What the polls set and lifted."""
    return sorted(
        (effect, causes, _seconds(since), None if until is None else _seconds(until))
        for effect, causes, since, until in told(world)
    )


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def said(world: World) -> list[Span]:
    """What the back-test says of the policy in force."""
    length = world.clock.now() - when(NOON)
    rows = Backtest(world.record, world.clock, world.catalog).run(length)["rows"]
    return sorted((r["effect"], tuple(r["causes"]), r["since"], r["until"]) for r in rows)


@settings(max_examples=150, deadline=None)
@given(POLICIES, WEATHER)
def test_a_back_test_of_the_policy_in_force_says_what_the_polls_did(
    policy: Policy, weather: list[Hour]
) -> None:
    world = world_under(policy)
    live(world, weather)
    found = polled(world)
    event(f"{min(len(found), 3)} or more freezes, holds and cautions")
    assert said(world) == found


@settings(max_examples=100, deadline=None)
@given(POLICIES, WEATHER, st.integers(0, 20), st.integers(1, 20))
def test_it_leaves_out_the_time_that_the_polls_left_out(
    policy: Policy, weather: list[Hour], begins: int, lasts: int
) -> None:
    world = world_under(policy)
    start = when(NOON) + timedelta(seconds=begins * SLICE)
    approve(world, start, start + timedelta(seconds=lasts * SLICE))
    live(world, weather)
    assert said(world) == polled(world)


def test_an_adjustment_approved_before_the_outage_keeps_both_from_freezing() -> None:
    outage = [Hour(2, 1, 0, 0), Hour(10, 100, 1.0, 0), Hour(2, 1, 0, 0)]
    policy = replace(QUICK, thresholds=(Threshold(Fraction(1, 2), Then.FREEZE),))
    frozen, spared = world_under(policy), world_under(policy)
    approve(spared, when(NOON), when(NOON + DAY))
    for world in (frozen, spared):
        live(world, outage)
    assert len(polled(frozen)) == len(said(frozen)) == 1
    assert polled(spared) == said(spared) == []


def approve(world: World, start: datetime, end: datetime) -> None:
    """Maintenance, announced by Eve and approved by Ada."""
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, OPS)
    wanted = TakeOut("ranker", start, end, "maintenance of the network")
    ruling = world.vote(AskToAdjust(ask).run(wanted, actor("eve")).request, "UADA")
    assert ruling.state is RequestState.APPROVED
