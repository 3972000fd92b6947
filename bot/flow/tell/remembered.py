"""A Directory that remembers for a while: for what is shown, never for a vote."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from bot.decide.people import Person, Rota
from bot.decide.roster import Found
from bot.ports import Directory

KEEP = 300.0
"""Seconds for which an answer is good enough to be shown."""
_MOST = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered:
    """Satisfies Directory. What was not answered is asked again the next time."""

    def __init__(self, directory: Directory, monotonic: Callable[[], float]) -> None:
        self._directory = directory
        self._monotonic = monotonic
        self._people: dict[str, tuple[Person, float]] = {}
        self._found: dict[Rota, tuple[Found, float]] = {}
        self._lock = Lock()

    def person(self, user: str, /) -> Person:
        """As Slack described them, at most KEEP seconds ago."""
        return self._recall(self._people, user, self._directory.person)

    def found(self, rota: Rota, /) -> Found:
        """Whom it named, at most KEEP seconds ago; the evidence says when."""
        return self._recall(self._found, rota, self._directory.found)

    def _recall(self, known: dict[K, tuple[V, float]], key: K, ask: Callable[[K], V]) -> V:
        now = self._monotonic()
        with self._lock:
            answer = known.get(key)
        if answer is not None and now < answer[1]:
            return answer[0]
        fresh = ask(key)
        with self._lock:
            if len(known) >= _MOST:
                known.clear()
            known[key] = fresh, now + KEEP
        return fresh
