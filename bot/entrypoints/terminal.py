"""What the terminal shows: the status table and other answers in plain text."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.judge.verdict import span

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
        table.add_row(
            row["service"] + (" ⛔" if row.get("frozen") else ""),
            row["objective"],
            f"[{_STYLE[row['verdict']]}]{_verdict(row)}[/]",
            _left(row),
            _burn(row["burn"].get("1h")),
            f"{row['target']:.4%}".rstrip("0").rstrip(".").removesuffix("%").rstrip("0").rstrip(".")
            + f" % in {row['window']}",
            row["reasons"][0]["text"] if row["reasons"] else "",
        )
    console.print(table)
    frozen = sorted({row["service"] for row in rows if row.get("frozen")})
    if frozen:
        console.print(f"⛔ releases frozen: {', '.join(frozen)}")


def _verdict(row: Mapping[str, Any]) -> str:
    severity = row.get("severity")
    return f"{row['verdict']} ({severity})" if row["verdict"] == "burning" else str(row["verdict"])


def _left(row: Mapping[str, Any]) -> str:
    left = row["projected"] if row.get("projected") is not None else row["remaining"]
    return "–" if left is None else f"{left:.1%}"


def _burn(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.2f}"


def print_history(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """The history, newest first."""
    for row in rows:
        at = datetime.fromtimestamp(row["at"], UTC)
        who = row["who_name"] or row["who"]
        console.print(
            f"{row['seq']:>6}  {at:%Y-%m-%d %H:%M:%S}Z  {row['event']:<22} {row['scope']}  {who}: "
            f"{row['text']}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def print_details(console: Console, facts: Mapping[str, Any]) -> None:
    """One service: each objective with its windows."""
    console.print(f"[bold]{facts['title']}[/] {facts['environment']} {facts['team']}".rstrip())
    for freeze in facts["freezes"]:
        console.print(f"⛔ {freeze['scope']} is frozen: {freeze['reason']}", markup=False)
    for objective in facts["objectives"]:
        console.print(f"\n{objective['title']}: {objective['verdict']}", markup=False)
        for reason in objective["reasons"]:
            console.print(f"  {reason}", markup=False)
        for burn in objective["windows"]:
            rate = _burn(burn["rate"])
            console.print(
                f"  last {span(burn['seconds']):>6}: burn {rate:>7}, {burn['bad']:,.0f} bad of "
                f"{burn['eligible']:,.0f}, {burn['coverage']:.0%} observed",
                highlight=False,
            )
