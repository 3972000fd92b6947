"""The terminal's verbs about adjustments of budgets, and the monthly report."""

import getpass
import json as jsons
from typing import Annotated

import typer
from rich.console import Console

from bot.clock import SystemClock
from bot.config import read_settings
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_adjust import AdjustWords
from bot.entrypoints.grammar_report import month_said
from bot.entrypoints.terminal import print_json, say
from bot.entrypoints.terminal_budgets import print_adjustments, print_report
from bot.entrypoints.typed import told_here
from bot.errors import UserError
from bot.flow.adjust.request import EXAMPLE, AskToAdjust
from bot.wiring.core import core
from bot.wiring.deciders import directory
from bot.wiring.unheard import warn_unheard

console = Console()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def adjust(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT from … to … [CAUSE] REASON | reverse NUMBER REASON",
            help="As in: burnban adjust ranker from yesterday 14:00 to 16:00 the network was down",
        ),
    ],
) -> None:
    """Ask for time to be taken out of a budget, or to be put back. The same words as /budget adjust
    in Slack, where somebody approves; times are UTC."""
    settings = read_settings()
    understood = parse("/budget", " ".join(["adjust", *words]), SystemClock().now())
    if not isinstance(understood, AdjustWords):
        raise UserError("Say whose budget, when and why.", f"burnban {EXAMPLE[8:]}")
    with core(settings) as built:
        user = getpass.getuser()
        actor = Actor(f"terminal:{user}", user, Door.TERMINAL)
        outcome = AskToAdjust(built.ask(directory(built))).run(understood.wanted, actor)
    say(console, told_here(outcome.sentence, outcome.next))
    warn_unheard(outcome, settings)


def adjustments(
    word: Annotated[str, typer.Argument(help="A service, a team, or all.")] = "all",
    json: JsonFlag = False,
) -> None:
    """Which time was taken out of which budgets, newest first."""
    with core(read_settings(), looking=True) as built:
        rows = built.adjustments.rows(word)
    (print_json if json else print_adjustments)(console, rows)


def report(
    month: Annotated[str, typer.Option(help="As in 2026-10, last, this, october.")] = "last",
    team: Annotated[str, typer.Option(help="Only this team; without it: everything.")] = "",
    json: JsonFlag = False,
) -> None:
    """A month in figures, from the decision history."""
    settings = read_settings()
    wanted = month_said(month, SystemClock().now(), settings.zone)
    with core(settings, looking=True) as built:
        facts = built.reports.facts(wanted, team)
    if json:
        console.file.write(jsons.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    else:
        print_report(console, facts)
