"""Requests beside their decision: votes taken back, the fallback group asked, the newest found."""

from dataclasses import replace

import pytest

from bot.decide.approval import RequestState, Wish
from bot.decide.scope import EVERYTHING
from bot.errors import RecordError
from bot.ports import Record
from tests.record_samples import NOW, later, request, vote

pytest_plugins = ["tests.record_stores"]


def asked(record: Record, wish: Wish = Wish.FREEZE) -> int:
    return record.write(lambda books: books.requests.add(replace(request(2), wish=wish))).id


def test_a_vote_can_be_taken_back_and_cast_anew(record: Record) -> None:
    one, other = asked(record), asked(record)
    for number in (one, other):
        assert record.write(lambda books, n=number: books.requests.vote(n, vote("bob")))
    assert not record.write(lambda books: books.requests.withdraw(one, "UEVE"))
    assert record.write(lambda books: books.requests.withdraw(one, "UBOB"))
    assert not record.write(lambda books: books.requests.withdraw(one, "UBOB"))
    assert record.read(lambda books: books.requests.votes(one)) == []
    assert len(record.read(lambda books: books.requests.votes(other))) == 1
    assert record.write(lambda books: books.requests.vote(one, vote("bob", at=5)))


def test_many_votes_are_stored_together_or_none_of_them(record: Record) -> None:
    one, other = asked(record), asked(record)
    some = [(one, vote("bob")), (other, vote("bob")), (one, vote("eve", at=5))]
    record.write(lambda books: books.requests.vote_all(some))
    assert record.read(lambda books: books.requests.votes(one)) == [vote("bob"), vote("eve", at=5)]
    assert record.read(lambda books: books.requests.votes(other)) == [vote("bob")]
    again = [(other, vote("eve")), (one, vote("bob"))]
    with pytest.raises(RecordError):
        record.write(lambda books: books.requests.vote_all(again))
    assert record.read(lambda books: books.requests.votes(other)) == [vote("bob")]


def test_many_are_closed_together_and_what_was_closed_stays_as_it_was(record: Record) -> None:
    one, other, closed, open_one = (asked(record) for _ in range(4))
    record.write(lambda books: books.requests.close(closed, RequestState.EXPIRED, NOW))
    wanted = {
        one: RequestState.APPROVED, other: RequestState.DENIED, closed: RequestState.APPROVED,
    }  # fmt: skip
    record.write(lambda books: books.requests.close_all(wanted, later(5)))
    found = record.read(lambda books: books.requests.several([one, other, closed, open_one]))
    states = {number: request.closed for number, (request, _) in found.items()}
    assert states == {**wanted, closed: RequestState.EXPIRED, open_one: None}


def test_the_fallback_group_is_asked_once_and_not_about_what_is_closed(record: Record) -> None:
    one, closed = asked(record), asked(record)
    record.write(lambda books: books.requests.close(closed, RequestState.DENIED, NOW))
    assert record.write(lambda books: books.requests.escalate(one, later(5)))
    assert not record.write(lambda books: books.requests.escalate(one, later(6)))
    assert not record.write(lambda books: books.requests.escalate(closed, later(6)))
    assert not record.write(lambda books: books.requests.escalate(999, later(6)))
    found = record.read(lambda books: books.requests.get(one))
    assert found is not None
    assert found.escalated_at == later(5)


def test_the_newest_requests_of_a_kind_are_found_whatever_became_of_them(record: Record) -> None:
    first, _, last = asked(record), asked(record, Wish.UNFREEZE), asked(record)
    wide = replace(request(), scope=EVERYTHING)
    other = record.write(lambda books: books.requests.add(wide)).id
    record.write(lambda books: books.requests.close(first, RequestState.DENIED, NOW))

    def newest(*scopes: str, limit: int = 20) -> list[int]:
        found = record.read(lambda books: books.requests.newest(Wish.FREEZE, scopes, limit))
        return [one.id for one in found]

    assert newest() == [other, last, first]
    assert newest(limit=2) == [other, last]
    assert newest("service:ranker") == [last, first]
    assert newest("service:none") == []


def test_requests_that_share_a_message_are_found_together_whatever_became_of_them(
    record: Record,
) -> None:
    first, alone, last = asked(record), asked(record), asked(record)
    record.write(lambda books: books.requests.gather([first, last], first))
    record.write(lambda books: books.requests.close(last, RequestState.DENIED, NOW))

    def together(docket: int) -> list[int]:
        return [one.id for one in record.read(lambda books: books.requests.together(docket))]

    assert together(first) == [first, last]
    assert together(alone) == []
    found = record.read(lambda books: books.requests.get(alone))
    assert found is not None
    assert found.docket is None


def test_a_request_is_cancelled_once_and_only_as_it_was_known(record: Record) -> None:
    one, decided, needless = asked(record), asked(record), asked(record)
    record.write(lambda books: books.requests.close(decided, RequestState.APPROVED, NOW))
    known = record.read(lambda books: books.requests.several([one, decided, needless]))
    before, _ = known[one]
    assert not record.write(lambda books: books.requests.cancel(known[decided][0], NOW))
    assert record.write(lambda books: books.requests.join(one, "ranker/quality", "worse", {}))
    assert not record.write(lambda books: books.requests.cancel(before, NOW))
    now = record.read(lambda books: books.requests.get(one))
    assert now is not None
    assert now.closed is None
    assert record.write(lambda books: books.requests.cancel(now, NOW))
    assert not record.write(lambda books: books.requests.cancel(now, NOW))
    over = RequestState.SUPERSEDED
    assert record.write(lambda books: books.requests.cancel(known[needless][0], NOW, over))
    found = record.read(lambda books: books.requests.several([one, decided, needless]))
    states = {number: request.closed for number, (request, _) in found.items()}
    assert states == {one: RequestState.CANCELLED, decided: RequestState.APPROVED, needless: over}
