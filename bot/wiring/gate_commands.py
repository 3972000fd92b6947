"""`burnban gate`: a pipeline asks whether its release may go."""

import getpass
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from bot.clock import SystemClock
from bot.config import Settings, read_settings, runner_identity
from bot.decide.caller import ALL, Caller, Rights
from bot.decide.change import ChangeKind
from bot.decide.people import Actor, Door
from bot.decide.policy import Mode
from bot.entrypoints.api.said import said
from bot.entrypoints.api.shapes import QuestionIn
from bot.entrypoints.api.wording import in_words
from bot.entrypoints.plain import plain
from bot.errors import BurnbanError, FaultyError, RecordError, Undecidable, UserError
from bot.remote.ask import AskGate, Gatekeeper, Result
from bot.remote.client import Away, Facts, Remote, TurnedAway
from bot.remote.identity import run_identity
from bot.remote.lease import Lease
from bot.wiring.core import Core, core

_SPAN = re.compile(r"(\d{1,5})(s|m|h)")
_NO_ADDRESS = (
    "burnban: BURNBAN_URL is not set, so this machine itself was to answer. In a pipeline, set it:"
    " BURNBAN_URL=https://burnban.example.com"
)
_SECONDS = {"s": 1, "m": 60, "h": 3_600}


def gate(
    service: Annotated[str, typer.Option(help="What is released.")],
    version: Annotated[str, typer.Option(help="Its version.")] = "",
    commit: Annotated[str, typer.Option(help="Of the code: all 40 letters and figures.")] = "",
    digest: Annotated[str, typer.Option(help="Of the image: sha256:…")] = "",
    kind: Annotated[ChangeKind, typer.Option(help="What it is for.")] = ChangeKind.OTHER,
    ticket: Annotated[str, typer.Option(help="As ML-12.")] = "",
    environment: Annotated[str, typer.Option(help="Where to; to be checked, if given.")] = "",
    run: Annotated[str, typer.Option(help="The run that asks, as github:123:1.")] = "",
    actor: Annotated[str, typer.Option(help="Who releases, as github:ada.")] = "",
    wait: Annotated[str, typer.Option(help="Go on asking for so long, as 30m.")] = "0s",
    url: Annotated[str, typer.Option(help="Of Burnban; default: BURNBAN_URL.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer for programs.")] = False,
) -> None:
    """May this release go now?

    Exit codes: 0 it may, 10 frozen, 11 it has to wait, 12 no fresh data, 13 not authorised, 20
    nobody answers, 2 wrong words. Asks BURNBAN_URL with BURNBAN_TOKEN; without an address, the
    database of this machine."""
    settings = read_settings()
    seconds = _seconds(wait)
    question = _question(
        {"service": service, "model_version": version, "environment": environment},
        {"kind": str(kind), "commit": commit.lower(), "digest": digest, "ticket": ticket},
        actor,
        run,
    )
    address = url or settings.gate_url
    asked = _remote if address else _here
    result = asked(settings, address, question, seconds)
    if as_json:
        typer.echo(json.dumps({"exit": int(result.code), **result.facts}))
    meanwhile(result.lines)
    raise typer.Exit(int(result.code))


def _remote(settings: Settings, url: str, question: dict[str, Any], wait: float) -> Result:
    token = token_of(settings)
    lease = Lease(settings.gate_cache.expanduser(), url, token)
    with Remote(url, token, renew=renewal(settings)) as remote:
        clock = SystemClock()
        result = AskGate(remote, clock.now, pause, lease, meanwhile).run(question, wait)
        if result.passed:
            _owe(lease, question, result, clock.now().isoformat())
        elif result.facts:
            tidy(remote, lease, str(result.facts["service"]))
    return result


def _owe(lease: Lease, question: Mapping[str, Any], result: Result, at: str) -> None:
    why = result.lines[-1][:200]
    if not lease.owe({**question, "passed_at": at, "why": plain(why)}):
        result.lines.append("It could not be noted either: tell the operators of Burnban.")


def tidy(remote: Remote, lease: Lease, service: str) -> None:
    """While somebody answers: keep how the service stands, and report what went without."""
    try:
        lease.keep(service, remote.status(service))
        for one in lease.owed():
            if _reported(remote, one.passage):
                lease.paid(one)
    except (Away, TurnedAway):
        return  # the next run does it


def _reported(remote: Remote, passage: Mapping[str, Any]) -> bool:
    """Whether it need not be kept: it was taken, or never will be. One of a service of which only
    others may speak is left to them."""
    try:
        remote.report(passage)
    except TurnedAway as error:
        return error.status in (400, 404, 409, 413, 422)
    return True


