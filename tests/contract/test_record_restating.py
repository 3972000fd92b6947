"""Ledger.restate on every store: late truth, also while polls append."""

from itertools import pairwise

import pytest

from bot.errors import Contradicted
from bot.judge.ledger import Entry, Slice
from bot.ports import Books, Record
from tests.at_once import over_and_over
from tests.builders import DAY, HOUR, MINUTE, NOON, objective, silent, steady
from tests.record_samples import NOW, append, claimed, later, release

pytest_plugins = ["tests.record_stores"]

RANKER = "ranker/availability"


def rows(record: Record, account: int) -> list[Entry]:
    found = record.read(lambda books: books.ledger.rows(account, 0, 2**40))
    return [] if found is None else list(found.rows)


def restate(record: Record, account: int, *pieces: Slice, now: float = 0) -> None:
    record.write(lambda books: books.ledger.restate(account, pieces, later(now)))


def test_corrections_of_several_slices_move_what_is_later(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 240, NOON, 10, 1), NOON)
    restate(record, account.id, Slice(NOON - 120, 5, 3, 0), Slice(NOON - 60, -2, 0, 0))
    assert [(row.eligible, row.bad) for row in rows(record, account.id)] == [
        (0, 0), (10, 1), (25, 5), (33, 6), (43, 7),
    ]  # fmt: skip
    append(record, account, steady(NOON, NOON + 60, 10, 1), NOON + 60)
    assert rows(record, account.id)[-1].bad == 8


def test_no_corrections_change_nothing(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 240, NOON, 10, 1), NOON)
    before = rows(record, account.id)
    restate(record, account.id)
    assert rows(record, account.id) == before


def test_an_unseen_slice_gets_its_row_and_the_account_has_seen_it(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, [*steady(NOON - 240, NOON - 180, 10), *silent(NOON - 180, NOON)], NOON)
    restate(record, account.id, Slice(NOON - 60, 4, 1, 60))
    assert rows(record, account.id)[-2:] == [
        Entry(NOON - 60, 14, 1, 120),
        Entry(NOON, 14, 1, 120),
    ]
    held = record.read(lambda books: books.ledger.accounts([RANKER]))[RANKER]
    assert (held.seen_until, held.read_until, held.opened) == (NOON - 60, NOON, NOON - 240)


def test_an_account_may_be_opened_earlier_or_at_all_by_late_truth(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, silent(NOON - 240, NOON), NOON)
    assert rows(record, account.id) == []
    restate(record, account.id, Slice(NOON - 60, 4, 1, 60))
    assert rows(record, account.id) == [
        Entry(NOON - 120, 0, 0, 0),
        Entry(NOON - 60, 4, 1, 60),
        Entry(NOON, 4, 1, 60),
    ]
    restate(record, account.id, Slice(NOON - 180, 2, 2, 60))
    held = record.read(lambda books: books.ledger.accounts([RANKER]))[RANKER]
    assert (held.opened, held.seen_until) == (NOON - 240, NOON - 60)
    assert rows(record, account.id)[-1] == Entry(NOON, 6, 3, 120)


def test_a_thinned_account_is_corrected_at_the_row_that_holds_the_slice(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 2 * HOUR, NOON, 10), NOON)
    release(record, account, 0)
    month = 30 * DAY
    record.write(lambda books: books.ledger.thin(later(month), 10_000))
    kept = [row.at for row in rows(record, account.id)]
    restate(record, account.id, Slice(NOON - 90 * MINUTE, 0, 7, 0), now=month)
    found = rows(record, account.id)
    assert [row.at for row in found] == kept
    assert NOON - 90 * MINUTE not in kept
    assert {row.bad for row in found if row.at < NOON - 90 * MINUTE} == {0}
    assert {row.bad for row in found if row.at > NOON - 90 * MINUTE} == {7}


def test_what_would_let_a_balance_fall_is_refused_and_nothing_is_written(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - 240, NOON, 10, 1), NOON)
    before = rows(record, account.id)
    with pytest.raises(Contradicted, match="fall"):
        restate(record, account.id, Slice(NOON - 60, -50, 0, 0))
    assert rows(record, account.id) == before


def label(record: Record, minute: int) -> None:
    """One wrong answer more, so many minutes ago."""
    piece = Slice(NOON - minute * MINUTE, 0, 1, 0)

    def work(books: Books) -> None:
        held = books.ledger.hold([RANKER])[RANKER]
        assert held.read_until is not None
        assert held.read_until >= NOON
        books.ledger.restate(held.id, [piece], NOW)

    record.write(work)


def test_late_truth_and_polls_at_the_same_time_lose_nothing(record: Record) -> None:
    [account] = claimed(record)
    append(record, account, steady(NOON - HOUR, NOON, 10), NOON)

    def poll(minute: int) -> None:
        at = NOON + minute * MINUTE
        append(record, account, steady(at, at + MINUTE, 10, 1), at + MINUTE)

    over_and_over(
        20,
        poll,
        lambda minute: label(record, 2 * minute),
        lambda minute: label(record, 2 * minute + 1),
    )
    found = rows(record, account.id)
    assert found[-1] == Entry(NOON + 20 * MINUTE, 800, 20 + 40, 80 * 60)
    assert [row.at for row in found] == list(range(NOON - HOUR, NOON + 20 * MINUTE + 1, MINUTE))
    assert all(one.bad <= two.bad for one, two in pairwise(found))


def test_held_accounts_are_the_present_ones(record: Record) -> None:
    [account] = claimed(record)
    held = record.write(lambda books: books.ledger.hold([RANKER, "nobody/x"]))
    assert held == {RANKER: account}
    record.write(lambda books: books.ledger.open([objective(step=300)], NOW))
    other = record.write(lambda books: books.ledger.hold([RANKER]))[RANKER]
    assert other.id != account.id
    assert record.write(lambda books: books.ledger.hold([])) == {}
