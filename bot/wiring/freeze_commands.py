"""The terminal's verbs about freezes: the words of /freeze and /unfreeze, and lists."""

import getpass
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.calendar import Almanac
from bot.clock import SystemClock
from bot.config import read_settings
from bot.decide.catalog import Catalog
from bot.decide.people import Actor, Door
from bot.entrypoints.argocd_windows import patch_of, windows_of
from bot.entrypoints.calendar_file import calendar_of
from bot.entrypoints.grammar import Command, parse
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_freeze import AskWords, EditWords, ListFreezes, PreviewFreeze
from bot.entrypoints.moments import ending
from bot.entrypoints.new_end import new_end
from bot.entrypoints.terminal import counted, print_json, say
from bot.entrypoints.terminal_freezes import print_freezes, print_preview
from bot.entrypoints.typed import told_here
from bot.errors import UserError
from bot.flow.ask.request import Outcome
from bot.flow.freeze.edit import EditFreeze, Revision
from bot.flow.freeze.schedule import spent
from bot.flow.named import plea_of
from bot.ports import Directory
from bot.wiring import override_commands
from bot.wiring.core import Core, core
from bot.wiring.deciders import directory
from bot.wiring.unheard import warn_unheard

app = typer.Typer(invoke_without_command=True, help="The freezes that stand or are scheduled.")
console = Console()


def schedules_of(catalog: Catalog) -> str:
    """What `burnban check` adds to its counts, where there are schedules."""
    count = len(catalog.schedules)
    return f", {counted(count, 'schedule')}" if count else ""


def notes_on(catalog: Catalog) -> list[str]:
    """Schedules that do nothing any more; nothing is wrong with them otherwise."""
    return [
        f"note: the FreezeSchedule {name} has no date in the coming year: it freezes nothing. "
        "Give it new dates, or delete it."
        for name in spent(catalog, Almanac(), SystemClock().now())
    ]


def obey(command: str, words: list[str]) -> None:
    """`burnban freeze …`, `burnban unfreeze …`: the same words as in Slack; times are UTC."""
    settings = read_settings()
    understood = parse(command, " ".join(words), SystemClock().now())
    if isinstance(understood, ListFreezes | PreviewFreeze):
        with core(settings, looking=True) as built:
            _look(built, understood)
        return
    if isinstance(understood, DisputeWords):
        override_commands.obey(understood)
        return
    with core(settings) as built:
        outcome, end = _done(built, understood, directory(built), command)
    say(console, told_here(outcome.sentence, end, outcome.next))
    warn_unheard(outcome, settings)


def _look(built: Core, question: ListFreezes | PreviewFreeze) -> None:
    if isinstance(question, ListFreezes):
        print_freezes(console, built.survey.listing(question.word))
    else:
        print_preview(console, built.survey.preview(question.word))


def _done(
    built: Core, understood: Command, directory: Directory, command: str
) -> tuple[Outcome, str]:
    """What came of it, and the end that was understood."""
    user = getpass.getuser()
    actor = Actor(f"terminal:{user}", user, Door.TERMINAL)
    ask = built.ask(directory)
    match understood:
        case AskWords():
            plea = plea_of(
                built.record, built.catalog(), understood.wish, understood.word,
                understood.reason, understood.until,
            )  # fmt: skip
            outcome = ask.run(plea, actor)
            end = "" if outcome.freeze is not None else ending(plea.until)
        case EditWords():
            words = understood
            revision = Revision(words.number, words.why, words.until, words.reason_only)
            outcome = EditFreeze(ask).run(revision, actor)
            end = new_end(words, outcome)
        case _:
            raise UserError("Say what, and why.", f"burnban {command[1:]} ranker bad rollout")
    return outcome, end


@app.callback()
def freezes(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    scope: Annotated[str, typer.Option(help="A service, a team, or all.")] = "all",
) -> None:
    """All that stand: active, cooling and scheduled, with who, why and until when. Of a schedule
    the next for each scope; --json has them all."""
    if context.invoked_subcommand is not None:
        return
    with core(read_settings(), looking=True) as built:
        if as_json:
            print_json(console, built.survey.rows(scope))
        else:
            print_freezes(console, built.survey.listing(scope))


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; default: standard output.")
    ] = None,
    ics: Annotated[bool, typer.Option("--ics", help="As iCalendar (RFC 5545).")] = False,
    argocd: Annotated[
        bool, typer.Option("--argocd", help="As a JSON patch: sync windows of an AppProject.")
    ] = False,
    scope: Annotated[str, typer.Option(help="A service, a team, or all.")] = "all",
    application: Annotated[
        str, typer.Option(help="With --argocd: how a service's Application is called.")
    ] = "{service}",
    project: Annotated[
        Path | None,
        typer.Option(help="With --argocd: the AppProject as JSON; other windows of it stay."),
    ] = None,
) -> None:
    """Scheduled and active freezes for everybody's calendar, or for Argo CD."""
    if ics == argocd:
        raise UserError("Say in which format.", "burnban freezes export --ics freezes.ics")
    now_is = read_json(project) if project is not None else None
    with core(read_settings(), looking=True) as built:
        standing, now = built.survey.standing(scope), built.clock.now()
        if ics:
            text = calendar_of(standing, now)
        else:
            windows = windows_of(standing, built.catalog(), application, now)
            text = f"{json.dumps(patch_of(windows, now_is), indent=2)}\n"
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        sentence = f"{file} cannot be written: {error.strerror}."
        raise UserError(sentence, "burnban freezes export --ics freezes.ics") from error


def read_json(file: Path) -> Any:
    """What a file holds. Raises UserError."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError, RecursionError) as error:
        sentence = f"{file} cannot be read as JSON."
        raise UserError(sentence, "kubectl -n argocd get appproject search -o json") from error
