"""Whoever decides may have to wait for others: what counts is when their turn comes, on every
store."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta
from typing import Any, TypeVar, cast

from bot.decide.approval import Answer
from bot.ports import Books, HistoryFilter, Record
from bot.ports.history import History
from bot.ports.workflow import Requests
from tests.deciding import LIVES, Stage

pytest_plugins = ["tests.record_stores"]

T = TypeVar("T")


class Busy:
    """A record of which others hold the requests for a while."""

    def __init__(self, record: Record, wait: Callable[[], object]) -> None:
        self._record, self._wait = record, wait

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    def write(self, work: Callable[[Books], T]) -> T:
        def later(books: Books) -> T:
            held = copy(books)
            held.requests = cast("Requests", _Held(books.requests, self._wait))
            held.history = cast("History", _Held(books.history, self._wait))
            return work(held)

        return self._record.write(later)


class _Held:
    """A store that is locked only after a wait."""

    def __init__(self, store: Any, wait: Callable[[], object]) -> None:
        self._store, self._wait = store, wait

    def __getattr__(self, name: str) -> Any:
        if name in ("several_locked", "hold"):
            self._wait()
        return getattr(self._store, name)


def last_vote(record: Record, waits: int) -> tuple[Answer, int]:
    """The answer to the click that would grant an override, made a second before the request
    expires by somebody who has to wait so many seconds; and how many grants there are then."""
    stage = Stage(record)
    stage.freeze()
    request = stage.asked()
    stage.vote(request.id, "ada")
    stage.clock.advance(LIVES - 1)
    stage.record = cast("Record", Busy(record, lambda: stage.clock.advance(waits)))
    answer = stage.vote(request.id, "lead").answer
    return answer, len(record.read(lambda books: books.grants.of_service("ranker")))


def test_a_click_that_waits_for_the_lock_past_the_expiry_comes_too_late(record: Record) -> None:
    assert last_vote(record, waits=1) == (Answer.CLOSED, 0)


def test_a_click_that_has_not_to_wait_so_long_counts(record: Record) -> None:
    assert last_vote(record, waits=0) == (Answer.DECIDED, 1)


def test_a_freeze_begins_when_it_is_stored_not_while_others_decide(record: Record) -> None:
    stage = Stage(record)
    asked = stage.clock.now()
    stage.record = cast("Record", Busy(record, lambda: stage.clock.advance(7)))
    made = stage.freeze(hours=2).freeze
    assert made is not None
    assert made.starts_at == asked + timedelta(seconds=7)
    (row,) = record.read(lambda books: books.history.find(HistoryFilter()))
    assert row.decision.at == made.starts_at
