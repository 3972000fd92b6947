"""The terminal's verbs about canaries and tasks to retrain."""

import json as jsons
from typing import Annotated

import typer
from rich.console import Console

from bot.config import read_settings
from bot.entrypoints.terminal import print_json
from bot.entrypoints.terminal_models import print_canary, print_tasks
from bot.wiring.advising import list_tasks, show_canary
from bot.wiring.core import core

console = Console()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def canary(
    service: Annotated[str, typer.Argument(help="A service.")], json: JsonFlag = False
) -> None:
    """What is known against a new version: odds, with both counts."""
    with core(read_settings(), looking=True) as built:
        facts = show_canary(built).facts(service)
    if json:
        console.file.write(jsons.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    else:
        print_canary(console, facts)


def tasks(
    word: Annotated[str, typer.Argument(help="A service, a team, or all.")] = "all",
    json: JsonFlag = False,
) -> None:
    """Open tasks to retrain, with their owners."""
    with core(read_settings(), looking=True) as built:
        rows = list_tasks(built).rows(word)
    (print_json if json else print_tasks)(console, rows)
