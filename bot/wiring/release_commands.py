"""`burnban releases` and `burnban released`: what became of versions, and what they did to the
budgets."""

import getpass
from typing import Annotated

import typer
from rich.console import Console

from bot.clock import SystemClock
from bot.config import read_settings
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_release import EXAMPLE, ReleasedWords
from bot.entrypoints.terminal import print_json, say
from bot.entrypoints.terminal_releases import print_releases, print_seen
from bot.errors import UserError
from bot.wiring.core import core

console = Console()


def releases(
    word: Annotated[str, typer.Argument(help="A service, a team, or all.")] = "all",
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    seen: Annotated[
        bool, typer.Option("--seen", help="Those that code hosts and registries saw going.")
    ] = False,
    ungated: Annotated[
        bool, typer.Option("--ungated", help="Those that the gate stopped or was not asked about.")
    ] = False,
    days: Annotated[
        int, typer.Option(min=1, max=90, help="How far back --seen and --ungated go.")
    ] = 7,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Releases, newest first.

    Since when, by whom, how they ended, what they burned and caused, and which answer of the gate
    let them go."""
    from bot.wiring.outside import sweep

    with core(read_settings(), looking=True) as built:
        if seen or ungated:
            rows = sweep(built).listing(ungated=ungated, days=days)
            print_json(console, rows) if json else print_seen(console, rows, ungated=ungated)
            return
        facts = built.releases.facts(word, page)
    print_json(console, facts["rows"]) if json else print_releases(console, facts)


def released(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SERVICE VERSION [share 10% | ended | rolled back | failed] [at …]",
            help="As in: burnban released ranker 38 share 10% at 10:04",
        ),
    ],
) -> None:
    """Tell the journal of a release. The same words as /budget released in Slack; times are UTC."""
    understood = parse("/budget", " ".join(["released", *words]), SystemClock().now())
    if not isinstance(understood, ReleasedWords):
        raise UserError("Say which version of which service.", f"burnban {EXAMPLE[8:]}")
    with core(read_settings()) as built:
        user = getpass.getuser()
        actor = Actor(f"terminal:{user}", user, Door.TERMINAL)
        found = built.gate.api.note.run(understood.said, actor)
    known = "" if found.fresh else " That was on record already."
    say(console, f"On record: {found.sentence}.{known}")
    if found.warning:
        say(console, found.warning)
