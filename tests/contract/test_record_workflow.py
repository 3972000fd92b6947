"""Standings, episodes, freezes, requests and receipts."""

from dataclasses import MISSING, fields, replace
from fractions import Fraction
from typing import Any

import pytest

from bot.decide.approval import Choice, RequestState, Stretch, Wish
from bot.decide.change import Change, ChangeKind
from bot.decide.episode import Level, Standing
from bot.decide.freeze import Effect, FreezeState, Origin
from bot.errors import RecordError
from bot.judge.burn import Severity
from bot.judge.verdict import Kind
from bot.ports import Record
from tests.record_samples import NOW, freeze, later, request, vote

pytest_plugins = ["tests.record_stores"]

RANKER = "ranker/availability"
CHANGE = Change("ranker", "38", "a" * 40, "sha256:" + "b" * 64, ChangeKind.BUG_FIX, "ML-12")


def assert_nothing_is_default(sample: Any) -> None:
    """A field left at its default would come back although nobody stored it."""
    for one in fields(sample):
        if one.default is not MISSING:
            assert getattr(sample, one.name) != one.default, one.name


def test_a_standing_comes_back_as_it_was_put(record: Record) -> None:
    marks = frozenset({Fraction(1, 4), Fraction(0), Fraction(1, 3)})
    burnt = frozenset({(Fraction(1, 4), Severity.PAGE), (Fraction(1, 3), Severity.TICKET)})
    full = Standing(
        RANKER, Kind.BURNING, Level.PAGE, NOW, later(5), marks, 2, True, "down", later(7),
        Kind.HEALTHY, 2**40, burnt,
    )  # fmt: skip
    assert_nothing_is_default(full)
    bare = Standing("b/x")
    record.write(lambda books: books.standings.put([full, bare]))
    assert record.read(lambda books: books.standings.get([RANKER, "b/x", "c/x"])) == {
        RANKER: full,
        "b/x": bare,
    }


def test_a_standing_takes_the_place_of_the_former(record: Record) -> None:
    record.write(lambda books: books.standings.put([Standing(RANKER, blind_polls=1)]))
    record.write(lambda books: books.standings.put([Standing(RANKER, blind_polls=2)]))
    record.write(lambda books: books.standings.put([]))
    found = record.read(lambda books: books.standings.get([RANKER]))
    assert found[RANKER].blind_polls == 2


def test_of_no_objectives_there_is_nothing_to_say(record: Record) -> None:
    assert record.read(lambda books: books.standings.get([])) == {}


def test_faults_are_those_of_all_objectives_that_have_one(record: Record) -> None:
    known = [Standing(RANKER), Standing("b/x", fault="the source is away")]
    record.write(lambda books: books.standings.put(known))
    assert record.read(lambda books: books.standings.faults()) == {"b/x": "the source is away"}
    assert record.read(lambda books: books.ledger.accounts([])) == {}


def test_an_episode_opens_rises_and_closes(record: Record) -> None:
    opened = record.write(lambda books: books.episodes.open(RANKER, 1, NOW))
    assert record.read(lambda books: books.episodes.current(RANKER)) == opened
    record.write(lambda books: books.episodes.raise_to(opened.id, 3))
    record.write(lambda books: books.episodes.raise_to(opened.id, 2))
    record.write(lambda books: books.episodes.close(opened.id, later(60)))
    record.write(lambda books: books.episodes.close(opened.id, later(99)))
    assert record.read(lambda books: books.episodes.current(RANKER)) is None
    closed = replace(opened, level=3, closed_at=later(60))
    assert record.read(lambda books: books.episodes.get(opened.id)) == closed
    again = record.write(lambda books: books.episodes.open(RANKER, 1, later(90)))
    assert again.id != opened.id


def test_two_episodes_of_one_objective_are_never_open(record: Record) -> None:
    record.write(lambda books: books.episodes.open(RANKER, 1, NOW))
    with pytest.raises(RecordError):
        record.write(lambda books: books.episodes.open(RANKER, 2, NOW))


def test_episodes_are_gathered_under_the_first_of_them(record: Record) -> None:
    def opened(objective: str, at: float, channel: str = "#search") -> int:
        return record.write(lambda b: b.episodes.open(objective, 2, later(at), channel)).id

    alone, first, second = opened("a/x", 1), opened("b/x", 2), opened("c/x", 3)
    elsewhere = opened("d/x", 3, "#other")
    record.write(lambda books: books.episodes.gather([first, second], first))
    record.write(lambda books: books.episodes.close(first, later(9)))
    together = record.read(lambda books: books.episodes.together(first))
    assert [(e.id, e.summary, e.channel) for e in together] == [
        (first, first, "#search"), (second, first, "#search"),
    ]  # fmt: skip
    assert together[0].closed_at == later(9)
    lately = record.read(lambda books: books.episodes.lately("#search", later(2)))
    assert [e.id for e in lately] == [first, second]
    everywhere = record.read(lambda books: books.episodes.currents(["a/x", "b/x", "d/x", "e/x"]))
    assert {name: (e.id, e.summary) for name, e in everywhere.items()} == {
        "a/x": (alone, None), "d/x": (elsewhere, None),
    }  # fmt: skip
    assert record.read(lambda books: books.episodes.together(alone)) == []
    assert record.read(lambda books: books.episodes.currents([])) == {}


