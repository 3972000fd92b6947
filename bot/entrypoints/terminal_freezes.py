"""Freezes in the terminal, in plain text."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import say

_STYLE = {"active": "bold", "cooling": "yellow", "scheduled": "dim"}


def print_freezes(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """All that stand, those in force first."""
    if not rows:
        console.print("No freeze stands, and none is scheduled.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("no.", "state", "scope", "from", "until"):
        table.add_column(name, no_wrap=True)
    table.add_column("set by, and why", overflow="fold")
    for row in rows:
        # Text: names and reasons come from outside, and a string would be read as markup.
        table.add_row(
            Text(str(row["id"])),
            Text(row["state"], _STYLE.get(row["state"], "")),
            Text(plain(row["scope"])),
            Text(_at(row["since"])),
            Text(_at(row["until"]) if row["until"] else _open(row)),
            Text(plain(f"{row['by_name']}: {row['reason']}{_more(row)}")),
        )
    console.print(table)


def _at(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%a %Y-%m-%d %H:%M}Z"


def _open(row: Mapping[str, Any]) -> str:
    return f"{row['cause']} recovers" if row["cause"] else "lifted"


def _more(row: Mapping[str, Any]) -> str:
    return f" (and {row['more']} more)" if row.get("more") else ""


def print_preview(console: Console, facts: Mapping[str, Any]) -> None:
    """What a freeze would touch."""
    names = facts["services"]
    say(console, f"A freeze of {facts['scope']} would stop releases of {_count(names)}:")
    for name in names:
        say(console, f"  {name}{' (stopped already)' if name in facts['stopped'] else ''}")
    for team in facts["teams"]:
        deciders = ", ".join(team["deciders"]) or "nobody"
        where = team["channel"] or "no channel"
        say(console, f"team {team['title']}, {where}; its approvers: {deciders}")
    for freeze in (*facts["standing"], *facts["coming"]):
        until = f"until {_at(freeze['until'])}" if freeze["until"] else f"until {_open(freeze)}"
        line = f"{freeze['state']}: freeze {freeze['id']} of {freeze['scope']}, {until}"
        say(console, f"{line}: {freeze['reason']}{_more(freeze)}")
    for request in facts["requests"]:
        line = f"open: request {request['id']} to {request['wish']} {request['scope']}"
        say(console, f"{line}, by {request['by_name']}: {request['reason']}")
    say(console, f"Setting it takes {_people(facts['takes'])}; lifting {_people(facts['lifting'])}.")


def _count(names: Sequence[str]) -> str:
    return "1 service" if len(names) == 1 else f"{len(names)} services"


def _people(needed: str) -> str:
    """`1` becomes `1 approval`; `2 data-science-leads` stays."""
    if not needed.isdecimal():
        return needed
    return "1 approval" if needed == "1" else f"{needed} approvals"
