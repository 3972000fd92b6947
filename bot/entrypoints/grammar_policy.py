"""`/budget policy` and `/budget backtest`: which policy counts, and what one would have done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.entrypoints.moments import duration
from bot.errors import UserError

USUAL = timedelta(days=30)
_LENGTH = re.compile(r"\d+[mhdw]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExplainPolicy:
    """`/budget policy <service>`, or of one objective: `ranker/availability`."""

    service: str


@dataclass(frozen=True, slots=True)
class TryPolicy:
    """`/budget backtest [policy] [since]`."""

    policy: str = ""
    """Empty: those in force."""
    length: timedelta = USUAL


def policy(rest: Sequence[str]) -> ExplainPolicy:
    """What follows `/budget policy`. Raises UserError."""
    if len(rest) != 1:
        raise UserError("`policy` takes one service or objective.", "/budget policy ranker")
    return ExplainPolicy(rest[0])


def backtest(rest: Sequence[str]) -> TryPolicy:
    """What follows `/budget backtest`: the name of a policy, or a length of time, or both; `since`
    may stand before the length. Raises UserError."""
    words = [word for word in rest if word.lower() != "since"]
    lengths = [word for word in words if _LENGTH.fullmatch(word)]
    names = [word for word in words if word not in lengths]
    if len(lengths) > 1 or len(names) > 1:
        sentence = "`backtest` takes one policy and one length of time."
        raise UserError(sentence, "/budget backtest strict 14d")
    length = duration(lengths[0]) if lengths else USUAL
    return TryPolicy(names[0] if names else "", length)
