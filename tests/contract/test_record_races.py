"""What several threads do at once, on real databases and in memory."""

import threading
from collections import Counter
from contextlib import suppress
from operator import eq

from bot.decide.approval import Choice, RequestState, rule_on_vote
from bot.decide.decision import Event
from bot.decide.quorum import DECIDERS
from bot.ports import Books, HistoryFilter, Record
from tests.at_once import together
from tests.builders import NOON, person, steady
from tests.record_samples import (
    NOW,
    claimed,
    decision,
    freeze,
    later,
    outgoing,
    request,
    vote,
)

pytest_plugins = ["tests.record_stores"]


def click(record: Record, number: int, who: str, choice: Choice = Choice.APPROVE) -> bool:
    """A click as the flow handles it; whether it decided."""

    def work(books: Books) -> bool:
        locked = books.requests.get_locked(number)
        assert locked is not None
        current, votes = locked
        ruling = rule_on_vote(
            current, votes, person(who), choice, groups=(DECIDERS,), now=NOW, same=eq
        )
        if not ruling.counts:
            return False
        assert books.requests.vote(number, vote(who, choice))
        if ruling.state.value == "pending":
            return False
        assert books.requests.close(number, ruling.state, NOW)
        books.freezes.add(freeze())
        books.history.append(decision())
        return True

    return record.write(work)


def clicks(record: Record, needed: int, *cast: tuple[str, Choice]) -> tuple[int, list[bool]]:
    """A new request, and whether each of these clicks, all at once, decided it."""
    number = record.write(lambda books: books.requests.add(request(needed))).id
    found = together(*(lambda w=who, c=choice: click(record, number, w, c) for who, choice in cast))
    return number, sorted(found)


YES, NO = Choice.APPROVE, Choice.DENY


def sound(record: Record) -> int:
    """How many rows the history has, none of them bad."""
    proof = record.read(lambda books: books.history.verify())
    assert proof.broken is None
    return proof.rows


def test_two_approvers_at_once_make_one_decision(record: Record) -> None:
    for _ in range(100):
        assert clicks(record, 1, ("bob", YES), ("eve", YES))[1] == [False, True]
    assert len(record.read(lambda books: books.freezes.standing(NOW))) == 100
    assert sound(record) == 100


def test_two_of_two_voting_at_once_are_not_stuck(record: Record) -> None:
    for _ in range(100):
        assert clicks(record, 2, ("bob", YES), ("eve", YES))[1] == [False, True]
    assert len(record.read(lambda books: books.freezes.standing(NOW))) == 100


def test_a_double_click_is_one_vote(record: Record) -> None:
    for _ in range(50):
        number, decided = clicks(record, 2, ("bob", YES), ("bob", YES))
        assert decided == [False, False]
        votes = record.read(lambda books, n=number: books.requests.votes(n))
        assert len(votes) == 1


def test_approval_and_denial_at_once_are_one_decision(record: Record) -> None:
    for _ in range(50):
        assert clicks(record, 1, ("bob", YES), ("eve", NO))[1] == [False, True]


def test_a_vote_and_a_withdrawal_at_once_are_one_end(record: Record) -> None:
    """The poll may hold the history already: it never waits for who decides, nor they for ever."""
    for n in range(50):
        number = record.write(lambda books: books.requests.add(request(1))).id

        def cancel(number: int = number, first: bool = n % 2 == 0) -> bool:
            def work(books: Books) -> bool:
                if first:
                    books.history.hold()
                known = books.requests.get(number)
                assert known is not None
                if not books.requests.cancel(known, NOW):
                    return False
                books.history.append(decision())
                return True

            return record.write(work)

        found = together(lambda: click(record, number, "bob"), cancel)  # noqa: B023 - run at once
        assert sorted(found) == [False, True]
    frozen = record.read(lambda books: books.freezes.standing(NOW))
    ends = record.read(lambda books: books.requests.several(range(1, 51)))
    states = Counter(one.closed for one, _ in ends.values())
    assert len(frozen) == states[RequestState.APPROVED]
    assert states.keys() <= {RequestState.APPROVED, RequestState.CANCELLED}
    assert sound(record) == 50


def test_a_replayed_request_acts_once(record: Record) -> None:
    for n in range(30):
        key = f"signature {n}"
        found = together(
            *[lambda k=key: record.write(lambda books: books.receipts.first_time(k, NOW))] * 4
        )
        assert sorted(found) == [False, False, False, True]


def test_accounts_are_shared_out_not_claimed_twice(record: Record) -> None:
    names = [f"s{n}" for n in range(40)]
    accounts = claimed(record, *names)
    record.write(lambda books: books.ledger.release_many(accounts, NOW))
    ids = [account.objective for account in accounts]
    found = together(
        *[lambda: record.write(lambda books: books.ledger.claim(ids, later(1), 60, 15))] * 4
    )
    taken = Counter(account.id for some in found for account in some)
    assert set(taken.values()) == {1}
    rest = record.write(lambda books: books.ledger.claim(ids, later(1), 60, 99))
    assert len(taken) + len(rest) == 40


