"""Whether a source answers what the objectives ask it: each is tried for its newest slice."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.entrypoints.terminal import counted
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch
from bot.notify.checkup import Check
from bot.ports import Ask, Source

_MOST = 10
"""Lines; the rest is counted."""


def check_answers(
    source: Source, objectives: Sequence[Objective], now: datetime
) -> Iterator[Check]:
    """One line for each objective whose question the source cannot answer, in the source's words: a
    limit that is no bucket of its histogram, say."""
    readings = source.read([_ask(source, one, now) for one in objectives])
    faulty = [one for one in readings if one.fault is not None]
    for one in faulty[:_MOST]:
        yield Check(f"counts of {one.objective}", False, str(one.fault))
    if len(faulty) > _MOST:
        rest = counted(len(faulty) - _MOST, "more objective")
        yield Check("counts", False, f"{source.name} cannot answer for {rest} either")


def _ask(source: Source, objective: Objective, now: datetime) -> Ask:
    until = source.newest(now) // objective.step * objective.step
    return Ask(objective, Stretch(until - objective.step, until, objective.step), None)
