"""Short ways to ask the gate; every argument has a plain default."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.decide.change import Change, ChangeKind
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.gate import answer
from bot.decide.gate_answer import Answer, Circumstances, Question
from bot.decide.override import Grant, Run
from bot.decide.policy import DEFAULT, Policy
from bot.decide.scope import Reach, Scope
from bot.decide.service import Service
from bot.judge.verdict import Verdict
from tests.builders import NOON, actor, when

NOW = when(NOON)
SERVICE = Service("ranker", "Ranker", "search", "prod", "ranker")
CHANGE = Change("ranker", "38", "a" * 40)
RUN = Run("github", "123")


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def freeze(
    id: int = 1,
    *,
    effect: Effect = Effect.FREEZE,
    origin: Origin = Origin.MANUAL,
    starts: float = -1,
    ends: float | None = None,
    monitored: bool = False,
) -> Freeze:
    """A freeze of the service, times in hours from now."""
    end = None if ends is None else NOW + hours(ends)
    scope = Scope(Reach.SERVICE, "ranker")
    return Freeze(
        id, scope, "bad rollout", origin, actor(), NOW + hours(starts), end,
        effect=effect, monitored=monitored,
    )  # fmt: skip


def grant(*freezes: int, change: Change = CHANGE, emergency: bool = False) -> Grant:
    """An override that is good for two hours."""
    return Grant(5, 9, change, freezes, NOW, NOW + hours(2), emergency)


def ask(
    *freezes: Freeze,
    verdicts: Sequence[Verdict] = (),
    grants: Sequence[Grant] = (),
    policy: Policy = DEFAULT,
    kind: ChangeKind = ChangeKind.RETRAIN,
    trusted: bool = False,
    service: Service | None = SERVICE,
    near: Sequence[str] = (),
) -> Answer:
    """May version 38 of the ranker go now?"""
    question = Question(replace(CHANGE, kind=kind), RUN, trusted)
    found = Circumstances(service, policy, freezes, verdicts, grants, near)
    return answer(question, found, NOW)
