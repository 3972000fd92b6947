"""Ledger: accounts are claimed, slices counted once, totals answered."""

import pytest

from bot.judge.indicator import Ratio
from bot.judge.ledger import Entry, Slice
from bot.judge.objective import Method
from bot.ports import Account, Record
from tests.builders import HOUR, MINUTE, NOON, objective, rolling, silent, steady
from tests.record_samples import NOW, append, claimed, later, release

pytest_plugins = ["tests.record_stores"]

RANKER = "ranker/availability"


def rows(record: Record, account: int) -> list[Entry]:
    found = record.read(lambda books: books.ledger.rows(account, 0, NOON + 400 * 86_400))
    return [] if found is None else list(found.rows)


def test_an_opened_account_is_empty_and_due(record: Record) -> None:
    record.write(lambda books: books.ledger.open([objective()], NOW))
    account = record.read(lambda books: books.ledger.accounts([RANKER, "nobody/x"]))
    assert account == {RANKER: Account(account[RANKER].id, RANKER, None, None, None, 0)}
    assert len(record.write(lambda books: books.ledger.claim([RANKER], NOW, 60, 5))) == 1


def test_opening_again_changes_nothing(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - HOUR, NOON, 10), NOON)
    record.write(lambda books: books.ledger.open([objective()], later(5)))
    [same] = record.read(lambda books: books.ledger.accounts([RANKER])).values()
    assert (same.id, same.read_until, same.token) == (account.id, NOON, account.token)


@pytest.mark.parametrize(
    "changed",
    [
        objective(indicator=Ratio("requests_total", good="ok_total")),
        objective(step=5 * MINUTE),
        objective(method=Method.TIMESLICES),
    ],
)
def test_another_way_of_counting_starts_another_account(record: Record, changed: object) -> None:
    [old] = claimed(record)
    append(record, old, steady(NOON - HOUR, NOON, 10), NOON)
    record.write(lambda books: books.ledger.open([changed], NOW))  # type: ignore[list-item] # an Objective
    new = record.read(lambda books: books.ledger.accounts([RANKER]))[RANKER]
    assert new.id != old.id
    assert new.opened is None
    assert len(rows(record, old.id)) == 61


def test_a_change_taken_back_goes_on_with_the_old_account(record: Record) -> None:
    [old] = claimed(record)
    record.write(lambda books: books.ledger.open([objective(step=300)], NOW))
    record.write(lambda books: books.ledger.open([objective()], NOW))
    assert record.read(lambda books: books.ledger.accounts([RANKER]))[RANKER].id == old.id


def test_another_target_or_window_keeps_the_account(record: Record) -> None:
    [old] = claimed(record)
    record.write(lambda books: books.ledger.open([objective(target="0.9", window=rolling(7))], NOW))
    assert record.read(lambda books: books.ledger.accounts([RANKER]))[RANKER].id == old.id


def test_a_claimed_account_is_nobody_elses_until_the_lease_is_over(record: Record) -> None:
    [first] = claimed(record)
    assert record.write(lambda books: books.ledger.claim([RANKER], later(59.9), 60, 5)) == []
    [second] = record.write(lambda books: books.ledger.claim([RANKER], later(60), 60, 5))
    assert second.token == first.token + 1


def test_a_released_account_is_due_when_told(record: Record) -> None:
    [account] = claimed(record)
    release(record, account, 30)
    assert record.write(lambda books: books.ledger.claim([RANKER], later(29.9), 60, 5)) == []
    assert len(record.write(lambda books: books.ledger.claim([RANKER], later(30), 60, 5))) == 1


def test_a_hurried_account_is_due_at_once(record: Record) -> None:
    [account] = claimed(record)
    release(record, account, 3_600)
    record.write(lambda books: books.ledger.hurry([RANKER], NOW))
    assert len(record.write(lambda books: books.ledger.claim([RANKER], NOW, 60, 5))) == 1


