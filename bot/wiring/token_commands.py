"""`burnban token`: who may ask the gate over the network."""

import getpass
import re
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config import read_settings
from bot.decide.people import Actor, Door
from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import say
from bot.errors import UserError
from bot.flow.gate.tokens import KeepTokens
from bot.judge.dates import day, instant
from bot.wiring.core import core

app = typer.Typer(no_args_is_help=True, help="Tokens for asking the gate over HTTP.")
console = Console()
_SPAN = re.compile(r"(\d{1,4})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose it is, as ranker-ci; two live ones at most.")],
    scope: Annotated[
        list[str],
        typer.Option(
            help="gate:decide:SERVICE (or *), gate:claim:KIND, gate:break-glass:CLUSTER, read,"
            " slices:push:FEED (or SERVICE), releases:note:SERVICE."
        ),
    ],
    expires: Annotated[str, typer.Option(help="After how long, as 90d; a year at most.")] = "90d",
) -> None:
    """Make a token. It is shown once, and kept nowhere."""
    with core(read_settings(), looking=True) as built:
        keep = KeepTokens(built.record, built.clock)
        word, token = keep.create(name, scope, span_of(expires), _me())
    typer.echo(word)
    text = f"token {token.id} for {token.name}, until {instant(token.expires_at)}; it is"
    typer.echo(f"# {text} shown only now: put it where the pipeline keeps secrets.", err=True)


@app.command("list")
def list_() -> None:
    """All tokens, without what makes them tokens."""
    with core(read_settings(), looking=True) as built:
        now = built.clock.now()
        tokens = KeepTokens(built.record, built.clock).all()
    if not tokens:
        say(console, "There is no token. `burnban token create ranker-ci --scope …` makes one.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("no.", "name", "state", "until", "last used", "scopes"):
        table.add_column(title, no_wrap=title != "scopes", overflow="fold")
    for one in tokens:
        state = "live" if one.live(now) else "revoked" if one.revoked_at else "expired"
        used = instant(one.used_at) if one.used_at else "never"
        table.add_row(
            str(one.id),
            Text(plain(one.name)),
            state,
            day(one.expires_at),
            used,
            " ".join(one.rights.scopes),
        )
    console.print(table)


@app.command()
def revoke(
    number: Annotated[
        int, typer.Argument(min=1, max=2**31 - 1, help="As `burnban token list` shows it.")
    ],
) -> None:
    """Take a token back: within seconds it opens nothing."""
    with core(read_settings(), looking=True) as built:
        token = KeepTokens(built.record, built.clock).revoke(number, _me())
    say(console, f"Token {token.id} of {token.name} opens nothing any more.")


def span_of(text: str) -> timedelta:
    """`30m` is no life for a token: hours, days, weeks. Raises UserError."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise UserError(f"I do not understand `{text}` as a length of time.", "--expires 90d")
    return timedelta(hours=int(found[1]) * _HOURS[found[2]])


def _me() -> Actor:
    user = getpass.getuser()
    return Actor(f"terminal:{user}", user, Door.TERMINAL)
