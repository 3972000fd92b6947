"""The verbs of `burnban history`."""

import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from bot.clock import SystemClock
from bot.config import Settings, read_settings
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar_history import history as understand
from bot.entrypoints.past import past
from bot.entrypoints.terminal import counted, print_history, print_json, say
from bot.errors import UserError
from bot.flow.history.export import Export
from bot.notify.checkup import Check
from bot.notify.outside import anchors_in
from bot.record.seals import KeyedSeals, new_key
from bot.wiring.anchor import known_anchors, seals
from bot.wiring.chain import check_chain
from bot.wiring.core import core
from bot.wiring.exporting import asked_to_file, to_stream
from bot.wiring.pruning import Pruning
from bot.wiring.shelved import check_export


class _ReadsByDefault(TyperGroup):
    """`burnban history ranker since 7d` reads; a verb comes first: `burnban history verify`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See click.Group."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["read", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_ReadsByDefault, help="Who decided what, and proof that it still says so.")
console = Console()

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SCOPE] [kind …] [by …] [since …] [until …] [before N]",
        help="As in: burnban history ranker kind frozen by mira since 7d",
    ),
]
Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", help="A public key whose signatures count, beside those of the settings."
    ),
]


@app.command()
def read(
    words: Words = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Rows at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    proof: Annotated[bool, typer.Option("--verify", help="The same as `history verify`.")] = False,
) -> None:
    """Who decided what, newest first (this is what `burnban history` does by itself)."""
    if proof:
        _verify(read_settings(), None, [])
        return
    asked = understand(words or [], SystemClock().now()).question
    with core(read_settings(), looking=True) as built:
        page = built.browse.page(asked, limit)
    if as_json:
        print_json(console, page["rows"])
        return
    print_history(console, page["rows"])
    if page["next_before"] is not None:
        say(console, f"older: burnban history {page['query']} before {page['next_before']}")


@app.command()
def verify(
    anchor: Annotated[
        Path | None, typer.Option(help="A file with anchors that were left outside.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="Look at an exported file instead, with its manifest.")
    ] = None,
    key: Keys = None,
) -> None:
    """Compute every hash anew and compare with the anchors. Names the first bad row, a gap or a cut
    tail; exit code 1 if there is one."""
    if export is None:
        _verify(read_settings(), anchor, key or [])
    else:
        _conclude(check_export(export, _seals(read_settings(), key or [])))


class Form(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


@app.command()
def export(
    words: Words = None,
    form: Annotated[Form, typer.Option("--format", help="A sheet, or lines of JSON.")] = Form.JSONL,
    since: Annotated[str, typer.Option(help="As in 90d, yesterday, 2026-01-01.")] = "",
    until: Annotated[str, typer.Option(help="The same; what is later stays out.")] = "",
    out: Annotated[Path | None, typer.Option(help="A new file; without it: the output.")] = None,
) -> None:
    """Decisions for auditors, oldest first, with a manifest: beside the file, or on the error
    output. The same words as `burnban history` say which."""
    now = SystemClock().now()
    asked = understand(words or [], now).question
    asked = replace(
        asked,
        since=_at(since, now) if since else asked.since,
        until=_at(until, now) if until else asked.until,
    )
    settings = read_settings()
    with core(settings, looking=True) as built:
        flow, known = Export(built.record, built.catalog), seals(settings)
        if out is not None:
            gone = asked_to_file(out, form, flow, asked, known, built.clock)
            say(console, f"{counted(gone.count, 'decision')} in {out}")
            return
        said = to_stream(sys.stdout.buffer, form, flow, asked, known, built.clock)
    typer.echo(json.dumps(said), err=True)


@app.command()
def prune(
    before: Annotated[str, typer.Option(help="As in 2025-01-01 or 2y: what is older moves out.")],
    out: Annotated[Path, typer.Option(help="A new file that takes the decisions.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Move old decisions out of the database into a file, under a sealed checkpoint that lets the
    rest be proven. Never done by itself."""
    settings = read_settings()
    with core(settings) as built:
        pruning = Pruning(built, seals(settings), known_anchors(settings))
        plan = pruning.plan(_at(before, built.clock.now()))
        if plan is None:
            say(console, f"Nothing is older than {before}; nothing was moved out.")
            return
        what = f"Decisions {plan.first} to {plan.last[0]} move out of the database into {out}."
        say(console, what)
        if not (yes or typer.confirm("Go on?")):
            raise typer.Exit(1)
        user = getpass.getuser()
        done = pruning.run(plan, out, Actor(f"terminal:{user}", user, Door.TERMINAL))
    say(console, f"{counted(done, 'decision')} moved out. Keep {out} and its manifest safe.")


@app.command()
def key() -> None:
    """Make a key that signs anchors, checkpoints and exports. It is shown once, kept nowhere."""
    private, public = new_key()
    typer.echo(f"BURNBAN_ANCHOR_KEY={private}")
    typer.echo(
        "# The line above is secret: put it where Burnban gets its settings, and nowhere near the\n"
        "# database. The line below is not: give it to whoever verifies the history.\n"
        f"# public key: {public}"
    )


def _at(words: str, now: datetime) -> datetime:
    said = words.split()
    at, size = past(said, now, "UTC")
    if size < len(said):
        raise UserError(f"I do not understand the time `{words}`.", "2026-01-01, 90d, yesterday")
    return at


def _verify(settings: Settings, anchor: Path | None, keys: Sequence[str]) -> None:
    _seals(settings, keys)
    anchors = known_anchors(settings) if anchor is None else anchors_in(anchor)
    _conclude(check_chain(settings, anchors, keys))


def _seals(settings: Settings, keys: Sequence[str]) -> KeyedSeals:
    try:
        return seals(settings, keys)
    except ValueError:
        raise UserError(
            "A key is 64 hexadecimal digits: `burnban history key` makes one."
        ) from None


def _conclude(check: Check) -> None:
    say(console, check.text)
    if not check.ok:
        raise typer.Exit(1)
