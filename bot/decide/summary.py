"""Many warnings at once become one: which episodes share a message, and which of them is worst."""

from datetime import timedelta
from enum import IntEnum

from bot.decide.episode import Level, Standing
from bot.judge.verdict import Kind

FEW = 3
"""Warnings that a tired on-call still reads one by one; more than these at once become one."""
AT_ONCE = timedelta(minutes=15)
"""Episodes that open within so long of one another count as at once: what a fault makes burn at
four times the threshold of the default page alert (its long window is an hour) crosses it within
this time."""


class Plight(IntEnum):
    """How an episode that shares a message stands, the worst first."""

    EXHAUSTED = 0
    BURNING = 1
    UNKNOWN = 2
    """Open, but for lack of data nobody can say how it is now."""
    CALMING = 3
    """Open, but nothing is wrong any more."""
    OVER = 4


_PLIGHT = {
    Kind.EXHAUSTED: Plight.EXHAUSTED,
    Kind.BURNING: Plight.BURNING,
    Kind.UNKNOWN: Plight.UNKNOWN,
    Kind.HEALTHY: Plight.CALMING,
}


def share(opening: int, alone: int) -> bool:
    """Whether `opening` episodes of one channel share one message; `alone`: how many others opened
    at once with them and have a message each."""
    return opening + alone > FEW


def plight(standing: Standing, *, closed: bool) -> Plight:
    """How an episode stands, by what was last judged."""
    if closed:
        return Plight.OVER
    return Plight.UNKNOWN if standing.kind is None else _PLIGHT[standing.kind]


def speaks_again(before: Level, now: Level) -> bool:
    """Whether the greatest level among those that share a message has risen; QUIET before: the
    message is new, and speaks for the first time."""
    return Level.QUIET < before < now
