"""Policies and back-tests in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import counted, say
from bot.judge.dates import instant
from bot.judge.reason import span

_FIGURES = (
    ("freezes", "freezes"),
    ("frozen", "frozen, over all services"),
    ("holds", "holds"),
    ("held", "held"),
    ("cautions", "cautions"),
    ("cautioned", "under caution"),
    ("stopped", "releases stopped"),
    ("pages", "pages"),
    ("tickets", "tickets"),
    ("requests", "requests to people"),
)
_TIMES = ("frozen", "held", "cautioned")
_MARK = {"same": " ", "new": "+", "gone": "-"}


def print_policy(console: Console, facts: Mapping[str, Any]) -> None:
    """Every value, and where it is written."""
    say(console, f"{facts['service']}: policy {facts['policy']}, version {facts['version']}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("field", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("from", overflow="fold")
    for row in facts["rows"]:
        place = f"{row['where']} ({row['policy']})" if row["where"] else "built in"
        table.add_row(Text(row["field"]), Text(plain(row["value"])), Text(plain(place)))
    console.print(table)
    for other in facts["others"]:
        say(
            console,
            f"{other['objective']} has a policy of its own: {other['policy']} "
            f"(burnban policy explain {other['id']})",
        )


def print_backtest(console: Console, facts: Mapping[str, Any]) -> None:
    """Sums, and every freeze, hold and caution."""
    services, objectives = counted(facts["services"], "service"), facts["objectives"]
    until = _at(facts["until"])
    say(
        console,
        f"Replayed {span(facts['seconds'])} up to {until}: {counted(objectives, 'objective')} of "
        f"{services}, as finely as the counts are stored.",
    )
    if facts["opened"] is not None and facts["opened"] > facts["since"]:
        say(console, f"Nothing is on record before {_at(facts['opened'])}.")
    answered = facts["answer"]
    if answered is None:
        say(console, "Nobody answers requests in it (--approve-after 30m: everybody does).")
    else:
        say(console, f"Every request is approved after {span(answered)}.")
    console.print(_sums(facts))
    for row in facts["rows"]:
        say(console, _line(row, tried=facts["tried"] is not None))
    if facts["watched"]:
        names = ", ".join(facts["watched"])
        say(console, f"In force for {names} is a policy that only watches: nothing was stopped.")


def _sums(facts: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    if facts["tried"] is not None:
        table.add_column(Text(plain(facts["named"])), justify="right")
    table.add_column("in force", justify="right")
    for key, name in _FIGURES:
        shown = [facts[side] for side in ("tried", "present") if facts[side] is not None]
        table.add_row(name, *(_figure(key, side[key]) for side in shown))
    return table


def _figure(key: str, value: int) -> str:
    if key not in _TIMES:
        return f"{value:,}"
    return span(value) if value else "–"


def _line(row: Mapping[str, Any], *, tried: bool) -> str:
    mark = f"{_MARK[row['change']]} " if tried else ""
    until = f"until {_at(row['until'])}" if row["until"] else "still standing"
    asked = ", approved" if row["approved"] else ""
    place = f"{mark}{row['effect']:<8}{row['service']}"
    return f"{place}  {_at(row['since'])} {until} ({span(row['seconds'])}{asked}): {row['reason']}"


def _at(seconds: int) -> str:
    return instant(seconds)
