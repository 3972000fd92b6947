"""Thinning deletes what the tiers no longer keep, and nothing else; no sum ever changes."""

from collections.abc import Sequence

import pytest

from bot.judge.ledger import Entry, accumulate
from bot.judge.thinning import DAY, HOUR, keeps
from bot.ports import Books, Record
from tests.builders import NOON, objective, steady, when
from tests.record_samples import append, claimed

pytest_plugins = ["tests.record_stores"]


def stored(record: Record, account: int) -> list[Entry]:
    found = record.read(lambda books: books.ledger.rows(account, 0, NOON + 900 * DAY))
    return [] if found is None else list(found.rows)


def thin(record: Record, now: int, limit: int = 100_000) -> int:
    return record.write(lambda books: books.ledger.thin(when(now), limit))


def law(rows: Sequence[Entry], now: int, step: int = 60) -> list[Entry]:
    inner = [row for row in rows[1:-1] if keeps(row.at, now, step)]
    return [rows[0], *inner, rows[-1]] if len(rows) > 1 else list(rows)


def days(record: Record, length: int = 6) -> tuple[int, list[Entry]]:
    """Some days of minutes until NOON, in an account that opens between two hours."""
    pieces = steady(NOON - length * DAY - 1_380, NOON, 10, 1)
    [account] = claimed(record)
    append(record, account, pieces, NOON)
    return account.id, accumulate(None, pieces)


@pytest.mark.parametrize("age", [0, 59, 60, 3 * HOUR, 40 * DAY, 399 * DAY, 405 * DAY, 900 * DAY])
def test_the_rows_left_are_those_that_the_tiers_keep(record: Record, age: int) -> None:
    account, rows = days(record)
    gone = thin(record, NOON + age)
    kept = law(rows, NOON + age)
    assert stored(record, account) == kept
    assert gone == len(rows) - len(kept)
    assert thin(record, NOON + age) == 0


def test_thinning_little_by_little_ends_where_thinning_at_once_does(record: Record) -> None:
    account, rows = days(record)
    for later in range(0, 5 * DAY, 17_000):
        thin(record, NOON + later)
        assert stored(record, account) == law(rows, NOON + later)


def test_rows_that_are_asked_for_stay_until_no_row_does(record: Record) -> None:
    account, rows = days(record)
    bounds = {rows[500].at, rows[-600].at, rows[-3].at}

    def thinned(now: int) -> set[int]:
        record.write(lambda books: books.ledger.thin(when(now), 100_000, bounds))
        return {row.at for row in stored(record, account)}

    for later in (0, 5 * DAY, 390 * DAY):
        left = {row.at for row in law(rows, NOON + later)}
        assert thinned(NOON + later) == left | bounds
    last = NOON + 900 * DAY
    assert thinned(last) == {row.at for row in law(rows, last)}


def test_a_call_deletes_no_more_than_its_limit(record: Record) -> None:
    account, rows = days(record)
    total = len(rows) - len(law(rows, NOON))
    calls = []
    while not calls or calls[-1] == 1_000:
        calls.append(thin(record, NOON, 1_000))
    assert sum(calls) == total
    assert max(calls) == 1_000
    assert stored(record, account) == law(rows, NOON)


def test_rows_that_came_after_a_thinning_are_thinned_too(record: Record) -> None:
    [account] = claimed(record)
    early = steady(NOON - 5 * DAY, NOON - 4 * DAY, 10)
    append(record, account, early, NOON - 4 * DAY)
    thin(record, NOON)
    late = steady(NOON - 4 * DAY, NOON, 10)
    append(record, account, late, NOON)
    thin(record, NOON)
    assert stored(record, account.id) == law(accumulate(None, [*early, *late]), NOON)


def test_every_account_is_thinned_by_its_own_step(record: Record) -> None:
    fast, slow = objective("a", step=60), objective("b", step=900)

    def begin(books: Books) -> dict[str, int]:
        books.ledger.open([fast, slow], when(NOON))
        accounts = books.ledger.claim([fast.id, slow.id], when(NOON), 60, 2)
        for account in accounts:
            step = 60 if account.objective == fast.id else 900
            pieces = steady(NOON - DAY, NOON, 10, step=step)
            books.ledger.append_many([(account, pieces, NOON)])
        return {account.objective: account.id for account in accounts}

    ids = record.write(begin)
    thin(record, NOON)
    for one in (fast, slow):
        rows = accumulate(None, steady(NOON - DAY, NOON, 10, step=one.step))
        assert stored(record, ids[one.id]) == law(rows, NOON, one.step)
