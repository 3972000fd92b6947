"""A replay of the stored counts finds the same freezes at the same times as the polls did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from bot.decide.decision import Event
from bot.decide.past import Past, Stood, looks_of
from bot.decide.policy import Policy, Thaw, Then, Threshold
from bot.decide.replay import replay
from bot.decide.report_freezes import stood
from bot.ports import HistoryFilter
from tests.builders import DAY, HOUR, MINUTE, NOON, objective
from tests.flow.conftest import QUICK, World

NAME, OTHER = "ranker/availability", "ranker/latency"
LADDER = replace(
    QUICK,
    thresholds=(
        Threshold(Fraction(3, 4), Then.CAUTION),
        Threshold(Fraction(1, 2), Then.HOLD),
        Threshold(Fraction(1, 4), Then.FREEZE),
    ),
    on_page=Then.CAUTION,
    thaw=Thaw(left=Fraction(26, 100), dwell=20 * MINUTE, cooling=5 * MINUTE),
)
ASKING = replace(
    LADDER,
    thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
    on_page=Then.WARN,
    thaw=Thaw(left=Fraction(51, 100), dwell=10 * MINUTE),
)


@dataclass(frozen=True)
class Weather:
    """Traffic for some minutes: events a minute, how many of them bad, of both objectives; None:
    the source has no such series."""

    minutes: int
    bad: float = 0
    eligible: float = 100
    other: float = 0
    seen: bool = True


FIRE = Weather(30, bad=100, other=90)
RAIN = Weather(60, eligible=60_000)
STORY = (
    Weather(10),
    FIRE,
    Weather(30, eligible=20_000),
    RAIN,
    Weather(40, bad=20_000, eligible=60_000),
    Weather(20, seen=False),
    Weather(30),
    Weather(90, bad=2_000, eligible=60_000, other=30),
    Weather(300, eligible=400_000),
)
SLICE = 5 * MINUTE


def live(world: World, weather: Sequence[Weather]) -> None:
    """Poll slice by slice."""
    world.objectives = (objective(step=SLICE), objective(name="latency", step=SLICE))
    world.open()
    world.history_of_calm()
    for one in weather:
        go_on(world, one)


def go_on(world: World, one: Weather) -> None:
    """Some more polls."""
    now = int(world.clock.now().timestamp())
    until = now + one.minutes * MINUTE
    if one.seen:
        world.source.steady(NAME, now, until, one.eligible / 60, one.bad / 60)
        world.source.steady(OTHER, now, until, one.eligible / 60, one.other / 60)
    for _ in range(one.minutes * MINUTE // SLICE):
        world.clock.advance(SLICE)
        world.evaluate()


def told(world: World) -> list[tuple[str, tuple[str, ...], datetime, datetime | None]]:
    """Effect, causes, begin and end of everything that the polls set, from the history."""
    events = (Event.FROZEN, Event.HELD, Event.CAUTIONED, Event.THAWED)
    wanted = HistoryFilter(events=events, limit=1_000)
    rows = world.record.read(lambda b: b.history.find(wanted))
    freezes = {
        number: found
        for number in range(1, 200)
        if (found := world.record.read(lambda b, n=number: b.freezes.get(n))) is not None
    }
    spans = stood(row.decision for row in reversed(rows))
    return sorted(
        (str(one.effect), freezes[one.freeze].causes, one.since, one.until)
        for one in spans
        if one.freeze is not None
    )


def pasts(world: World, policy: Policy) -> list[Past]:
    """The accounts as they are stored."""

    def read(books: object) -> list[Past]:
        found = []
        for one in world.objectives:
            account = books.ledger.accounts([one.id])[one.id]  # type: ignore[attr-defined]
            rows = books.ledger.rows(account.id, 0, account.read_until)  # type: ignore[attr-defined]
            found.append(Past(policy, looks_of(one, rows, account.opened)))
        return found

    return world.record.read(read)


def again(
    world: World, answer: timedelta | None = None
) -> list[tuple[str, tuple[str, ...], datetime, datetime | None]]:
    """The same by a replay."""
    until = int(world.clock.now().timestamp())
    found = replay(pasts(world, world.policy), NOON - HOUR, until, answer)
    return sorted(map(plain, found.stood))


def plain(one: Stood) -> tuple[str, tuple[str, ...], datetime, datetime | None]:
    return str(one.effect), one.causes, one.since, one.until


@pytest.mark.parametrize("dwell", [0, 30 * MINUTE])
def test_freezes_holds_and_cautions_are_found_at_the_minutes_of_the_polls(
    world: World, dwell: int
) -> None:
    world.policy = replace(LADDER, thaw=replace(LADDER.thaw, dwell=dwell))
    live(world, STORY)
    polled = told(world)
    assert {effect for effect, *_ in polled} == {"caution", "hold", "freeze"}
    assert any(until is not None for *_, until in polled)
    assert again(world) == polled


def test_warnings_and_requests_are_counted_as_they_were_told(world: World) -> None:
    world.policy = ASKING
    live(world, (Weather(10), FIRE, Weather(30, eligible=20_000), RAIN))
    found = replay(pasts(world, ASKING), NOON - HOUR, int(world.clock.now().timestamp()), None)
    opened = world.story("warning_opened", "warning_rose")
    assert found.pages + found.tickets == len(opened)
    assert found.requests == 1
    assert len(world.story("freeze_requested")) == 2, "both objectives asked once"
    assert found.stood == ()


def test_an_approved_request_freezes_and_thaws_as_it_did(world: World) -> None:
    world.policy = ASKING
    live(world, (Weather(10), FIRE))
    (request,) = world.pending()
    answered = world.clock.now() - request.created_at
    world.vote(request, "UADA")
    for one in (Weather(30, eligible=20_000), RAIN):
        go_on(world, one)
    (polled,) = told(world)
    assert polled[3] is not None
    assert again(world, answered) == [polled]


def test_thinned_rows_are_replayed_as_coarsely_as_they_are_stored(world: World) -> None:
    world.policy = LADDER
    live(world, STORY)
    minutes = again(world)
    world.clock.advance(5 * DAY)
    world.record.write(lambda b: b.ledger.thin(world.clock.now(), 1_000_000))
    until = int(world.clock.now().timestamp())
    found = replay(pasts(world, LADDER), NOON - HOUR, until - 5 * DAY, None).stood
    assert {effect for effect, *_ in map(plain, found)} == {effect for effect, *_ in minutes}
    begun = {effect: since for effect, _, since, _ in reversed(minutes)}
    for one in found[:3]:
        late = one.since - begun[str(one.effect)]
        assert abs(late) <= timedelta(hours=1), "rows of an hour are left"
