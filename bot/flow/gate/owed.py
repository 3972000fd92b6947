"""What the history is owed: answers that were given while the database took none."""

from threading import Lock

from bot.decide.decision import Decision
from bot.errors import Undecidable

MOST = 1_000
"""Answers that are kept; memory is no place for more."""


class Owed:
    """Answers in the order in which they were given, the same one to the same question once."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[str, Decision] = {}
        self._turn = Lock()

    def add(self, answer: str, decision: Decision) -> None:
        """`answer`: what makes it the same answer. Raises Undecidable where no more can be kept:
        what would never come on record is not given (law 16)."""
        with self._turn:
            if answer in self._kept:
                return
            if len(self._kept) >= self._most:
                text = "The database does not answer, and too many answers wait to be recorded."
                raise Undecidable(text)
            self._kept[answer] = decision

    def take(self) -> dict[str, Decision]:
        """All of them: whoever else looks meanwhile finds nothing, and records none twice."""
        with self._turn:
            taken, self._kept = self._kept, {}
        return taken

    def put_back(self, taken: dict[str, Decision]) -> None:
        """They could not be recorded, and come before what was added since; none is lost."""
        with self._turn:
            since = {name: one for name, one in self._kept.items() if name not in taken}
            self._kept = taken | since

    def __bool__(self) -> bool:
        return bool(self._kept)
