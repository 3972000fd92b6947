"""`burnban override`: the words of /override, and its lists."""

import getpass
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.clock import SystemClock
from bot.config import read_settings
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_override import (
    EXAMPLE,
    Asking,
    Looking,
    OverridesOf,
)
from bot.entrypoints.terminal import print_json, say
from bot.entrypoints.typed import told_here
from bot.errors import UserError
from bot.flow.override.listing import ListOverrides
from bot.judge.dates import instant
from bot.wiring.core import Core, core
from bot.wiring.deciders import directory
from bot.wiring.deciding import override_flows
from bot.wiring.unheard import warn_unheard

console = Console()
errors = Console(stderr=True)

_NEWEST = 200
"""Overrides in one list."""


def override(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SERVICE RELEASE [KIND] [TICKET] REASON",
            help="As in: burnban override ranker 38 bug-fix ML-12 version 37 loses clicks",
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print a list as JSON.")] = False,
) -> None:
    """Ask to let one release through a freeze. The same words as /override in Slack: list, reviews,
    cancel, revoke, review and break-glass too."""
    understood = parse("/override", " ".join(words), SystemClock().now())
    if isinstance(understood, Looking):
        with core(read_settings(), looking=True) as built:
            _look(built, understood, json=json)
    elif isinstance(understood, Asking):
        obey(understood)
    else:
        raise UserError("Say which release of which service, and why.", f"burnban {EXAMPLE[1:]}")


def obey(words: Asking | DisputeWords) -> None:
    """Do what the words say, as whoever holds this shell."""
    settings = read_settings()
    with core(settings) as built:
        user = getpass.getuser()
        actor = Actor(f"terminal:{user}", user, Door.TERMINAL)
        outcome = override_flows(built, directory(built)).obey(words, actor)
        say(console, told_here(outcome.sentence, outcome.next))
        warn_unheard(outcome, settings)


def _look(built: Core, question: Looking, *, json: bool) -> None:
    listing = ListOverrides(built.record, built.clock, built.catalog)
    if isinstance(question, OverridesOf):
        facts, show = listing.overrides(question.word, limit=_NEWEST), _print_overrides
    else:
        facts, show = listing.reviews(limit=None), _print_reviews
    if json:
        print_json(console, facts["rows"])
    else:
        show(facts["rows"])
    if facts.get("more"):
        say(errors, f"These are the newest {_NEWEST}; `burnban history` has all that were asked.")


def _print_overrides(rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        say(console, "There are no overrides yet.")
    for row in rows:
        marks = [name for name in ("emergency", "exempt") if row[name]]
        until = row["use_by"] if row["state"] == "approved" else row["expires"]
        clock = f" until {_at(until)}" if row["state"] in ("pending", "approved") else ""
        head = " ".join([f"{row['request']:>5}", row["service"], row["release"], row["state"]])
        say(console, f"{head}{clock} {' '.join([row['kind'], row['ticket'], *marks]).strip()}")
        say(console, f"      {row['requester_name']}: {row['reason']}")


def _print_reviews(rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        say(console, "Nothing waits for a review.")
    for row in rows:
        due = f"{'OVERDUE since' if row['overdue'] else 'due'} {_at(row['due'])}"
        head = " ".join([f"{row['request']:>5}", row["service"], row["release"], due])
        say(console, f"{head}, by {row['owner']}")
        say(console, f"      {row['incident']}, {row['requester_name']}: {row['reason']}")


def _at(epoch: int) -> str:
    return instant(epoch)
