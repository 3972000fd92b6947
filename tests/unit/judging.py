"""Verdicts on an account of a few parts."""

from bot.judge.objective import Objective
from bot.judge.verdict import Code, Verdict, judge
from tests.builders import NOON, Part, objective, rolling, story, when

ONE = objective(target="0.99", window=rolling(30))


def verdict_on(one: Objective, *parts: Part, late: int = 0, fault: str = "") -> Verdict:
    """The verdict on the account that these parts leave, `late` seconds after their end."""
    balances = story(*parts)
    return judge(one, balances, balances.first.at, when(NOON + late), fault)


def of(*parts: Part, late: int = 0, fault: str = "") -> Verdict:
    """The same on 99 % over 30 days."""
    return verdict_on(ONE, *parts, late=late, fault=fault)


def codes(verdict: Verdict) -> list[Code]:
    return [reason.code for reason in verdict.reasons]