def test_overlapping_batches_do_not_wait_for_each_other_for_ever(record: Record) -> None:
    accounts = claimed(record, *(f"s{n}" for n in range(30)))

    def append(order: int) -> int:
        items = [(a, steady(NOON - 600, NOON, 10), NOON) for a in accounts[::order]]
        return len(record.write(lambda books: books.ledger.append_many(items)))

    assert together(*(lambda o=o: append(o) for o in (1, -1, 1, -1))) == [30] * 4
    found = record.read(lambda books: books.ledger.balances({a.id: [NOON] for a in accounts}))
    assert {balances.last.eligible for balances in found.values()} == {100.0}


def test_a_message_goes_to_one_worker_and_channels_keep_their_pace(record: Record) -> None:
    for channel in ("#a", "#b", "#c"):
        for n in range(4):
            message = outgoing(f"{channel}{n}", channel=channel)
            record.write(lambda books, m=message: books.outbox.put(m, NOW))
    for second in range(4):
        found = together(
            *(
                lambda w=worker, s=second: record.write(
                    lambda books: books.outbox.claim(later(s), 15, w)
                )
                for worker in "vwxyz"
            )
        )
        claims = [claim for claim in found if claim is not None]
        assert sorted(c.outgoing.key for c in claims) == [
            f"{c}{second}" for c in ("#a", "#b", "#c")
        ]
        for claim in claims:
            record.write(lambda books, c=claim: books.outbox.sent(c, "C", "1", "", NOW))


def test_the_same_message_put_by_two_is_stored_once(record: Record) -> None:
    for n in range(20):
        message = outgoing(f"key {n}")
        put = together(*[lambda m=message: record.write(lambda b: b.outbox.put(m, NOW))] * 3)
        assert sorted(put) == [False, False, True]


def test_the_history_grows_in_one_line(record: Record) -> None:
    def some() -> None:
        for _ in range(10):
            record.write(lambda books: books.history.append(decision(Event.VOTE_CAST)))

    together(*[some] * 6)
    assert sound(record) == 60
    rows = record.read(lambda books: books.history.find(HistoryFilter(limit=100)))
    assert [row.seq for row in rows] == list(range(60, 0, -1))


def test_transactions_that_wait_for_each_other_both_come_through(record: Record) -> None:
    one, other = (record.write(lambda books: books.freezes.add(freeze())).id for _ in range(2))
    gate = threading.Barrier(2)

    def lift(first: int, second: int) -> None:
        tried: list[int] = []

        def work(books: Books) -> None:
            books.freezes.cooling(first, NOW)
            tried.append(first)
            if len(tried) == 1 and not gate.broken:
                with suppress(threading.BrokenBarrierError):
                    gate.wait(0.3)  # on one writer at a time they never meet
            books.freezes.cooling(second, NOW)

        record.write(work)

    together(lambda: lift(one, other), lambda: lift(other, one))
    found = record.read(lambda books: books.freezes.standing(NOW))
    assert [one.recovering_since for one in found] == [NOW, NOW]


def test_each_lapsed_end_is_told_by_one(record: Record) -> None:
    for _ in range(20):
        record.write(lambda books: books.freezes.add(freeze(ends=10)))

        def tell() -> int:
            def work(books: Books) -> int:
                lapsed = books.freezes.lapsed(later(10))
                for one in lapsed:
                    books.freezes.settle(one.id)
                return len(lapsed)

            return record.write(work)

        told = together(tell, tell, tell)
        assert sum(told) + tell() == 1


def test_who_holds_the_history_reads_what_all_before_have_written(record: Record) -> None:
    def ask() -> bool:
        def work(books: Books) -> bool:
            books.history.hold()
            if books.requests.pending(NOW):
                return False
            books.requests.add(request())
            books.history.append(decision(Event.FREEZE_REQUESTED))
            return True

        return record.write(work)

    assert sorted(together(ask, ask, ask, ask)) == [False, False, False, True]
    assert sound(record) == 1


def test_a_cause_does_not_wait_for_a_request_that_is_being_decided(record: Record) -> None:
    number = record.write(lambda books: books.requests.add(request())).id
    locked, joined = threading.Event(), threading.Event()

    def decide() -> bool:
        def work(books: Books) -> bool:
            books.requests.get_locked(number)
            locked.set()
            joined.wait(0.5)  # on one writer at a time the other comes later
            books.history.append(decision(Event.VOTE_CAST))
            return books.requests.close(number, RequestState.DENIED, NOW)

        return record.write(work)

    def join() -> bool:
        locked.wait(10)

        def work(books: Books) -> bool:
            books.history.append(decision(Event.FREEZE_REQUESTED))
            try:
                return books.requests.join(number, "a/y", "two", {})
            finally:
                joined.set()

        return record.write(work)

    assert sorted(together(decide, join)) == [False, True]
    found = record.read(lambda books: books.requests.get(number))
    assert found is not None
    assert (found.closed, found.cause) == (RequestState.DENIED, "")
