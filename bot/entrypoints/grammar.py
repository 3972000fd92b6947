"""One grammar for Slack and the terminal: from words to typed commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from bot.entrypoints.grammar_adjust import AdjustWords, ReadAdjustments, adjust, adjustments
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_freeze import (
    AskWords,
    EditWords,
    Form,
    ListFreezes,
    PreviewFreeze,
    freeze,
    unfreeze,
)
from bot.entrypoints.grammar_history import ReadHistory, history
from bot.entrypoints.grammar_models import ReadCanary, ReadTasks, canary, tasks
from bot.entrypoints.grammar_override import Asking, Looking, override
from bot.entrypoints.grammar_policy import ExplainPolicy, TryPolicy, backtest, policy
from bot.entrypoints.grammar_release import (
    ReadReleases,
    ReleasedWords,
    note,
    released,
    releases,
)
from bot.entrypoints.grammar_report import ReadReport, report
from bot.entrypoints.grammar_tradeoff import WeighTradeoff, tradeoff
from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Status:
    """`/budget status [service|team|all] [page]`."""

    word: str = "all"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Show:
    """`/budget show <service>`."""

    service: str


@dataclass(frozen=True, slots=True)
class AskGate:
    """`/budget gate <service> [version]`."""

    service: str
    release: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """`/budget help`, `/freeze help` …"""

    about: str = ""
    """The command that is asked about; empty: all of them."""


Policies = ExplainPolicy | TryPolicy
Models = ReadCanary | ReadTasks
Reading = ReadHistory | ReadAdjustments | ReadReport | ReadReleases | WeighTradeoff
Question = Status | Show | AskGate | Reading | Policies | Models
"""What of budgets is only looked at."""
Freezing = Form | AskWords | ListFreezes | PreviewFreeze | EditWords | DisputeWords
Command = Question | Help | AdjustWords | ReleasedWords | Freezing | Asking | Looking

EXAMPLE = "/budget status"
_OTHERS = ("/freeze", "/unfreeze", "/override", "/release")


def parse(command: str, text: str, now: datetime, zone: str = "UTC") -> Command:
    """Understand `/budget …`, `/freeze …`, `/unfreeze …`, `/override …` or `/release …`. Raises
    UserError with an example."""
    words = text.split()
    if command == "/budget":
        return _budget(words, now, zone)
    if command in _OTHERS and text.strip().lower() == "help":
        return Help(command)  # alone it is no service: a reason would have to follow
    if command == "/freeze":
        return freeze(words, now, zone)
    if command == "/unfreeze":
        return unfreeze(words)
    if command == "/override":
        return override(words)
    if command == "/release":
        return note(words, now, zone)
    raise UserError(f"There is no command `{command}`.", EXAMPLE)


def _budget(words: Sequence[str], now: datetime, zone: str) -> Command:
    if not words:
        return Status()
    verb, *rest = words
    understand = _VERBS.get(verb.lower())
    if understand is None:
        raise _unknown(verb, rest)
    return understand(rest, now, zone)


def _unknown(verb: str, rest: Sequence[str]) -> UserError:
    near = get_close_matches(verb.lower(), list(_VERBS), n=1, cutoff=0.4)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    example = f"/budget {' '.join([near[0], *rest])}" if near else "/budget help"
    return UserError(f"`/budget` does not know `{verb}`.{hint}", example)


def _status(rest: Sequence[str]) -> Status:
    if len(rest) == 2 and rest[1].isdecimal():
        return Status(rest[0], page_number(rest[1]))
    _at_most_one(rest, "status")
    return Status(rest[0] if rest else "all")


def _show(rest: Sequence[str]) -> Show:
    if len(rest) != 1:
        raise UserError("`show` takes one service.", "/budget show ranker")
    return Show(rest[0])


def _gate(rest: Sequence[str]) -> AskGate:
    if len(rest) not in (1, 2):
        raise UserError("`gate` takes a service, and perhaps a version.", "/budget gate ranker 38")
    return AskGate(*rest)


def page_number(text: str) -> int:
    """A page as written; 1 if it is no number. Beyond nine digits it is a page after the last one
    anyway, and thousands of digits could not be read."""
    return int(text[:9]) if text.isdecimal() else 1


def _at_most_one(rest: Sequence[str], verb: str) -> None:
    if len(rest) > 1:
        raise UserError(
            f"`{verb}` takes one service or team, not {len(rest)}.", f"/budget {verb} {rest[0]}"
        )


_VERBS: Mapping[str, Callable[[Sequence[str], datetime, str], Command]] = {
    "status": lambda rest, _now, _zone: _status(rest),
    "show": lambda rest, _now, _zone: _show(rest),
    "gate": lambda rest, _now, _zone: _gate(rest),
    "history": history,
    "adjust": adjust,
    "adjustments": lambda rest, _now, _zone: adjustments(rest),
    "report": report,
    "releases": lambda rest, _now, _zone: releases(rest),
    "released": released,
    "tradeoff": lambda rest, _now, _zone: tradeoff(rest),
    "canary": lambda rest, _now, _zone: canary(rest),
    "tasks": lambda rest, _now, _zone: tasks(rest),
    "policy": lambda rest, _now, _zone: policy(rest),
    "backtest": lambda rest, _now, _zone: backtest(rest),
    "help": lambda _rest, _now, _zone: Help(),
}
"""What may follow `/budget`."""