def test_a_renewed_claim_lasts_and_a_lost_one_stays_lost(record: Record) -> None:
    [account] = claimed(record)
    record.write(lambda books: books.ledger.renew([account], later(50), 60))
    assert record.write(lambda books: books.ledger.claim([RANKER], later(109), 60, 5)) == []
    [other] = record.write(lambda books: books.ledger.claim([RANKER], later(110), 60, 5))
    record.write(lambda books: books.ledger.renew([account], later(120), 600))
    assert len(record.write(lambda books: books.ledger.claim([RANKER], later(171), 60, 5))) == 1
    assert other.token > account.token


def test_a_claim_takes_the_longest_overdue_first(record: Record) -> None:
    accounts = claimed(record, "a", "b", "c")
    for account, due in zip(accounts, (30, 10, 20), strict=True):
        release(record, account, due)
    names = [account.objective for account in accounts]
    found = record.write(lambda books: books.ledger.claim(names, later(40), 60, 2))
    assert [account.objective for account in found] == ["b/availability", "c/availability"]


def test_a_claim_from_a_clock_that_jumped_back_does_not_last(record: Record) -> None:
    claimed(record)
    found = record.write(lambda books: books.ledger.claim([RANKER], later(-59), 60, 5))
    assert found == []
    record.write(lambda books: books.ledger.hurry([RANKER], later(-61)))
    assert len(record.write(lambda books: books.ledger.claim([RANKER], later(-61), 60, 5))) == 1


def test_running_totals_grow_from_the_opening_row(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 120, NOON, 10, 1), NOON)
    assert rows(record, account.id) == [
        Entry(NOON - 120, 0.0, 0.0, 0),
        Entry(NOON - 60, 10.0, 1.0, 60),
        Entry(NOON, 20.0, 2.0, 120),
    ]


def test_a_slice_is_counted_once_however_often_it_comes(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 600, NOON, 10, 1), NOON)
    before = rows(record, account.id)
    append(record, account, steady(NOON - 600, NOON, 99, 9), NOON)
    append(record, account, steady(NOON - 300, NOON + 60, 10, 1), NOON + 60)
    assert rows(record, account.id) == [*before, Entry(NOON + 60, 110.0, 11.0, 660)]


def test_an_account_knows_how_far_it_was_read_and_seen(record: Record) -> None:
    [account] = claimed(record)
    pieces = [*steady(NOON - 300, NOON - 120, 10), *silent(NOON - 120, NOON)]
    [after] = record.write(lambda books: books.ledger.append_many([(account, pieces, NOON)]))
    assert (after.opened, after.read_until, after.seen_until) == (NOON - 300, NOON, NOON - 120)
    assert record.read(lambda books: books.ledger.accounts([RANKER]))[RANKER] == after


def test_an_account_that_saw_nothing_was_read_all_the_same(record: Record) -> None:
    [account] = claimed(record)
    pieces = silent(NOON - 120, NOON)
    [after] = record.write(lambda books: books.ledger.append_many([(account, pieces, NOON)]))
    assert (after.opened, after.read_until, after.seen_until) == (None, NOON, None)
    assert rows(record, account.id) == []


def test_nothing_to_append_still_says_how_far_it_was_read(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 120, NOON, 10), NOON)
    append(record, account, [], NOON + 60)
    append(record, account, [], NOON - 600)
    [after] = record.read(lambda books: books.ledger.accounts([RANKER])).values()
    assert (after.read_until, after.seen_until) == (NOON + 60, NOON)


def test_a_lost_lease_writes_nothing(record: Record) -> None:
    [mine] = claimed(record)
    [theirs] = record.write(lambda books: books.ledger.claim([RANKER], later(61), 60, 5))
    assert not append(record, mine, steady(NOON - 60, NOON, 10), NOON)
    assert rows(record, mine.id) == []
    release(record, mine, 0)
    assert record.write(lambda books: books.ledger.claim([RANKER], later(62), 60, 5)) == []
    assert append(record, theirs, steady(NOON - 60, NOON, 10), NOON)
    assert len(rows(record, mine.id)) == 2


