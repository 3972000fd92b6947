"""What somebody who waits for an answer reads meanwhile: what stops it, and that it still does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.judge.reason import span

CALM = 300.0
"""Seconds between two lines that only say that nothing has changed."""

Tell = Callable[[Sequence[str]], None]


def silent(_: Sequence[str]) -> None:
    """Nobody reads along."""


@dataclass
class Vigil:
    """One wait. `end`: until when at most."""

    tell: Tell
    began: datetime
    end: datetime
    _mark: object = None
    _told_at: datetime | None = field(default=None)

    def seen(self, mark: object, lines: Sequence[str], now: datetime) -> None:
        """It is stopped still. All of it is told at first and when the reasons are others (`mark`);
        else a line every few minutes."""
        if self._told_at is None or mark != self._mark:
            most = span(int((self.end - self.began).total_seconds()))
            self.tell([*lines, f"Waiting {most} at most; Ctrl-C ends that."])
        elif (now - self._told_at).total_seconds() >= CALM:
            waited = span(int((now - self.began).total_seconds()))
            self.tell([f"Still waiting, for {waited} now: {lines[0]}"])
        else:
            return
        self._mark, self._told_at = mark, now


def mark_of(code: int, facts: dict[str, Any]) -> object:
    """The same for answers that stop for the same reasons: their figures change every minute."""
    stops = {
        (str(one["code"]), str(one.get("freeze_id")))
        for one in facts.get("reasons", ())
        if one.get("outcome") in ("hold", "deny")
    }
    return code, frozenset(stops)
