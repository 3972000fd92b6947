"""`burnban template`: indicators by name, and what each stands for."""

from typing import Annotated

import typer
from rich.console import Console

from bot.entrypoints.terminal import say
from bot.errors import UserError
from bot.spec.printed import SHOW, fill, find, parameters, summary
from bot.spec.shipped import servers

app = typer.Typer(no_args_is_help=True, help="Indicators by name, for nine model servers.")
console = Console()


@app.command("list")
def listed() -> None:
    """Every template, by server. Those that a server cannot give say so."""
    for server in servers():
        say(console, server.title)
        for one in server.templates:
            say(console, f"  {one.name:<36} {summary(one)}")
    say(console, "One of them, with its trap: burnban template show triton/availability")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="As in triton/availability.")],
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="As in model=ranker.")
    ] = None,
) -> None:
    """What a template stands for, its parameters and its trap."""
    template = find(name)
    given = dict(map(_pair, settings or ()))
    say(console, f"{template.name}: {template.title}, {summary(template)}")
    if template.form == "refused":
        for text in (template.refused, template.instead, f"Mind: {template.trap}"):
            say(console, text)
        return
    text = fill(template, given)
    say(console, f"Mind: {template.trap}")
    say(console, f"Source: {template.source}")
    for parameter, meaning in parameters(template):
        say(console, f"  {parameter:<12} {meaning}")
    say(console, "It stands for:")
    for line in text.splitlines():
        say(console, f"  {line}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError("--set takes NAME=VALUE.", SHOW)
    return name, value
