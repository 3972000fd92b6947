"""`burnban policy`: which one counts, and what one would have done."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.config import read_settings
from bot.decide.catalog import Catalog
from bot.entrypoints.moments import duration
from bot.entrypoints.terminal import print_json
from bot.entrypoints.terminal_policy import print_backtest, print_policy
from bot.errors import SpecError, UserError
from bot.flow.show.backtest import Backtest
from bot.flow.show.explain import Explain
from bot.wiring.core import Core, core
from bot.wiring.progress import Bar
from bot.wiring.specs import load_specs

app = typer.Typer(no_args_is_help=True, help="Which policy counts, and what one would have done.")
console = Console()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def backtest_of(built: Core) -> Backtest:
    """The flow, over the counts as they are stored."""
    return Backtest(built.record, built.clock, built.catalog)


def tried(folder: Path, name: str) -> Catalog:
    """The specs with one of their policies as the nearest of every service. Raises UserError."""
    try:
        return load_specs(folder, everywhere=name)
    except SpecError as error:
        first = error.faults[0]
        sentence = f"{first.problem} {first.remedy}".strip()
        raise UserError(sentence, "/budget backtest strict 14d") from error


@app.command()
def explain(
    service: Annotated[
        str, typer.Argument(help="A service, or an objective of it: ranker/availability.")
    ],
    json: JsonFlag = False,
) -> None:
    """The policy of a service or an objective, value by value, each with its file and line."""
    facts = Explain(lambda: load_specs(read_settings().specs)).policy(service)
    if json:
        print_json(console, [facts])
    else:
        print_policy(console, facts)


@app.command()
def backtest(
    file: Annotated[
        Path | None,
        typer.Argument(help="Policies to try, in place of those of their names; else: in force."),
    ] = None,
    since: Annotated[str, typer.Option(help="How far back: 30d, 36h.")] = "30d",
    approve_after: Annotated[
        str, typer.Option(help="People approve every request after so long; else: never.")
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Replay the stored counts: what the policies of a file would have done, beside those in force.
    Nothing is changed."""
    settings = read_settings()
    length = duration(since)
    answer = duration(approve_after) if approve_after else None
    with core(settings, looking=True) as built, Bar("replaying services") as bar:
        candidate = load_specs(settings.specs, policies=file) if file is not None else None
        named = file.name if file is not None else ""
        facts = backtest_of(built).run(length, candidate, named, answer, bar)
    if json:
        print_json(console, [facts])
    else:
        print_backtest(console, facts)
