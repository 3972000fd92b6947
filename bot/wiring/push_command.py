"""`burnban push`: a notebook or a job says what it has counted."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.config import read_settings
from bot.decide.away import Exit
from bot.entrypoints.plain import plain
from bot.errors import UserError
from bot.remote.client import Away, Remote, TurnedAway
from bot.remote.push import Line, PushAll, Pushed, looks_like_csv, read_lines
from bot.wiring.gate_commands import pause, renewal, token_of

REFUSED = 21
"""Exit code: at least one row was not taken."""
_WITHIN = 60.0
"""Seconds for one batch."""
_SHOWN = 50


def push(
    file: Annotated[str, typer.Argument(help="JSON lines, or CSV; - reads standard input.")],
    feed: Annotated[str, typer.Option(help="As the SLOs name it.")],
    atomic: Annotated[
        bool, typer.Option("--atomic", help="All rows or none; else the sound ones are taken.")
    ] = False,
    url: Annotated[str, typer.Option(help="Of Burnban; default: BURNBAN_URL.")] = "",
) -> None:
    """Push counts, labels or scores of a feed.

    Rows have start and end (with a zone), version, and tp fp fn tn (positives negatives) | eligible
    bad | value n (low high tool metric threshold). Pushing the same again changes nothing. Exit
    codes: 0 all taken, 21 some rows refused, 13 not authorised, 20 nobody answers, 2 wrong words.
    Asks BURNBAN_URL with BURNBAN_TOKEN, as `burnban gate` does."""
    settings = read_settings()
    address = url or settings.gate_url
    if not address:
        raise UserError(
            "Where is Burnban? There is no address to push to.", "BURNBAN_URL=https://…"
        )
    lines = _lines(file)
    if not lines:
        typer.echo("burnban: there are no rows: nothing was pushed.", err=True)
        raise typer.Exit(Exit.GOES)
    with Remote(address, token_of(settings), _WITHIN, renewal(settings)) as remote:
        try:
            done = PushAll(remote, pause).run(feed, lines, atomic=atomic)
        except TurnedAway as error:
            raise typer.Exit(_turned_away(error, lines)) from None
        except Away as error:
            typer.echo(f"burnban: {plain(str(error))}", err=True)
            typer.echo("burnban: push the same file again later: nothing counts twice.", err=True)
            raise typer.Exit(Exit.UNREACHABLE) from None
    raise typer.Exit(_told(feed, done))


def _lines(file: str) -> list[Line]:
    with _opened(file) as text:
        first = text.readline()
        return read_lines(_all(first, text), as_csv=looks_like_csv(file, first))


def _all(first: str, text: TextIO) -> Iterator[str]:
    yield first
    yield from text


@contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    try:
        if file == "-":  # not by the locale's encoding
            yield TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
            return
        with Path(file).open(encoding="utf-8-sig", newline="") as text:
            yield text
    except OSError as error:
        sentence = f"{file} cannot be read: {error.strerror or error}."
        raise UserError(sentence, "burnban push labels.csv --feed ranker-labels") from None
    except UnicodeDecodeError:
        what = "Standard input" if file == "-" else file
        raise UserError(f"{what} is no text in UTF-8.", "save it as UTF-8") from None


def _told(feed: str, done: Pushed) -> int:
    rows = len({line for line, _, _ in done.refused})
    typer.echo(f"{feed}: {done.taken:,} taken, {done.changed:,} of them new; {rows:,} refused")
    for line, field, rule in done.refused[:_SHOWN]:
        typer.echo(f"burnban: line {line}: {plain(field)} {plain(rule)}", err=True)
    if len(done.refused) > _SHOWN:
        typer.echo(f"burnban: and {len(done.refused) - _SHOWN:,} more", err=True)
    return REFUSED if done.refused else Exit.GOES


def _turned_away(error: TurnedAway, lines: list[Line]) -> int:
    typer.echo(f"burnban: {plain(str(error))}", err=True)
    for place, rule in error.fields:
        typer.echo(f"burnban: {plain(_line(place, lines))} {plain(rule)}", err=True)
    if error.remedy:
        typer.echo(f"burnban: Try: {plain(error.remedy)}", err=True)
    if error.status in (401, 403):
        return Exit.NOT_AUTHORISED
    return REFUSED if error.fields else Exit.USAGE


def _line(place: str, lines: list[Line]) -> str:
    """`slices[3].tp` as the line of the file and the field."""
    head, _, field = place.partition("].")
    index = head.removeprefix("slices[")
    if field and index.isdecimal() and int(index) < len(lines):
        return f"line {lines[int(index)][0]}: {field}"
    return place
