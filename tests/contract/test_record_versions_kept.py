"""Accounts of versions are deleted once nothing asks for them, and nothing else is."""

from datetime import timedelta

from bot.judge.version import of_version
from bot.ports import Account, Record
from tests.builders import DAY, NOON, objective, steady, when
from tests.record_samples import NOW, append

pytest_plugins = ["tests.record_stores"]
WHOLE = objective()


def opened(record: Record, *versions: str, last: int = NOON) -> dict[str, Account]:
    """An account of the whole and of each version, an hour counted in each, read until `last`."""
    some = [WHOLE, *(of_version(WHOLE, version, 0) for version in versions)]
    now = when(last)

    def work(books) -> list[Account]:  # type: ignore[no-untyped-def]
        books.ledger.open(some, now)
        return list(books.ledger.claim([one.id for one in some], now, 90, len(some)))

    found = {account.objective: account for account in record.write(work)}
    for account in found.values():
        append(record, account, steady(last - 3_600, last, 10, 1), last)
    record.write(lambda books: books.ledger.release_many(list(found.values()), now))
    return found


def forget(record: Record, days: float, limit: int = 100) -> int:
    """Nothing was read in so many days before NOW."""
    before = NOW - timedelta(days=days)
    return record.write(lambda books: books.ledger.forget_versions(before, limit))


def names(record: Record, *versions: str) -> set[str]:
    wanted = [WHOLE.id, *(f"{WHOLE.id}@{version}" for version in versions)]
    return set(record.read(lambda books: books.ledger.accounts(wanted)))


def test_a_version_that_is_long_gone_is_deleted_with_its_rows(record: Record) -> None:
    old = opened(record, "37", last=NOON - 91 * DAY)
    opened(record, "38", last=NOON - 89 * DAY)
    assert forget(record, 90) == 1
    assert names(record, "37", "38") == {WHOLE.id, f"{WHOLE.id}@38"}
    gone = old[f"{WHOLE.id}@37"].id
    assert record.read(lambda books: books.ledger.rows(gone, 0, NOON)) is None
    assert forget(record, 90) == 0


def test_an_objective_is_never_deleted_however_old_its_rows(record: Record) -> None:
    opened(record, last=NOON - 500 * DAY)
    assert forget(record, 90) == 0
    assert names(record) == {WHOLE.id}


def test_a_version_that_serves_is_kept_though_its_source_has_long_been_away(
    record: Record,
) -> None:
    account = opened(record, "37", last=NOON - 91 * DAY)[f"{WHOLE.id}@37"]
    claimed = record.write(lambda books: books.ledger.claim([account.objective], NOW, 90, 1))
    record.write(lambda books: books.ledger.release_many(claimed, NOW))
    assert forget(record, 90) == 0


def test_many_go_a_portion_at_a_time(record: Record) -> None:
    versions = [str(number) for number in range(25)]
    opened(record, *versions, last=NOON - 91 * DAY)
    assert [forget(record, 90, limit=10) for _ in range(4)] == [10, 10, 5, 0]
    assert names(record, *versions) == {WHOLE.id}


def test_a_version_that_comes_back_begins_a_new_account(record: Record) -> None:
    opened(record, "37", last=NOON - 91 * DAY)
    forget(record, 90)
    account = opened(record, "37")[f"{WHOLE.id}@37"]
    rows = record.read(lambda books: books.ledger.rows(account.id, 0, NOON))
    assert rows is not None
    assert rows.last.eligible == sum(one.eligible for one in steady(NOON - 3_600, NOON, 10))
