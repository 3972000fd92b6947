"""What the terminal shows: answers in plain text, or as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from bot.entrypoints.plain import plain
from bot.judge.dates import instant


def print_json(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """Machine-readable: nothing wrapped, nothing coloured."""
    console.file.write(json.dumps(list(rows), indent=2, ensure_ascii=False) + "\n")


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


def print_history(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """The history, newest first."""
    for row in rows:
        who = row["who_name"] or row["who"]
        if row.get("asked_by"):
            who = f"asked by {row['asked_by']}, approved by {who}"
        event = str(row["event"]).replace("_", " ").capitalize()
        place = f"{row['seq']:>6}  {instant(row['at']):<26}  {event:<22}"
        why = f" ({row['grounds']})" if row["grounds"] else ""
        text = plain(row.get("told", row["text"]))
        say(console, f"{place} {row['about']}  {plain(who)}: {text}{why}")
