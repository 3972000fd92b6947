"""An account divided among the releases that were live: by their own counts, else by time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bot.judge.ledger import Balances, Spend, between
from bot.judge.release import Life

_CUTS = 12
_SHORTEST = 3_600
"""Where several releases are live their time is cut into at most so many pieces, none shorter than
so many seconds: as traffic moves from one to the other, what hits both must not look like the doing
of the one that had most of it just then."""


class Portion(NamedTuple):
    """What one release had of a stretch of time. A tuple: there are many of them."""

    life: int
    """Index among the lives."""
    eligible: float
    bad: float
    clear: bool
    """Its bad events were counted for it alone while it was live, and not merely split by its share
    of traffic."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stretch of time, (since, until], in which the same releases were live."""

    since: int
    until: int
    spend: Spend
    """All that came in."""
    portions: tuple[Portion, ...]
    """One for each live release; what is missing to `spend` is nobody's."""


def divide(
    balances: Balances, lives: Sequence[Life], since: int, until: int, marks: Iterable[int] = ()
) -> list[Stratum]:
    """The time from `since` to `until`, cut wherever a release began or ended and at the `marks`.

    A release with an account of its own has what that says; together never more than came in, else
    all are cut down alike. Of the rest each declared share has its part, and the one release
    without a share what is left. Where two of them are live nobody can say whose events these are:
    they stay unattributed, as do those of the time without a release.

    Where no row stands at the end of a release any more, what its own account took in up to the
    next one is its own still: rows are thinned, and figures of what is over stay as they were.
    """
    begins: defaultdict[int, list[int]] = defaultdict(list)
    ends: defaultdict[int, list[int]] = defaultdict(list)
    edges = {since, until, *(mark for mark in marks if since < mark < until)}
    claimed = _claimed(balances, lives)
    for index, life in enumerate(lives):
        start, end = max(since, life.since), min(until, life.until)
        if start < end:
            last = min(until, claimed[index])
            begins[start].append(index)
            ends[last].append(index)
            edges |= {start, end, last}
    live: dict[int, Life] = {}
    found: list[Stratum] = []
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        for index in ends[start]:
            del live[index]
        live.update((index, lives[index]) for index in begins[start])
        found.extend(_stratum(balances, live, *cut) for cut in _cuts(start, end, len(live)))
    return found


def _claimed(balances: Balances, lives: Sequence[Life]) -> list[int]:
    """Until when each release is asked for what is its own: its end, or the first row after it, but
    not beyond where the same version serves again."""
    again: dict[str, int] = {}
    found: list[int] = []
    for life in reversed(lives):
        version, until = life.release.version, life.until
        if life.release.own is not None and life.ended:
            row = max(until, balances.after(until).at)
            until = max(until, min(row, again.get(version, row)))
        found.append(until)
        again[version] = life.since
    return found[::-1]


def _cuts(since: int, until: int, live: int) -> Iterator[tuple[int, int]]:
    count = 1 if live < 2 else min(_CUTS, max(1, (until - since) // _SHORTEST))
    bounds = [since + (until - since) * n // count for n in range(count + 1)]
    return pairwise(bounds)


def _stratum(balances: Balances, live: dict[int, Life], since: int, until: int) -> Stratum:
    total = between(balances.at(since), balances.at(until))
    # At the rows of the whole: where that of a bound was thinned, both begin and end alike.
    own = {index: life.spend(total.since, total.until) for index, life in live.items()}
    counted = {index: spend for index, spend in own.items() if spend is not None}
    eligible, claimed = _fitted(total.eligible, {i: s.eligible for i, s in counted.items()})
    bad, charged = _fitted(total.bad, {i: s.bad for i, s in counted.items()})
    portions = [Portion(i, claimed[i], charged[i], clear=since < live[i].until) for i in counted]
    weights = _weights({i: life.release.share for i, life in live.items() if i not in counted})
    alone = len(weights) == 1
    portions += [Portion(i, eligible * w, bad * w, clear=alone) for i, w in weights.items()]
    return Stratum(since, until, total, tuple(portions))


def _fitted(total: float, claims: dict[int, float]) -> tuple[float, dict[int, float]]:
    """What the claims leave of the total, and the claims, cut down if they are more than it."""
    claimed = sum(claims.values())
    if claimed <= total:
        return total - claimed, claims
    return 0.0, {index: claim * total / claimed for index, claim in claims.items()}


def _weights(shares: dict[int, float | None]) -> dict[int, float]:
    """Each release's part of what the others leave, 0 … 1, together at most 1."""
    declared = sum(share for share in shares.values() if share is not None)
    rest = max(0.0, 1.0 - declared) if list(shares.values()).count(None) == 1 else 0.0
    most = max(1.0, declared)
    return {index: rest if share is None else share / most for index, share in shares.items()}
