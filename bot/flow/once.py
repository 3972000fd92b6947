"""A request of Slack acts once: its receipt is stored in the transaction of the work itself, so
that neither can be there without the other."""

from collections.abc import Callable
from typing import TypeVar

from bot.errors import Repeated
from bot.ports import Books, Clock

T = TypeVar("T")


def once_only(key: str, clock: Clock, work: Callable[[Books], T]) -> Callable[[Books], T]:
    """`work`, preceded by its receipt: it raises Repeated if the key is there already. Without a
    key it is `work` itself."""
    if not key:
        return work

    def first(books: Books) -> T:
        if not books.receipts.first_time(key, clock.now()):
            raise Repeated
        return work(books)

    return first
