"""Budgets in the terminal: all of them as a table, one service in full."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import say
from bot.judge.dates import instant
from bot.judge.verdict import span

Row = Mapping[str, Any]

_SIGN = {"freeze": " ⛔", "hold": " ⏸", "caution": " ✋"}
_UNDER = {
    "freeze": "releases frozen",
    "hold": "new releases wait",
    "caution": "each release needs one approval",
}
_STYLE = {"exhausted": "bold red", "burning": "yellow", "unknown": "dim", "healthy": "green"}
_LEFT = ("service", "objective", "verdict")
_RIGHT = ("left", "burn 1h", "target")
_WHY = 32
"""Columns that a reason needs to be read with ease."""
_ENDLESS, _GAP = 10_000, 2


def print_status(console: Console, rows: Sequence[Row]) -> None:
    """What `burnban status` shows, worst first: a table; where the terminal is too narrow for it,
    a few lines an objective. Nothing is cut off; in a pipe each objective is one line."""
    if not rows:
        console.print(
            "No objectives yet: let `burnban init` write the first ones, then run `burnban check`."
        )
        return
    table, wide = _table(rows), Console(file=console.file, width=_ENDLESS, color_system=None)
    if not console.is_terminal:
        wide.print(table)
    elif wide.measure(_table(rows, why=False)).maximum + _GAP + _WHY <= console.width:
        console.print(table)
    else:
        _stacked(console, rows)
    _explain_projected(console, rows)
    for row in (one for one in rows if one.get("adjusted")):
        name = f"{row['service']}/{row['objective']}"
        say(console, f"± {name}: {_adjusted(row['adjusted'])}")
    for effect, sign in _SIGN.items():
        under = sorted({row["service"] for row in rows if row.get("effect") == effect})
        if under:
            say(console, f"{sign.strip()} {_UNDER[effect]}: {', '.join(under)}")


def _table(rows: Sequence[Row], *, why: bool = True) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in _LEFT:
        table.add_column(name, no_wrap=True)
    for name in _RIGHT:
        table.add_column(name, justify="right", no_wrap=True)
    if why:
        table.add_column("why", overflow="fold", min_width=_WHY)
    for row in rows:
        # Text: names and reasons come from outside, and a string would be read as markup.
        table.add_row(
            Text(_service(row)),
            Text(plain(row["objective"])),
            Text(_verdict(row), _STYLE[row["verdict"]]),
            Text(_left(row)),
            Text(_burn(row["burn"].get("1h"))),
            Text(f"{_percent(row['target'])} % in {plain(row['window'])}"),
            *([Text(_why(row))] if why else []),
        )
    return table


def _stacked(console: Console, rows: Sequence[Row]) -> None:
    for row in rows:
        console.print(Text(f"{_service(row)} · {plain(row['objective'])}", "bold"))
        figures = Text.assemble(
            (_verdict(row), _STYLE[row["verdict"]]),
            f" · {_short(row)} · burn 1h {_burn(row['burn'].get('1h'))}",
            f" · target {_percent(row['target'])} % in {plain(row['window'])}",
        )
        for line in (figures, Text(_why(row))):
            if line:
                console.print(Padding(line, (0, 0, 0, 2)))


def _service(row: Row) -> str:
    return plain(row["service"]) + _SIGN.get(row.get("effect", ""), "")


def _why(row: Row) -> str:
    return plain(row["reasons"][0]["text"]) if row["reasons"] else ""


def _percent(target: float) -> str:
    return f"{100 * target:.4f}".rstrip("0").rstrip(".")


def _verdict(row: Mapping[str, Any]) -> str:
    severity = row.get("severity")
    return f"{row['verdict']} ({severity})" if row["verdict"] == "burning" else str(row["verdict"])


def _left(row: Mapping[str, Any]) -> str:
    if row.get("projected") is not None:
        return f"~{row['projected']:.1%}"
    return "–" if row["remaining"] is None else f"{row['remaining']:.1%}"


def _short(row: Row) -> str:
    """In a line of words what a column says with a sign."""
    left = _left(row)
    return f"overspent by {left.replace('-', '')}" if "-" in left else f"{left} left"


def _explain_projected(console: Console, rows: Sequence[Row]) -> None:
    since = sorted({row["since"] for row in rows if row.get("projected") is not None})
    if since:
        first = instant(datetime.fromisoformat(since[0]))
        least = "" if len(since) == 1 else " at the earliest"
        say(console, f"~ projected to a whole window: counted since {first}{least}")


def _adjusted(found: Mapping[str, Any]) -> str:
    return f"{span(found['seconds'])} taken out; with it: {_rest(found['left'])}"


def _rest(left: float | None) -> str:
    if left is None:
        return "nobody knows how much is left"
    return f"overspent by {-left:.1%}" if left < 0 else f"{left:.1%} of the budget left"


def _burn(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.2f}"


def _stands(objective: Row) -> str:
    asked = f"target {_percent(objective['target'])} % over {objective['window']}"
    return f"{_rest(objective['left'])}; {asked}"


def print_details(console: Console, facts: Mapping[str, Any]) -> None:
    """One service: each objective with its windows."""
    title = f"{facts['title']} {facts['environment']} {facts['team']}".rstrip()
    console.print(Text(plain(title), "bold"))
    for freeze in facts["freezes"]:
        sign = "·" if freeze["monitored"] else _SIGN[freeze["effect"]].strip()
        means = "only watched" if freeze["monitored"] else _UNDER[freeze["effect"]]
        say(console, f"{sign} {freeze['scope']}, {means}: {freeze['reason']}")
    for objective in facts["objectives"]:
        console.print()
        say(console, f"{objective['title']}: {objective['verdict']}, {_stands(objective)}")
        if objective.get("adjusted"):
            say(console, f"  {_adjusted(objective['adjusted'])}")
        for reason in objective["reasons"]:
            say(console, f"  {reason}")
        _labels(console, objective.get("labels"))
        forecast = objective["forecast"]
        if not (forecast["unknown"] and objective["verdict"] == "unknown"):
            say(console, f"  {'' if forecast['unknown'] else 'Forecast: '}{forecast['text']}")
        for burn in objective["windows"]:
            rate = _burn(burn["rate"])
            say(
                console,
                f"  last {span(burn['seconds']):>6}: burn {rate:>7}, {burn['bad']:,.0f} bad of "
                f"{burn['eligible']:,.0f}, {burn['coverage']:.0%} {_observed(burn)}",
            )


def _observed(burn: Row) -> str:
    """Of what, where not the whole window is on record."""
    known = burn.get("known", burn["seconds"])
    return "observed" if known >= burn["seconds"] else f"of the {span(known)} on record observed"


def _labels(console: Console, labels: Mapping[str, Any] | None) -> None:
    """What is on its way, and estimates with their record."""
    if labels is None:
        return
    if labels["taken"]:
        say(console, f"  {labels['taken']}: counted only up to so long ago")
    for line in labels["lines"]:
        say(console, f"  {line}")
