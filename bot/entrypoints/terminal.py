"""What the terminal shows: the status table and other answers in plain text."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.judge.verdict import span

_SIGN = {"freeze": " ⛔", "hold": " ⏸", "caution": " ✋"}
_UNDER = {
    "freeze": "releases frozen",
    "hold": "new releases wait",
    "caution": "each release needs one approval",
}
_STYLE = {"exhausted": "bold red", "burning": "yellow", "unknown": "dim", "healthy": "green"}


def print_json(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """Machine-readable: nothing wrapped, nothing coloured."""
    console.file.write(json.dumps(list(rows), indent=2, ensure_ascii=False) + "\n")


def print_status(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """The table of `burnban status`, worst first."""
    if not rows:
        console.print("No objectives yet: write a spec file and run `burnban check`.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("service", "objective", "verdict"):
        table.add_column(name, no_wrap=True)
    for name in ("left", "burn 1h", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for row in rows:
        # Text: names and reasons come from outside, and a string would be read as markup.
        table.add_row(
            Text(plain(row["service"]) + _SIGN.get(row.get("effect", ""), "")),
            Text(plain(row["objective"])),
            Text(_verdict(row), _STYLE[row["verdict"]]),
            Text(_left(row)),
            Text(_burn(row["burn"].get("1h"))),
            Text(f"{_percent(row['target'])} % in {plain(row['window'])}"),
            Text(plain(row["reasons"][0]["text"]) if row["reasons"] else ""),
        )
    console.print(table)
    for row in (one for one in rows if one.get("adjusted")):
        name = f"{row['service']}/{row['objective']}"
        say(console, f"± {name}: {_adjusted(row['adjusted'])}")
    for effect, sign in _SIGN.items():
        under = sorted({row["service"] for row in rows if row.get("effect") == effect})
        if under:
            say(console, f"{sign.strip()} {_UNDER[effect]}: {', '.join(under)}")


def say(console: Console, text: str) -> None:
    """One line as it is: no markup, no colours, no control characters, nothing wrapped."""
    console.print(
        f"{text[: len(text) - len(text.lstrip())]}{plain(text.lstrip())}",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip


def counted(number: int, noun: str) -> str:
    """`1 objective`, `2 objectives`, `2 policies`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else many}"


def _percent(target: float) -> str:
    return f"{100 * target:.4f}".rstrip("0").rstrip(".")


def _verdict(row: Mapping[str, Any]) -> str:
    severity = row.get("severity")
    return f"{row['verdict']} ({severity})" if row["verdict"] == "burning" else str(row["verdict"])


def _left(row: Mapping[str, Any]) -> str:
    left = row["projected"] if row.get("projected") is not None else row["remaining"]
    return "–" if left is None else f"{left:.1%}"


def _adjusted(found: Mapping[str, Any]) -> str:
    left = "nobody knows how much" if found["left"] is None else f"{found['left']:.1%}"
    return f"{span(found['seconds'])} taken out; with it {left} would be left"


def _burn(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.2f}"


def print_history(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """The history, newest first."""
    for row in rows:
        at = datetime.fromtimestamp(row["at"], UTC)
        who = row["who_name"] or row["who"]
        place = f"{row['seq']:>6}  {at:%Y-%m-%d %H:%M:%S}Z  {row['event']:<22}"
        say(console, f"{place} {row['scope']}  {plain(who)}: {plain(row['text'])}")


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
        say(console, f"{objective['title']}: {objective['verdict']}")
        if objective.get("adjusted"):
            say(console, f"  {_adjusted(objective['adjusted'])}")
        for reason in objective["reasons"]:
            say(console, f"  {reason}")
        for burn in objective["windows"]:
            rate = _burn(burn["rate"])
            say(
                console,
                f"  last {span(burn['seconds']):>6}: burn {rate:>7}, {burn['bad']:,.0f} bad of "
                f"{burn['eligible']:,.0f}, {burn['coverage']:.0%} observed",
            )
