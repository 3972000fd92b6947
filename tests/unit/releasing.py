"""Accounts that releases share, for the tests of attribution."""

from collections.abc import Callable, Iterable

import numpy as np

from bot.judge.ledger import Balances, Slice
from bot.judge.release import Release
from tests.builders import HOUR, NOON, account, objective, rolling

WEEK = objective(target="0.99", window=rolling(7), alerts=())
LENGTH = 7 * 24 * HOUR
SINCE = NOON - LENGTH
Rate = Callable[[int], float]
"""Share of bad events in the hour that ends at an instant."""


def hours(eligible: float, rate: Rate, since: int = SINCE, until: int = NOON) -> Balances:
    """Hour rows with just the expected counts."""
    ends = range(since + HOUR, until + 1, HOUR)
    return account(Slice(at, eligible, eligible * rate(at), HOUR) for at in ends)


def arms(
    chance: np.random.Generator, events: Iterable[tuple[int, int]], rates: tuple[Rate, Rate]
) -> tuple[Balances, Release, Release]:
    """The whole account and two releases counted apart: the old one, live for long, and the canary
    beside it in the newest hours. `events`: of both in each of these hours, oldest first."""
    pairs = list(events)
    first = NOON - len(pairs) * HOUR
    rows: tuple[list[Slice], ...] = ([], [], [])
    for n, both in enumerate(pairs, 1):
        at = first + n * HOUR
        bad = [float(chance.binomial(k, rate(at))) for k, rate in zip(both, rates, strict=True)]
        rows[0].append(Slice(at, float(both[0]), bad[0], HOUR))
        rows[1].append(Slice(at, float(both[1]), bad[1], HOUR))
        rows[2].append(Slice(at, float(sum(both)), sum(bad), HOUR))
    old, new, whole = (account(found) for found in rows)
    return whole, Release("41", SINCE, own=old), Release("42", first, share=0.1, own=new)