def test_an_episode_is_acknowledged_once_and_only_while_open(record: Record) -> None:
    first = record.write(lambda books: books.episodes.open(RANKER, 1, NOW))
    assert record.write(lambda books: books.episodes.acknowledge(first.id, "UADA", later(5)))
    assert not record.write(lambda books: books.episodes.acknowledge(first.id, "UBOB", later(6)))
    found = record.read(lambda books: books.episodes.get(first.id))
    assert found == replace(first, acknowledged_by="UADA", acknowledged_at=later(5))
    record.write(lambda books: books.episodes.close(first.id, later(7)))
    second = record.write(lambda books: books.episodes.open(RANKER, 1, later(8)))
    record.write(lambda books: books.episodes.close(second.id, later(9)))
    assert not record.write(lambda books: books.episodes.acknowledge(second.id, "UBOB", later(9)))
    assert not record.write(lambda books: books.episodes.acknowledge(99, "UBOB", later(9)))


def test_a_freeze_stands_until_it_is_over(record: Record) -> None:
    def standing(at: float) -> list[int]:
        return [f.id for f in record.read(lambda books: books.freezes.standing(later(at)))]

    scheduled = record.write(lambda books: books.freezes.add(freeze(starts=60)))
    ending = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    lifted = record.write(lambda books: books.freezes.add(freeze()))
    assert record.write(lambda books: books.freezes.lift(lifted.id, later(50)))
    assert standing(50) == [scheduled.id, ending.id]
    assert standing(99.9) == [scheduled.id, ending.id]
    assert standing(100) == [scheduled.id]


