"""A freeze of the policy says when it will about end; so does the gate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.decide.approval import Wish
from bot.decide.policy import Thaw, Then, Threshold
from bot.flow.freeze.outlook import AT_A_TIME, KEEP, Outlook, Outlooks, outlook
from bot.flow.gate.known import knowing
from bot.flow.gate.snapshot import Snapshot
from bot.flow.gate.status import GateStatus
from bot.flow.verdicts import Verdicts
from bot.ports import Books, Ledger
from tests.builders import NOON, calendar, objective, rolling, when
from tests.flow.conftest import QUICK, World
from tests.flow.reading import read

RANKER = "ranker/availability"
HEAD = "Releases of service ranker are frozen"
FREEZING = replace(
    QUICK,
    thresholds=(Threshold(Fraction(0), Then.FREEZE),),
    thaw=Thaw(left=Fraction(1, 10), dwell=3_600, cooling=0),
)


@pytest.fixture
def frozen(world: World) -> World:
    """Calm days, then an hour that spends the budget of a week."""
    world.policy = FREEZING
    week = tuple(objective(name, window=rolling(7)) for name in ("ranker", "recs"))
    world.objectives = week
    world.open()
    world.history_of_calm(days=9)
    world.traffic(RANKER, bad=100.0, minutes=20)
    [freeze] = world.freezes()
    assert freeze.causes == (RANKER,)
    return world


def seen(world: World) -> Outlook | None:
    [freeze] = world.freezes()

    def work(books: Books) -> Outlook | None:
        return outlook(books, world.catalog(), freeze, world.clock.now())

    return world.record.read(work)


def expected(world: World) -> str:
    """As its message says it."""
    world.deliver()
    said = next(one for one in world.messenger.posted if one.message.text.startswith(HEAD))
    return read(said).partition("*Expected:*")[2].partition("'}")[0]


def test_a_freeze_of_the_policy_says_until_when_it_will_about_last(frozen: World) -> None:
    found = seen(frozen)
    assert found is not None
    assert found.at is not None
    # an incident of a week ago rolls off then; an hour of calm on top, to the next full hour
    rolled = when(NOON) + timedelta(days=7, hours=1)
    assert rolled <= found.at <= rolled + timedelta(hours=1)
    assert found.at.minute == 0
    assert "frozen until about" in expected(frozen)
    assert "if nothing new happens" in expected(frozen)


def test_a_budget_that_does_not_come_back_by_itself_is_said_to(world: World) -> None:
    world.policy = FREEZING
    world.history_of_calm(days=31, bad=0.095)
    world.traffic(RANKER, bad=50.0, minutes=60)
    found = seen(world)
    assert found is not None
    assert found.at is None
    assert "it needs a fix, not patience" in found.why
    assert "nobody can say until when" in expected(world)


def test_of_a_young_account_the_message_says_why_nobody_knows(world: World) -> None:
    world.policy = FREEZING
    world.objectives = (objective(window=calendar()),)
    world.open()
    world.traffic(RANKER, bad=0.0, minutes=60)
    world.traffic(RANKER, bad=100.0, minutes=60)
    assert "on record: too little to look 7 d ahead" in expected(world)


def test_what_is_not_counted_any_more_has_no_forecast(frozen: World) -> None:
    frozen.objectives = frozen.objectives[1:]
    found = seen(frozen)
    assert found == Outlook(None, "what it was set for is not counted any more")


def test_a_budget_that_has_recovered_only_waits_for_its_calm(frozen: World) -> None:
    frozen.policy = replace(FREEZING, thaw=replace(FREEZING.thaw, left=Fraction(-100)))
    found = seen(frozen)
    assert found is not None
    assert found.at is not None
    assert found.at - frozen.clock.now() <= timedelta(hours=2)


def test_people_end_what_people_began(world: World) -> None:
    world.history_of_calm()
    asked = world.ask(Wish.FREEZE, hours=None)
    if asked.request is not None:
        world.vote(asked.request, "UBEN")
    assert world.freezes()
    assert seen(world) is None


class Counting:
    """A ledger that counts how often its rows were read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.reads = 0

    def __getattr__(self, name: str) -> Callable[..., object]:
        self.reads += name == "rows"
        found: Callable[..., object] = getattr(self._ledger, name)
        return found


def test_who_asks_often_does_not_have_it_worked_out_anew(frozen: World) -> None:
    outlooks, freezes = Outlooks(), frozen.freezes()
    many = [replace(freezes[0], id=number) for number in range(1, AT_A_TIME + 3)]

    def look(books: Books) -> tuple[int, int]:
        books.ledger = counting = Counting(books.ledger)  # type: ignore[assignment] # all of it is passed on
        found = outlooks.of(books, frozen.catalog(), many, frozen.clock.now())
        return len(found), counting.reads

    def counted() -> tuple[int, int]:
        return frozen.record.read(look)

    assert counted() == (AT_A_TIME, AT_A_TIME)
    assert counted() == (AT_A_TIME + 2, 2)
    assert counted() == (AT_A_TIME + 2, 0)
    frozen.traffic(RANKER, bad=0.0, minutes=int(KEEP.total_seconds() // 60))
    assert counted()[1] == AT_A_TIME


def test_the_gate_tells_the_expected_opening_beside_the_certain_one(frozen: World) -> None:
    known = knowing(frozen.catalog)
    snapshot = Snapshot(frozen.record, frozen.clock, known, Verdicts(), lambda: 0.0)
    facts = GateStatus(snapshot, frozen.clock).status("ranker")
    found = seen(frozen)
    assert found is not None
    assert found.at is not None
    assert "nextOpen" not in facts
    assert facts["expectedOpen"] == found.at.isoformat()
    assert "expectedOpen" not in GateStatus(snapshot, frozen.clock).status("recs")