PATIENCE = 30.0
"""Seconds that whoever asks at the machine itself waits for its database: nobody waits behind them,
and no API server gives the answer up before."""


class _Here:
    """The gate of this machine's own database."""

    def __init__(self, built: Core) -> None:
        self._core, self._gate = built, built.gate
        built.gate.decide.patience = PATIENCE
        user = getpass.getuser()
        rights = Rights.of([f"gate:decide:{ALL}", f"gate:claim:{ALL}"])
        self._caller = Caller(Actor(f"terminal:{user}", user, Door.TERMINAL), rights)

    def decide(self, question: Mapping[str, Any], once: str = "", /) -> Facts:
        """See Gatekeeper."""
        asking = QuestionIn.model_validate(question).asking(once)
        catalog = self._core.catalog()
        try:
            catalog.scope(f"service:{asking.change.service}")
        except UserError as error:
            # Under a policy that only monitors it goes, as over the network, with a warning.
            if catalog.otherwise.mode is not Mode.MONITOR:
                typed = f"burnban gate --service {error.example}"
                raise TurnedAway(404, error.sentence, typed) from error
        try:
            found = self._gate.decide.run(asking, self._caller)
            return said(found, asking.change, catalog, self._gate.links.url)
        except UserError as error:
            raise TurnedAway(409, error.sentence, error.example) from error
        except (Undecidable, RecordError) as error:
            raise Away(str(error)) from error


class _Nobody:
    """A database that cannot even be opened."""

    def __init__(self, error: BurnbanError) -> None:
        self._error = error

    def decide(self, _question: Mapping[str, Any], _once: str = "", /) -> Facts:
        """See Gatekeeper."""
        raise Away(str(self._error))


def _here(settings: Settings, _: str, question: dict[str, Any], wait: float) -> Result:
    with _keeper(settings) as keeper:
        return AskGate(keeper, SystemClock().now, pause, tell=meanwhile).run(question, wait)


@contextmanager
def _keeper(settings: Settings) -> Iterator[Gatekeeper]:
    opened = core(settings, looking=True)
    try:
        built = opened.__enter__()
    except FaultyError:
        typer.echo(_NO_ADDRESS, err=True)
        raise
    except RecordError as error:
        yield _Nobody(error)
        return
    try:
        yield _Here(built)
    finally:
        opened.__exit__(None, None, None)


def _question(
    subject: dict[str, str], change: dict[str, str], actor: str, run: str
) -> dict[str, Any]:
    """As the API takes it, checked before it leaves. Raises UserError."""
    question: dict[str, Any] = {"subject": _given(subject), "change": _given(change)}
    if actor:
        question["actor"] = {"id": actor, "type": "ci"}
    if run:
        question["run"] = _run(run)
    try:
        QuestionIn.model_validate(question)
    except ValidationError as error:
        first = error.errors()[0]
        name = {"model_version": "version"}.get(str(first["loc"][-1]), str(first["loc"][-1]))
        sentence = f"--{name} {in_words(first)}."
        raise UserError(sentence, "burnban gate --service ranker --version 38") from None
    return question


def _given(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _run(text: str) -> dict[str, Any]:
    system, _, rest = text.partition(":")
    name, _, attempt = rest.rpartition(":")
    if not (name and attempt.isdecimal()):
        name, attempt = rest, "1"
    if not (system and name):
        raise UserError(f"`{text}` names no run.", "--run github:123456:1")
    return {"system": system, "id": name, "attempt": int(attempt)}


def _seconds(text: str) -> float:
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise UserError(f"I do not understand `{text}` as a length of time.", "--wait 30m")
    return int(found[1]) * _SECONDS[found[2]]


def token_of(settings: Settings) -> str:
    """Ours; else the identity of the run, where the runner gives one."""
    if settings.gate_token is not None:
        return settings.gate_token.get_secret_value().strip()
    runner = runner_identity()
    return run_identity(*runner, settings.gate_audience) if runner is not None else ""


def renewal(settings: Settings) -> Callable[[], str] | None:
    """An identity lives for minutes, a pipeline may wait for hours."""
    runner = runner_identity()
    if settings.gate_token is not None or runner is None:
        return None
    return lambda: run_identity(*runner, settings.gate_audience)


def meanwhile(lines: Sequence[str]) -> None:
    """To whoever reads the log, at once."""
    for line in lines:
        typer.echo(f"burnban: {plain(line)}", err=True)


def pause(seconds: float) -> None:
    threading.Event().wait(seconds)
