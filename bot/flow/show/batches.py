"""What is known of the scores of batches: whether the newest is good, bad or undecided, and what
waits to be decided together. Shown, never judged by: the account has what was decided."""

from collections.abc import Iterator, Sequence

from bot.judge.batch import Form, Sample, misfit, sample_of
from bot.judge.batch_words import sentence
from bot.judge.dates import instant
from bot.judge.feed import requirement_of
from bot.judge.indicator import Scored
from bot.judge.observation import Observation
from bot.judge.pool import Pool, settle

POOLS = 3
"""Pools that are named; each tool and metric has its own."""


def batch_lines(indicator: Scored, rows: Sequence[Observation]) -> Iterator[str]:
    """For people. `rows`: all that the feed has said, in the order of time, for what waits may have
    begun to wait long ago."""
    form = Form(indicator.form)
    told = (sample_of(row) for row in rows if misfit(row, form) is None)
    samples = [one for one in told if one is not None and one.n > 0]
    if not samples:
        return
    requirement, newest = requirement_of(indicator), samples[-1]
    yield f"The newest batch ({instant(newest.at)}): {sentence(newest, requirement)}"
    pools = settle(samples, requirement).pools
    for pool in sorted(pools, key=lambda one: one.since)[:POOLS]:
        if not _alone(pool, newest):
            together = sentence(pool.evidence, requirement)
            yield f"{_waiting(pool)} since {instant(pool.since)}; together: {together}"


def _alone(pool: Pool, newest: Sample) -> bool:
    """Whether all has been said of it with the newest batch."""
    return pool.waiting == 1 and pool.evidence == newest


def _waiting(pool: Pool) -> str:
    return "1 batch waits" if pool.waiting == 1 else f"{pool.waiting:,} batches wait"
