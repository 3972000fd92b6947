"""Budget adjustments: time that does not count against a budget, by decision of people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from math import ceil, lcm

from bot.decide.approval import Stretch
from bot.judge.ledger import Stretch as Seconds
from bot.judge.thinning import tiers


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An approved adjustment: the stored facts. The ledger keeps what was counted; this only says
    what is not held against the budget."""

    id: int
    request: int
    stretch: Stretch
    reason: str
    approved_at: datetime
    reversed_at: datetime | None = None

    def holds(self, objective: str) -> bool:
        """Whether it takes anything out of the budget of this objective."""
        return self.reversed_at is None and objective in self.stretch.objectives


def seconds_of(stretch: Stretch) -> Seconds:
    """Start and end in seconds since 1970, as the ledger counts."""
    return int(stretch.start.timestamp()), int(stretch.end.timestamp())


def taken_out(adjustments: Iterable[Adjustment]) -> dict[str, list[Seconds]]:
    """By objective, the stretches of time that those of the adjustments that hold take out."""
    found: dict[str, list[Seconds]] = {}
    for one in adjustments:
        if one.reversed_at is None:
            for objective in one.stretch.objectives:
                found.setdefault(objective, []).append(seconds_of(one.stretch))
    return found


def widened(
    start: datetime, end: datetime, steps: Collection[int], now: datetime
) -> tuple[datetime, datetime]:
    """The whole slices of accounts with these steps (seconds) that hold the time from `start` to
    `end`: of what is some hours old only 5-minute rows are left, of what is older hours."""
    present = int(now.timestamp())

    def apart(at: int) -> int:
        return lcm(*(_unit(step, present - at) for step in steps))

    first, last = int(start.timestamp()), ceil(end.timestamp())
    begin = first // apart(first) * apart(first)
    begin = begin // apart(begin) * apart(begin)  # it may have passed into coarser rows
    finish = -(-last // apart(last)) * apart(last)
    return datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(finish, UTC)


def _unit(step: int, age: int) -> int:
    """How far apart the rows of that age stand."""
    kept = tiers(step)
    return next((tier.step for tier in kept if age <= tier.age), kept[-1].step)


@dataclass(frozen=True, slots=True)
class Said:
    """What people gave as the reason for an adjustment."""

    cause: str
    """The outside cause, as the policy writes it; empty where it names none."""
    reason: str


def read_cause(words: str, causes: Collection[str]) -> Said | None:
    """The cause that the words begin with, and the reason after it. Spaces, dashes and case do not
    matter. None if the policy names causes and the words begin with none of them."""
    if not causes:
        return Said("", words.strip())
    for cause in sorted(causes, key=len, reverse=True):
        size = _matched(words, cause)
        if size:
            return Said(cause, words[size:].strip(" :,;-–"))
    return None


def nearest_cause(words: str, causes: Collection[str]) -> str:
    """The cause that somebody may have meant by the first words; else the first there is."""
    known = {_folded(cause): cause for cause in causes}
    said = words.split()
    for size in (3, 2, 1):
        near = get_close_matches(_folded(" ".join(said[:size])), list(known), n=1)
        if near:
            return known[near[0]]
    return next(iter(causes))


def _matched(words: str, cause: str) -> int:
    """How many characters of the words say the cause; 0 if they begin otherwise."""
    if _folded(words[: len(cause)]) != _folded(cause):
        return 0
    after = words[len(cause) : len(cause) + 1]
    return 0 if after.isalnum() else len(cause)


def _folded(text: str) -> str:
    return text.casefold().replace("-", " ").replace("_", " ")
