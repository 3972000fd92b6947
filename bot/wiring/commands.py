"""The verbs of `burnban`."""

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import record
from bot.config import public_url, read_settings
from bot.decide.catalog import Catalog
from bot.decide.policy import DEFAULT
from bot.entrypoints.manifest import manifest_text
from bot.entrypoints.terminal import counted, print_json, say
from bot.entrypoints.terminal_status import print_details, print_status
from bot.errors import UserError
from bot.wiring import (
    budget_commands,
    freeze_commands,
    gate_commands,
    template_commands,
    token_commands,
)
from bot.wiring.core import core
from bot.wiring.history_commands import app as history
from bot.wiring.init_command import init
from bot.wiring.logs import configure_logs
from bot.wiring.model_commands import canary, tasks
from bot.wiring.once import cycle
from bot.wiring.override_commands import override
from bot.wiring.policy_commands import app as policy
from bot.wiring.preflight import ready
from bot.wiring.progress import Bar
from bot.wiring.push_command import push
from bot.wiring.release_commands import released, releases
from bot.wiring.specs import load_specs, ownerless
from bot.wiring.tradeoff_command import FREE, tradeoff
from bot.wiring.verb_help import FreezeCommand
from bot.wiring.version import shown

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Error budgets, freezes and decisions for teams that release models all day.",
    epilog="Begin with `burnban demo`: it needs no account. Settings: .env.example.",
)
app.add_typer(history, name="history")
app.add_typer(policy, name="policy")
app.add_typer(freeze_commands.app, name="freezes")
app.add_typer(token_commands.app, name="token")
app.add_typer(template_commands.app, name="template")
app.command()(init)
app.command()(gate_commands.gate)
app.command()(push)
console = Console()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
WordArgument = Annotated[str, typer.Argument(help="A service, a team, or all.")]

FolderArgument = Annotated[
    Path | None, typer.Argument(help="Folder or file; default: BURNBAN_SPECS.")
]
OnceFlag = Annotated[bool, typer.Option("--once", help="One cycle, then stop (the only way).")]


_MANIFEST = "burnban manifest --url https://burnban.example.org"


@app.callback()
def _setup(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=shown, help="Which Burnban this is."),
    ] = False,
) -> None:
    del version  # whoever asked for it has been answered
    configure_logs(logging.INFO if verbose else logging.WARNING)


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the page; 0 takes a free one.")
    ] = 8700,
    reset: Annotated[bool, typer.Option("--reset", help="Start the replayed day over.")] = False,
    speed: Annotated[
        float, typer.Option(min=1, max=600, help="How many times as fast as real time.")
    ] = 60,
) -> None:
    """Run a replayed day of three models in the browser. No account, no server, no key; the day is
    kept in .burnban-demo, and goes on at the next start."""
    from bot.wiring.demo import run_demo

    run_demo(port, speed, reset=reset, say=lambda text: console.print(text, highlight=False))


@app.command()
def run() -> None:
    """Poll, warn, and answer Slack: one process."""
    from bot.wiring import run as running

    configure_logs(logging.INFO)
    running.run(ready(slack=True, sources=True), web=True, work=True)


@app.command()
def web() -> None:
    """Only answer Slack. Any number of these, with workers beside, on Postgres."""
    from bot.wiring import run as running

    configure_logs(logging.INFO)
    running.run(ready(slack=True, sources=False), web=True, work=False)


@app.command()
def worker() -> None:
    """Only poll, warn and deliver. Any number of these on Postgres."""
    from bot.wiring import run as running

    configure_logs(logging.INFO)
    running.run(ready(slack=True, sources=True), web=False, work=True)


@app.command()
def migrate() -> None:
    """Bring the database to the present schema. On Postgres, run by the owner of the tables, it
    also gives the role of BURNBAN_DATABASE_ROLE the rights that it needs."""
    settings = read_settings()
    record.migrate(settings.database_url.get_secret_value(), settings.database_role)
    console.print("The database is at the present schema.")


