"""Tokens as they were found last: a database that hangs keeps nobody waiting for long."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import TypeVar

from bot.decide.caller import USED, Token
from bot.decide.gate import HOLDS
from bot.errors import RecordError, Silent, Undecidable
from bot.flow.gate.together import Together
from bot.ports import Books, Clock, Record

log = logging.getLogger(__name__)
T = TypeVar("T")

KEEP = 5.0
"""Seconds for which a token is not looked up again: so long a revoked one may go on."""
BRIEFLY, LONG = 1.0, 4.0
"""Seconds that anybody waits for the database about a token: one that was known a short time ago,
one that was not."""
_MOST = 10_000


class KnownTokens:
    """Looked up together, by one thread."""

    def __init__(self, record: Record, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._record, self._clock, self._monotonic = record, clock, monotonic
        self._known: dict[str, tuple[Token | None, float]] = {}
        self._spared = float("-inf")
        """Until then the database, which did not answer, is not asked again about whom it knew."""
        self._looks: Together[str, Token | None] = Together(self._look)
        self._uses: Together[int, None] = Together(self._use)

    def remembered(self, digest: str) -> Token | None:
        """One that was good a moment ago, or as the database that does not answer said last; None:
        `find` it."""
        kept, now = self._known.get(digest), self._monotonic()
        if kept is None or not self._holds(kept[1], now):
            return None
        return kept[0]

    def find(self, digest: str) -> Token | None:
        """The token of a digest. While the database does not answer, what it said last, as long as
        an answer of the gate holds. Raises Undecidable."""
        kept, now = self._known.get(digest), self._monotonic()
        if kept is not None and self._holds(kept[1], now):
            return kept[0]
        lately = kept is not None and now - kept[1] < HOLDS.total_seconds()
        try:
            found = _heard(self._looks.begin(digest), BRIEFLY if lately else LONG)
        except RecordError as error:
            if kept is not None and lately:
                self._spared = now + KEEP
                return kept[0]
            text = "The database does not answer, so nobody knows this token."
            raise Undecidable(text) from error
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[digest] = found, now
        if found is not None:
            self._note_use(found)
        return found

    def _holds(self, looked: float, now: float) -> bool:
        return now - looked < (HOLDS.total_seconds() if now < self._spared else KEEP)

    def _note_use(self, token: Token) -> None:
        now = self._clock.now()
        if token.used_at is not None and now - token.used_at < USED:
            return
        try:
            _heard(self._uses.begin(token.id), BRIEFLY)
        except RecordError as error:
            log.warning("the use of token %d was not noted: %s", token.id, error)

    def _look(self, digests: Sequence[str]) -> list[Token | Exception | None]:
        def work(books: Books) -> list[Token | Exception | None]:
            return [books.tokens.of_digest(one) for one in digests]

        return self._record.read(work)

    def _use(self, tokens: Sequence[int]) -> list[Exception | None]:
        def work(books: Books) -> list[Exception | None]:
            now = self._clock.now()
            for one in sorted(set(tokens)):
                books.tokens.used(one, now)
            return [None for _ in tokens]

        return self._record.write(work)


def _heard(answer: "Future[T]", seconds: float) -> T:
    """What has been said until then. Raises RecordError."""
    wait([answer], seconds)
    if answer.cancel() or not answer.done():
        raise Silent(f"the database has not answered for {seconds:g} s")
    return answer.result()
