"""Grants, reviews and adjustments: each is used, done and undone once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.decide.adjustment import Adjustment
from bot.decide.approval import Stretch
from bot.decide.change import Change, ChangeKind
from bot.decide.override import Grant, OverrideState, Review, Run
from bot.errors import RecordError
from bot.ports import Books, Record
from tests.record_samples import NOW, later, request

pytest_plugins = ["tests.record_stores"]

CHANGE = Change("ranker", "38", "a" * 40, "sha256:1", ChangeKind.BUG_FIX, "ML-12")
RUN = Run("github", "123", 2)


def asked(record: Record) -> int:
    return record.write(lambda books: books.requests.add(request())).id


def granted(record: Record, change: Change = CHANGE, emergency: bool = False) -> Grant:
    wanted = Grant(0, asked(record), change, (7, 8), NOW, later(3_600), emergency)
    return record.write(lambda books: books.grants.add(wanted))


def test_a_grant_comes_back_as_it_was_stored(record: Record) -> None:
    grant = granted(record, emergency=True)
    assert grant == Grant(
        grant.id, grant.request, CHANGE, (7, 8), NOW, later(3_600), emergency=True
    )
    assert record.read(lambda books: books.grants.get(grant.id)) == grant
    assert record.read(lambda books: books.grants.of_request(grant.request)) == grant
    assert record.read(lambda books: books.grants.get(999)) is None
    assert record.read(lambda books: books.grants.of_request(999)) is None


def test_a_request_is_granted_once(record: Record) -> None:
    grant = granted(record)
    with pytest.raises(RecordError):
        record.write(lambda books: books.grants.add(replace(grant, id=0)))


def test_grants_are_added_together_each_under_an_id_that_nobody_else_is_given(
    record: Record,
) -> None:
    before = granted(record)
    one, other = asked(record), asked(record)

    def work(books: Books) -> list[Grant]:
        numbers = books.grants.reserve(3)
        some = [
            replace(before, id=n, request=r) for n, r in zip(numbers, (one, other), strict=False)
        ]
        books.grants.add_all(some)
        return some

    added = record.write(work)
    assert [
        record.read(lambda books, r=r: books.grants.of_request(r)) for r in (one, other)
    ] == added
    later_one = granted(record)
    assert len({before.id, later_one.id, *(grant.id for grant in added)}) == 4
    with pytest.raises(RecordError):
        record.write(lambda books: books.grants.add_all([replace(before, id=later_one.id + 50)]))


def test_the_grants_of_a_service_are_found_newest_first(record: Record) -> None:
    first, second = granted(record), granted(record)
    granted(record, replace(CHANGE, service="speller"))
    found = record.read(lambda books: books.grants.of_service("ranker"))
    assert [g.id for g in found] == [second.id, first.id]
    assert len(record.read(lambda books: books.grants.of_service("ranker", 1))) == 1


def test_a_grant_is_used_once_and_the_same_run_may_ask_again(record: Record) -> None:
    grant = granted(record)
    use = lambda run, at: record.write(  # noqa: E731 - said four times below
        lambda books: books.grants.use(grant.id, run, later(at), CHANGE)
    )
    assert use(RUN, 5)
    assert use(RUN, 9_999)
    assert not use(Run("github", "124"), 6)
    assert not use(Run("github", "123", 3), 6)
    assert not use(replace(RUN, named_by="token:other"), 6)
    kept = record.read(lambda books: books.grants.get(grant.id))
    assert kept is not None
    assert (kept.used_at, kept.used_by) == (later(5), str(RUN))
    assert not record.write(lambda books: books.grants.revoke(grant.id, later(6)))


def test_a_used_grant_is_for_what_its_run_named(record: Record) -> None:
    grant = granted(record, Change("ranker", "38"))
    for letter in "ab":
        named = Change("ranker", "38", commit=letter * 40)
        record.write(lambda books, named=named: books.grants.use(grant.id, RUN, later(5), named))
    kept = record.read(lambda books: books.grants.get(grant.id))
    assert kept is not None
    assert kept.change == Change("ranker", "38", commit="a" * 40)


def test_a_grant_is_not_used_at_the_instant_of_its_end_nor_once_revoked(record: Record) -> None:
    late, taken = granted(record), granted(record)
    assert not record.write(lambda books: books.grants.use(late.id, RUN, later(3_600), CHANGE))
    assert not record.write(lambda books: books.grants.revoke(late.id, later(3_600)))
    assert record.write(lambda books: books.grants.revoke(taken.id, later(1)))
    assert not record.write(lambda books: books.grants.revoke(taken.id, later(2)))
    assert not record.write(lambda books: books.grants.use(taken.id, RUN, later(2), CHANGE))
    assert not record.write(lambda books: books.grants.use(999, RUN, later(2), CHANGE))
    kept = record.read(lambda books: books.grants.get(taken.id))
    assert kept is not None
    assert kept.state(later(2)) is OverrideState.REVOKED


def test_of_many_runs_at_once_one_uses_a_grant(record: Record) -> None:
    for _ in range(10):
        grant = granted(record)
        runs = [Run("github", str(number)) for number in range(8)]

        def use(run: Run, grant: Grant = grant) -> bool:
            return record.write(lambda books: books.grants.use(grant.id, run, later(1), CHANGE))

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(use, runs)) == 1


def test_a_grant_is_unsettled_until_it_is_used_revoked_or_its_end_is_told(record: Record) -> None:
    used, taken, told, rest = (granted(record) for _ in range(4))
    unsettled = lambda: [g.id for g in record.read(lambda b: b.grants.unsettled())]  # noqa: E731
    assert unsettled() == [used.id, taken.id, told.id, rest.id]
    assert record.write(lambda books: books.grants.use(used.id, RUN, later(1), CHANGE))
    assert record.write(lambda books: books.grants.revoke(taken.id, later(1)))
    record.write(lambda books: books.grants.settle(told.id))
    assert unsettled() == [rest.id]
    assert [g.id for g in record.write(lambda books: books.grants.unsettled())] == [rest.id]


def test_reviews_are_open_until_somebody_has_done_them_once(record: Record) -> None:
    def opened(due: float) -> Review:
        wanted = Review(0, granted(record).id, "service:ranker", NOW, later(due), "U1")
        return record.write(lambda books: books.reviews.add(wanted))

    second, first = opened(200), opened(100)
    assert record.read(lambda books: books.reviews.open()) == [first, second]
    finish = lambda: record.write(  # noqa: E731 - said twice below
        lambda books: books.reviews.finish(first.id, "U2", "it was right", later(50))
    )
    assert finish()
    assert not finish()
    assert record.read(lambda books: books.reviews.open()) == [second]
    done = replace(first, reviewed_at=later(50), reviewed_by="U2", finding="it was right")
    assert record.read(lambda books: books.reviews.get(first.id)) == done
    assert record.read(lambda books: books.reviews.get(999)) is None
    assert record.read(lambda books: books.reviews.of_grant(first.grant)) == done
    assert record.read(lambda books: books.reviews.of_grant(999)) is None
    assert not record.write(lambda books: books.reviews.finish(999, "U2", "", NOW))


def test_adjustments_hold_until_they_are_reversed_once(record: Record) -> None:
    def added(objective: str) -> Adjustment:
        stretch = Stretch(later(-60), NOW, (objective, "b/x"), "company network", reverses=None)
        wanted = Adjustment(0, asked(record), stretch, "the network was down", NOW)
        return record.write(lambda books: books.adjustments.add(wanted))

    first, second = added("a/x"), added("c/x")
    assert record.read(lambda books: books.adjustments.holding()) == [first, second]
    assert record.write(lambda books: books.adjustments.reverse(first.id, later(9)))
    assert not record.write(lambda books: books.adjustments.reverse(first.id, later(10)))
    assert not record.write(lambda books: books.adjustments.reverse(999, later(10)))
    assert record.read(lambda books: books.adjustments.holding()) == [second]
    undone = replace(first, reversed_at=later(9))
    assert record.read(lambda books: books.adjustments.newest()) == [second, undone]
    assert record.read(lambda books: books.adjustments.newest(1)) == [second]
    assert record.read(lambda books: books.adjustments.get(first.id)) == undone
    assert record.read(lambda books: books.adjustments.get(999)) is None
