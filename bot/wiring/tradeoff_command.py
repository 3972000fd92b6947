"""`burnban tradeoff`: what a release would cost and bring."""

from typing import Annotated

import typer
from rich.console import Console

from bot.config import read_settings
from bot.entrypoints.grammar_tradeoff import tradeoff as understood
from bot.entrypoints.terminal import print_json
from bot.entrypoints.terminal_tradeoff import print_tradeoff
from bot.errors import UserError
from bot.wiring.core import core

console = Console()
FREE = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Names of objectives are options."""


def tradeoff(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SERVICE VERSION [--OBJECTIVE POINTS]…",
            help="As in: burnban tradeoff ranker 38 --accuracy +1.5±0.2 --availability -0.02±0.01",
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """May a release be afforded, and is it worth it?

    From what it did beside the version before, or from changes of objectives given by hand, in
    percentage points of what is good: +1.5 is better, -0.02 worse. Advice: nothing is decided."""
    try:
        asked = understood([*words, *context.args])
    except UserError as error:
        raise UserError(error.sentence, error.example.replace("/budget", "burnban")) from None
    with core(read_settings(), looking=True) as built:
        facts = built.tradeoff.facts(asked.service, asked.version, asked.changes)
    print_json(console, [facts]) if json else print_tradeoff(console, facts)
