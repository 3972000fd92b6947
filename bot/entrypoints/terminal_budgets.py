"""Budget adjustments and monthly reports in the terminal, in plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import counted, say
from bot.entrypoints.terminal_releases import print_delivery
from bot.judge.dates import brief, instant
from bot.judge.verdict import span

_STATE = {"ahead": "to come", "running": "running", "out": "taken out", "reversed": "reversed"}
_ORIGIN = {"manual": "by hand", "policy": "by policy", "schedule": "by schedule"}


def print_adjustments(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """All of them, newest first."""
    if not rows:
        console.print("Nothing was ever taken out of these budgets.")
        return
    table = _table("no.", "state", "budget", "from (UTC)", "for")
    table.add_column("asked by, and why", overflow="fold")
    for row in rows:
        cause = f"{row['cause']}: " if row["cause"] else ""
        names = row["objectives"]
        # Text: names and reasons come from outside, and a string would be read as markup.
        table.add_row(
            Text(str(row["id"])),
            Text(_STATE[row["state"]]),
            Text(plain(names[0] if len(names) == 1 else row["scope"])),
            Text(brief(row["start"])),
            Text(span(row["seconds"])),
            Text(plain(f"{row['by_name']}: {cause}{row['reason']}")),
        )
    console.print(table)


def print_report(console: Console, facts: Mapping[str, Any]) -> None:
    """A month in figures."""
    so_far = " so far" if facts["running"] else ""
    console.print(Text(f"{facts['name']}{so_far}: {plain(facts['scope'])}", "bold"))
    begins = facts["begins"]
    if facts["unknown"]:
        say(console, _unrecorded(begins))
        return
    if begins is not None:
        say(console, f"The history begins {instant(begins)}; nothing is on record from before.")
    if facts["delivery"] is not None:
        print_delivery(console, facts["delivery"])
    _foretold(console, facts["forecasts"])
    if facts["quiet"]:
        say(console, "Nothing was frozen, asked for or let through, and no budget was exhausted.")
        return
    say(console, f"releases stopped      {span(facts['stopped']) if facts['stopped'] else 'never'}")
    for row in facts["frozen"]:
        watched = ", only watched" if row["monitored"] else ""
        kind = f"{_ORIGIN[row['origin']]}, {row['effect']}{watched}"
        say(console, f"  {kind}: {counted(row['freezes'], 'freeze')}, {span(row['seconds'])}")
    _overrides(console, facts["overrides"])
    for row in facts["tradeoffs"]:
        counts = f"{row['asked']} asked, {row['granted']} granted"
        say(console, f"trade-off {row['ruling']:<12}overrides: {counts}")
    _decided(console, facts)
    for row in facts["exhausted"]:
        times = f" ({row['times']} times)" if row["times"] > 1 else ""
        say(console, f"budget exhausted      {row['objective']}{times}")
    say(console, f"budget adjustments    {facts['adjusted']}, {facts['reversed']} reversed")
    back, tasks = facts["rollbacks"], facts["retrainings"]
    ends = f"{back['gone']} rolled back, {back['stayed']} made way for another"
    say(console, f"advised against       {counted(back['advised'], 'release')}, {ends}")
    say(console, f"rollbacks approved    {back['granted']}")
    done = f"{tasks['taken']} taken, {tasks['pipelines']} started, {tasks['closed']} closed"
    say(console, f"tasks to retrain      {tasks['opened']}, {done}; {tasks['open']} open")


def _unrecorded(begins: int | None) -> str:
    if begins is None:
        return "No report yet: nothing has been decided so far. Budgets now: burnban status."
    return (
        f"No report of this month: the history begins {instant(begins)}. "
        "The month so far: burnban report --month this."
    )


def _foretold(console: Console, found: Mapping[str, Any] | None) -> None:
    if found is not None:
        held = f"{found['hits']} of {found['count']}"
        said = f"80 % range held in {held}; off by {found['error']:.1%} of a budget on average"
        say(console, f"forecasts             {said}")


def _overrides(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        say(console, "overrides             none")
        return
    table = _table("overrides", "kind")
    for name in ("asked", "granted", "used", "break-glass"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        figures = (str(row[n]) for n in ("asked", "granted", "used", "emergencies"))
        table.add_row(Text(plain(row["team"])), Text(plain(row["kind"])), *figures)
    console.print(table)


def _decided(console: Console, facts: Mapping[str, Any]) -> None:
    took = ""
    if facts["decided"]:
        took = f", half within {span(facts['median'])}, nine in ten within {span(facts['p90'])}"
    say(console, f"requests decided      {facts['decided']}{took}")
    say(console, f"expired undecided     {facts['expired']}")
    say(console, f"reviews overdue       {facts['overdue']}, not done: {facts['unreviewed']}")


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, no_wrap=True)
    return table
