"""Canaries and tasks to retrain in the terminal, in plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import say
from bot.judge.dates import brief, instant

_WITHHELD = {
    "none": "Which version of {service} serves is not known: nobody told the journal of one.",
    "alone": "No advice on {service}: no other version serves beside it, so a fault of what they"
    " all need would look like its own.",
    "accounts": "No advice on {service} {release}: {to} serves beside it, but no objective counts"
    " the two apart. If the metrics bear the version in a label, name it in the SLO: versionLabel;"
    " rows of a feed bear it themselves.",
}


def print_canary(console: Console, facts: Mapping[str, Any]) -> None:
    """What the versions of a service say against one another."""
    if facts["withheld"]:
        say(console, plain(_WITHHELD[facts["withheld"]].format(**facts)))
        return
    head = f"{facts['service']}: {facts['release']} beside {facts['to']} since"
    console.print(Text(f"{plain(head)} {_at(facts['since'])}", "bold"))
    for row in facts["rows"]:
        say(console, plain(f"{row['title']}: {row['sentence']}"))
    if facts["advised"] is not None:
        number = facts["advised"]["request"]
        how = f"request {number}" if number else "the policy only watches"
        say(console, f"A rollback was advised {_at(facts['advised']['at'])} ({how}).")
    else:
        say(console, f"Next: {_FOLLOWS[facts['policy']][facts['proven']]}.")
    if facts["worth"]:
        name = f"{facts['service']} {facts['release']}"
        worth = "It fails more, and what it brings is worth that by the team's price"
        say(console, plain(f"{worth}: burnban tradeoff {name}"))


_YOURS = "whether it goes back is for you to decide"
_FOLLOWS: Mapping[str, tuple[str, str]] = {
    "ask": (
        "at 20 : 1 the on-call is asked whether to roll back",
        "the on-call is asked within a minute whether to roll back",
    ),
    "auto": (
        "at 20 : 1 it is rolled back by itself",
        "it is rolled back by itself within a minute",
    ),
    "never": (
        "nobody is asked: the policy says `rollback: never`",
        f"nobody is asked: the policy says `rollback: never`; {_YOURS}",
    ),
    "watch": (
        "nobody is asked: the policy only watches",
        f"nobody is asked: the policy only watches; {_YOURS}",
    ),
}
"""What comes next: before it is proven, and after."""


def print_tasks(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """All of them, oldest first."""
    if not rows:
        console.print("No task to retrain is open.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("no.", "objective", "since (UTC)", "budget", "owner"):
        table.add_column(name, no_wrap=True)
    table.add_column("newest evidence", overflow="fold")
    for row in rows:
        found = row["rows"][0] if row["rows"] else None
        table.add_row(
            Text(str(row["task"])),
            Text(plain(row["objective"])),
            Text(brief(row["opened"])),
            Text("recovering" if row["recovering"] else row["now"] or "unknown"),
            Text(plain(row["owner_name"] or row["owner"] or "nobody")),
            Text(plain(_evidence(found, row["required"])) if found else ""),
        )
    console.print(table)


def _evidence(row: Mapping[str, Any], required: str) -> str:
    if row["wrong"] is not None:
        return f"{row['wrong']:,.10g} of {row['n']:,.10g} predictions wrong"
    asked = f", asked for is {required}" if required else ""
    return f"{row['metric'] or 'score'} {row['figure']} of {row['n'] or 0:,.10g} samples{asked}"


def _at(epoch: int) -> str:
    return instant(epoch)