@app.command()
def check(folder: FolderArgument = None) -> None:
    """Validate spec files. Every fault is told at once; exit code 2 if there is one."""
    catalog = load_specs(folder or read_settings().specs)
    services = len({o.service for o in catalog.objectives})
    say(
        console,
        f"ok: {counted(len(catalog.objectives), 'objective')} of {counted(services, 'service')}, "
        f"{counted(len(catalog.teams), 'team')}, {policies_of(catalog)}, "
        f"{counted(len(catalog.sources), 'source')}{freeze_commands.schedules_of(catalog)}",
    )
    for line in freeze_commands.notes_on(catalog):
        say(console, line)
    for name in ownerless(catalog):
        text = f"note: no Team owns {name}: its warnings go to BURNBAN_OPS_CHANNEL, and nobody may"
        say(console, f"{text} approve anything about it. List it in the `services` of a Team.")


def policies_of(catalog: Catalog) -> str:
    """How many policies of whom: the built-in default is in force where none of theirs is."""
    own = sum(one.version != DEFAULT.version for one in catalog.policies.values())
    if own == len(catalog.policies):
        return counted(own, "policy")
    return f"{counted(own, 'policy')} of yours and the built-in default"


@app.command()
def poll(once: OnceFlag = True) -> None:
    """Do one whole cycle, and wait for it. Measure (back-fill included), judge, decide, record,
    tell; exit code 1 if a source gave no answer."""
    del once
    settings = ready(slack=False, sources=True)
    with core(settings) as built, Bar() as bar:
        done = cycle(built, bar)
    for line in done.lines():
        say(console, line)
    if not done.sound:
        raise typer.Exit(1)


@app.command()
def status(word: WordArgument = "all", json: JsonFlag = False) -> None:
    """Budgets as a table, worst first.

    First exhausted ones, then burning, unknown and healthy, and among them by what is left.
    Left: share of the error budget. Burn: 1 spends exactly the budget in its window."""
    with core(read_settings(), looking=True) as built:
        rows = built.answer.rows(built.catalog().scope(word))
        (print_json if json else print_status)(console, rows)


@app.command()
def show(service: Annotated[str, typer.Argument(help="A service.")]) -> None:
    """One service with all its windows."""
    with core(read_settings(), looking=True) as built:
        print_details(console, built.answer.show(service))


@app.command(cls=FreezeCommand, context_settings={"ignore_unknown_options": True})
def freeze(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SCOPE [for 2h | until fri 17:00] REASON | list | preview … | edit … "
            "| dispute …",
            help="As in: burnban freeze ranker for 2h version 38 looks wrong; or: list, "
            "preview ranker, edit 12 until fri 17:00 the fix takes longer, dispute 12 it was the "
            "network",
        ),
    ],
) -> None:
    """Stop releases, at once. The same words as /freeze in Slack; times are UTC. Each of list,
    preview, edit and dispute has help of its own: burnban freeze edit --help"""
    freeze_commands.obey("/freeze", words)


@app.command(context_settings={"ignore_unknown_options": True})
def unfreeze(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SCOPE|NUMBER REASON",
            help="As in: burnban unfreeze ranker version 38 is rolled back",
        ),
    ],
) -> None:
    """Ask for a freeze to be lifted. The same words as /unfreeze in Slack."""
    freeze_commands.obey("/unfreeze", words)


app.command(context_settings={"ignore_unknown_options": True})(override)
app.command()(releases)
app.command()(canary)
app.command()(tasks)
app.command()(released)
app.command(context_settings=FREE)(tradeoff)


app.command(context_settings={"ignore_unknown_options": True})(budget_commands.adjust)
app.command()(budget_commands.adjustments)
app.command()(budget_commands.report)


@app.command()
def manifest(
    url: Annotated[str, typer.Option(help="Public URL for HTTP; without it: Socket Mode.")] = "",
) -> None:
    """Print the Slack app manifest to paste."""
    try:
        found = public_url(url) or read_settings().public_url
    except ValueError as error:
        raise UserError(f"--url {error}.", _MANIFEST) from None
    typer.echo(manifest_text(found), nl=False)


@app.command()
def doctor() -> None:
    """Check everything that can be wrong. Says what to do; exit code 1 if something is."""
    from bot.wiring.doctor import examine

    sound = True
    for line in examine():
        sound = sound and line.ok
        good = "[yellow]TIP[/] " if line.better else "[green]ok[/]  "
        mark = good if line.ok else "[red]FIX[/] "
        console.print(f"{mark} ", end="", highlight=False)
        say(console, f"{line.subject}: {line.text}")
    if not sound:
        raise typer.Exit(1)
