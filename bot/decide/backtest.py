"""What replays of many services come to, and how two of them differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.decide.freeze import Effect
from bot.decide.past import Outcome, Question, Stood


class Change(StrEnum):
    """How a freeze of one replay stands to the other."""

    SAME = "same"
    """The other has one of the same effect on the same service at a time that they share."""
    NEW = "new"
    """Only the tried policies set it."""
    GONE = "gone"
    """Only those in force do."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums."""

    freezes: int
    holds: int
    cautions: int
    frozen: int
    """Seconds, added up over the services; what overlaps on one service counts once."""
    held: int
    cautioned: int
    pages: int
    tickets: int
    requests: int
    stopped: int
    """Releases."""


def figures(outcomes: Sequence[Outcome], until: datetime) -> Figures:
    """The sums over all services; what still stands counts up to `until`."""
    every = [one for outcome in outcomes for one in outcome.stood]
    counts = {effect: sum(one.effect is effect for one in every) for effect in Effect}
    lasted = {effect: sum(_seconds(o.stood, effect, until) for o in outcomes) for effect in Effect}
    return Figures(
        freezes=counts[Effect.FREEZE],
        holds=counts[Effect.HOLD],
        cautions=counts[Effect.CAUTION],
        frozen=lasted[Effect.FREEZE],
        held=lasted[Effect.HOLD],
        cautioned=lasted[Effect.CAUTION],
        pages=sum(outcome.pages for outcome in outcomes),
        tickets=sum(outcome.tickets for outcome in outcomes),
        requests=sum(outcome.requests for outcome in outcomes),
        stopped=sum(outcome.stopped for outcome in outcomes),
    )


def _seconds(stood: Iterable[Stood], effect: Effect, until: datetime) -> int:
    """Seconds in which at least one of that effect stood; they come in the order of their
    beginning."""
    seconds, covered = 0.0, None
    for one in stood:
        if one.effect is not effect:
            continue
        end = one.until or until
        begin = one.since if covered is None else max(one.since, covered)
        seconds += max(0.0, (end - begin).total_seconds())
        covered = end if covered is None else max(covered, end)
    return int(seconds)


def stopped(outcome: Outcome, asked: Iterable[Question]) -> int:
    """How many releases asked the gate while a hold or a freeze of this replay stood; each counts
    once, however often it asked."""
    stops = [one for one in outcome.stood if one.effect is not Effect.CAUTION]
    return len({one.release for one in asked if any(_stands(stop, one.at) for stop in stops)})


def _stands(one: Stood, at: datetime) -> bool:
    return one.since <= at and (one.until is None or at < one.until)


def differences(
    tried: Sequence[Outcome], present: Sequence[Outcome], until: datetime
) -> list[tuple[Change, Stood]]:
    """Every freeze, hold and caution of either, in the order of time; what both have is told as the
    tried policies set it."""
    mine = [one for outcome in tried for one in outcome.stood]
    others = [one for outcome in present for one in outcome.stood]

    def meets(one: Stood, some: Sequence[Stood]) -> bool:
        return any(_overlap(one, other, until) for other in some)

    found = [(Change.SAME if meets(one, others) else Change.NEW, one) for one in mine]
    found += [(Change.GONE, one) for one in others if not meets(one, mine)]
    return sorted(found, key=lambda pair: (pair[1].since, pair[1].service, -pair[1].effect.rank))


def _overlap(one: Stood, other: Stood, until: datetime) -> bool:
    same = (one.service, one.effect) == (other.service, other.effect)
    early = one.since <= (other.until or until)
    return same and early and other.since <= (one.until or until)