def test_a_freeze_is_lifted_once_and_not_after_its_end(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    assert not record.write(lambda books: books.freezes.lift(one.id, later(100)))
    assert record.write(lambda books: books.freezes.lift(one.id, later(99)))
    assert not record.write(lambda books: books.freezes.lift(one.id, later(99.5)))
    found = record.read(lambda books: books.freezes.get(one.id))
    assert found == replace(one, lifted_at=later(99))


def test_lifting_one_freeze_never_lifts_another(record: Record) -> None:
    one, other = (record.write(lambda books: books.freezes.add(freeze())) for _ in range(2))
    record.write(lambda books: books.freezes.lift(one.id, later(5)))
    assert record.read(lambda books: books.freezes.standing(later(5))) == [other]


def test_a_lapsed_freeze_is_told_of_until_it_is_settled(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    lifted = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    record.write(lambda books: books.freezes.lift(lifted.id, later(50)))
    assert record.read(lambda books: books.freezes.lapsed(later(99.9))) == []
    assert record.write(lambda books: books.freezes.lapsed(later(100))) == [one]
    record.write(lambda books: books.freezes.settle(one.id))
    assert record.read(lambda books: books.freezes.lapsed(later(101))) == []


def test_a_freeze_comes_back_as_it_was_added(record: Record) -> None:
    whole = replace(
        freeze(ends=100, cause=RANKER), origin=Origin.POLICY, lifted_at=later(50),
        recovering_since=later(7), schedule="nights", occurrence=later(1), version=2,
        effect=Effect.HOLD, monitored=True,
    )  # fmt: skip
    assert_nothing_is_default(whole)
    added = record.write(lambda books: books.freezes.add(whole))
    assert added == replace(whole, id=added.id)
    assert record.read(lambda books: books.freezes.get(added.id)) == added


def test_a_freeze_cools_and_relapses(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(cause=RANKER)))
    record.write(lambda books: books.freezes.cooling(one.id, later(5)))
    found = record.read(lambda books: books.freezes.get(one.id))
    assert found is not None
    assert found.state(later(6)) is FreezeState.COOLING
    record.write(lambda books: books.freezes.cooling(one.id, None))
    assert record.read(lambda books: books.freezes.get(one.id)) == one


def test_what_is_not_there_is_none(record: Record) -> None:
    assert record.read(lambda books: books.freezes.get(7)) is None
    assert record.read(lambda books: books.episodes.get(7)) is None
    assert record.read(lambda books: books.requests.get(7)) is None
    assert record.write(lambda books: books.requests.get_locked(7)) is None


def test_a_request_comes_back_as_it_was_added(record: Record) -> None:
    wish = replace(
        request(2), wish=Wish.UNFREEZE, origin=Origin.POLICY, freezes=(3, 5), until=later(9),
        lasts=60, starts_at=later(1), cause=RANKER, evidence={"left": 0.1, "burn_long": None},
        closed=RequestState.DENIED, change=CHANGE,
        stretch=Stretch(later(2), later(3), (RANKER,), "network", 4), incident="INC-7",
        disputed=True, escalated_at=later(6), shortage="Nobody may decide.", docket=1,
    )  # fmt: skip
    assert_nothing_is_default(wish)
    added = record.write(lambda books: books.requests.add(wish))
    assert added == replace(wish, id=added.id)
    assert record.read(lambda books: books.requests.get(added.id)) == added
    assert record.write(lambda books: books.requests.get_locked(added.id)) == (added, [])


def test_one_vote_a_person(record: Record) -> None:
    number = record.write(lambda books: books.requests.add(request())).id
    assert record.write(lambda books: books.requests.vote(number, vote("bob", at=2)))
    again = vote("bob", Choice.DENY, at=3)
    assert not record.write(lambda books: books.requests.vote(number, again))
    assert record.write(lambda books: books.requests.vote(number, vote("eve", at=1)))
    expected = [vote("eve", at=1), vote("bob", at=2)]
    assert record.read(lambda books: books.requests.votes(number)) == expected


def test_a_vote_on_nothing_is_refused(record: Record) -> None:
    with pytest.raises(RecordError):
        record.write(lambda books: books.requests.vote(99, vote()))


def test_a_cause_joins_an_undecided_request(record: Record) -> None:
    wish = replace(request(), cause="a/x", reason="one", evidence={"left": 0.5})
    number = record.write(lambda books: books.requests.add(wish)).id
    assert record.write(lambda books: books.requests.join(number, "a/y", "two", {"left": 0.1}))
    found = record.read(lambda books: books.requests.get(number))
    assert found is not None
    assert (found.cause, found.causes, found.reason) == ("a/x, a/y", ("a/x", "a/y"), "one; two")
    assert found.evidence == {"left": 0.1}
    record.write(lambda books: books.requests.close(number, RequestState.DENIED, NOW))
    assert not record.write(lambda books: books.requests.join(number, "a/z", "three", {}))
    assert not record.write(lambda books: books.requests.join(99, "a/z", "three", {}))
    assert record.read(lambda books: books.requests.get(number)) == replace(
        found, closed=RequestState.DENIED
    )


def test_a_request_is_closed_once(record: Record) -> None:
    number = record.write(lambda books: books.requests.add(request())).id
    assert record.write(lambda books: books.requests.close(number, RequestState.APPROVED, NOW))
    assert not record.write(lambda books: books.requests.close(number, RequestState.DENIED, NOW))
    found = record.read(lambda books: books.requests.get(number))
    assert found is not None
    assert found.closed is RequestState.APPROVED


def test_a_request_is_pending_until_it_lapses_or_is_closed(record: Record) -> None:
    def ids(at: float) -> tuple[list[int], list[int]]:
        pending = record.read(lambda books: books.requests.pending(later(at)))
        lapsed = record.write(lambda books: books.requests.lapsed(later(at)))
        return [r.id for r in pending], [r.id for r in lapsed]

    short, long = (
        record.write(lambda books, e=e: books.requests.add(request(expires=e))).id
        for e in (60, 120)
    )
    assert ids(59.9) == ([short, long], [])
    assert ids(60) == ([long], [short])
    record.write(lambda books: books.requests.close(short, RequestState.EXPIRED, later(60)))
    assert ids(60) == ([long], [])


def test_a_receipt_is_new_once(record: Record) -> None:
    assert record.write(lambda books: books.receipts.first_time("sig", NOW))
    assert not record.write(lambda books: books.receipts.first_time("sig", NOW))
    assert record.write(lambda books: books.receipts.first_time("other", later(10)))


def test_old_receipts_are_forgotten(record: Record) -> None:
    record.write(lambda books: books.receipts.first_time("old", NOW))
    record.write(lambda books: books.receipts.first_time("new", later(10)))
    assert record.write(lambda books: books.receipts.forget(later(10))) == 1
    assert record.write(lambda books: books.receipts.first_time("old", later(11)))
    assert not record.write(lambda books: books.receipts.first_time("new", later(11)))


def test_what_can_be_judged_again_leaves_its_outage_once(record: Record) -> None:
    standings = [
        Standing("back", outage=7),
        Standing("other", outage=9),
        Standing("silent", outage=7, fault="down"),
        Standing("gap", outage=7, blind_polls=1),
        Standing("well"),
    ]
    names = [one.objective for one in standings]
    record.write(lambda books: books.standings.put(standings))
    asked = [name for name in names if name != "other"]
    assert record.write(lambda books: books.standings.leave(asked)) == {"back": 7}
    assert record.write(lambda books: books.standings.leave(names)) == {"other": 9}
    assert record.write(lambda books: books.standings.leave(names)) == {}
    assert record.write(lambda books: books.standings.leave([])) == {}
    after = record.read(lambda books: books.standings.get(names))
    kept = {name: one.outage for name, one in after.items()}
    assert kept == {"back": 0, "other": 0, "silent": 7, "gap": 7, "well": 0}
