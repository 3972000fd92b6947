"""Many budgets of one team that burn at once."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import Choice
from bot.decide.policy import Thaw, Then, Threshold
from bot.flow.ask.all import VoteOnAll
from bot.flow.ask.vote import CastVote
from bot.judge.objective import Objective
from tests.builders import MINUTE, objective
from tests.flow.conftest import QUICK, World

FLEET = tuple(objective(f"model-{n:02d}") for n in range(12))
THAWS = replace(
    QUICK,
    thresholds=(Threshold(Fraction(0), Then.FREEZE),),
    thaw=Thaw(left=Fraction(-100), burn_below=Fraction(1), dwell=10 * MINUTE, cooling=0),
)


def names(count: int, since: int = 0) -> list[str]:
    return [one.service for one in FLEET[since : since + count]]


def calm(world: World, objectives: tuple[Objective, ...] = FLEET) -> None:
    """These are watched from now on, with a calm month behind them."""
    world.objectives = objectives
    world.open()
    world.history_of_calm()


@pytest.fixture
def fleet(world: World) -> World:
    """Twelve services of one team, with a calm month behind them."""
    calm(world)
    return world


def go_on(
    world: World, minutes: int, bad: Iterable[str] = (), share: float = 0.6, busy: float = 100
) -> None:
    """A hundred events a minute of each; at some so many, this share of them bad."""
    now, burning = int(world.clock.now().timestamp()), set(bad)
    for one in world.objectives:
        rate, wrong = (busy / 60, share) if one.service in burning else (100 / 60, 0.0)
        world.source.steady(one.id, now, now + minutes * MINUTE, rate, rate * wrong)
    world.polls(minutes)


def storm(world: World, bad: Iterable[str]) -> None:
    """Three minutes in which these fail so hard that each spends its budget of 4,320 events."""
    go_on(world, 3, bad, share=1.0, busy=5_000)


def everybody(world: World, who: str, choice: Choice, upto: int = 999, once: str = "") -> str:
    """A vote on all that the message names; what it came to."""
    vote = CastVote(world.record, world.clock, world.catalog, world.directory, world.ops)
    return VoteOnAll(vote).run(world.pending()[0].docket or 0, upto, who, choice, once)


def blocks(world: World) -> str:
    """What the message of many requests shows."""
    world.deliver()
    (head,) = [p for p in world.messenger.posted if p.key.startswith("requests:")]
    return str(head.message.blocks)
