"""`burnban releases`: those that were seen, and whether they asked."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config import read_settings
from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import print_json, say
from bot.wiring.core import core

console = Console()


def releases(
    ungated: Annotated[
        bool, typer.Option("--ungated", help="Only those that went without the gate's word.")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far back.")] = 7,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Releases that were seen, newest first."""
    from bot.wiring.outside import sweep

    with core(read_settings(), looking=True) as built:
        rows = sweep(built).listing(ungated=ungated, days=days)
    if json:
        print_json(console, rows)
        return
    if not rows:
        what = "Every release that was seen asked the gate." if ungated else "No release was seen."
        say(console, f"{what} Seen are those of the GitHub, GitLab and MLflow of the specs.")
        return
    table = Table("seen", "service", "release", "by", "source", "decision", box=None)
    for row in rows:
        at = datetime.fromtimestamp(row["seen"], UTC)
        number = str(row["decision"]) if row["decision"] else "never asked"
        number += ", without an answer" if row["why"] else ""
        cells = (f"{at:%Y-%m-%d %H:%M}", row["service"], row["release"], row["who"], row["source"])
        table.add_row(*(Text(plain(cell)) for cell in (*cells, number)))
    console.print(table)