def test_of_many_only_those_still_held_are_written(record: Record) -> None:
    mine = claimed(record, "a", "b", "c")
    record.write(lambda books: books.ledger.claim(["b/availability"], later(61), 60, 5))
    items = [(account, steady(NOON - 60, NOON, 10), NOON) for account in mine]
    kept = record.write(lambda books: books.ledger.append_many(items))
    assert [account.objective for account in kept] == ["a/availability", "c/availability"]
    assert [len(rows(record, account.id)) for account in mine] == [2, 0, 2]


def test_one_account_twice_in_a_batch_goes_on_from_itself(record: Record) -> None:
    [account] = claimed(record)
    pieces = steady(NOON - 240, NOON, 10)
    items = [(account, pieces[:2], NOON - 120), (account, pieces, NOON)]
    [after] = record.write(lambda books: books.ledger.append_many(items))
    assert after.read_until == NOON
    assert [row.eligible for row in rows(record, account.id)] == [0, 10, 20, 30, 40]


def test_many_released_at_once_are_due_together(record: Record) -> None:
    accounts = claimed(record, "a", "b")
    record.write(lambda books: books.ledger.release_many(accounts, later(30)))
    names = [account.objective for account in accounts]
    assert len(record.write(lambda books: books.ledger.claim(names, later(30), 60, 5))) == 2


def test_balances_answer_the_last_row_at_or_before_each_instant(record: Record) -> None:
    first, second, empty = claimed(record, "a", "b", "c")
    append(record, first, steady(NOON - 600, NOON, 10, 1), NOON)
    append(record, second, steady(NOON - 300, NOON, 7), NOON)
    asked = {first.id: [NOON, NOON - 90], second.id: [NOON - 900, NOON - 60], empty.id: [NOON]}
    found = record.read(lambda books: books.ledger.balances(asked))
    assert set(found) == {first.id, second.id}
    assert found[first.id].at(NOON) == Entry(NOON, 100.0, 10.0, 600)
    assert found[first.id].at(NOON - 90) == Entry(NOON - 120, 80.0, 8.0, 480)
    assert found[first.id].first == Entry(NOON - 600, 0.0, 0.0, 0)
    assert found[second.id].at(NOON - 900) == Entry(NOON - 300, 0.0, 0.0, 0)
    assert found[second.id].at(NOON - 60) == Entry(NOON - 60, 28.0, 0.0, 240)


def test_no_balances_are_asked_for(record: Record) -> None:
    assert record.read(lambda books: books.ledger.balances({})) == {}


def test_the_rows_of_a_stretch_come_with_the_one_before_it(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 600, NOON, 10), NOON)

    def ats(since: int, until: int) -> list[int]:
        found = record.read(lambda books: books.ledger.rows(account.id, since, until))
        return [] if found is None else [row.at for row in found.rows]

    assert ats(NOON - 150, NOON - 60) == [NOON - 180, NOON - 120, NOON - 60]
    assert ats(NOON - 120, NOON - 60) == [NOON - 120, NOON - 60]
    assert ats(NOON - 900, NOON - 540) == [NOON - 600, NOON - 540]
    assert ats(NOON - 1200, NOON - 900) == []


def test_late_truth_moves_the_later_totals_and_no_others(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 240, NOON, 10, 1), NOON)
    late = Slice(NOON - 120, 5.0, 3.0, 0)
    record.write(lambda books: books.ledger.restate(account.id, [late], NOW))
    assert [(row.eligible, row.bad) for row in rows(record, account.id)] == [
        (0, 0), (10, 1), (25, 5), (35, 6), (45, 7),
    ]  # fmt: skip
    append(record, account, steady(NOON, NOON + 60, 10, 1), NOON + 60)
    assert rows(record, account.id)[-1].bad == 8


def test_counts_keep_every_bit(record: Record) -> None:
    [account] = claimed(record)
    odd = 0.1 + 0.2
    append(record, account, [Slice(NOON, float(2**53), odd, 60)], NOON)
    assert rows(record, account.id)[-1] == Entry(NOON, float(2**53), odd, 60)
