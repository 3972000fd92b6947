"""`burnban demo`: all in one process, on a replayed day, with a playground in the browser."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from slack_bolt import App

from bot import clock as clocks
from bot.clock import FastClock, SystemClock
from bot.config import Settings, templates_folder
from bot.entrypoints.api.app import build_api
from bot.entrypoints.http import build_http
from bot.entrypoints.slack_commands import COMMANDS
from bot.errors import UserError
from bot.playground import seed
from bot.playground.fleet import day, story
from bot.playground.fleet.happenings import LENGTH
from bot.playground.model import Command
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.wiring import demo_api, demo_day
from bot.wiring.chat import bolt, chat
from bot.wiring.core import core
from bot.wiring.demo_replay import Replay, beside, looks
from bot.wiring.demo_told import Telling
from bot.wiring.progress import Bar
from bot.wiring.run import ticking

FOLDER = Path(".burnban-demo")
"""In the working folder: the demo's specs, counts and database."""


def run_demo(
    port: int,
    speed: float,
    *,
    reset: bool,
    say: Callable[[str], None],
    stop: threading.Event | None = None,
    folder: Path = FOLDER,
) -> None:
    """Run until Ctrl-C or SIGTERM, or until `stop` is set. Raises UserError if the port or the
    folder cannot be taken."""
    stop = stop or threading.Event()
    with ExitStack() as stack:
        stack.enter_context(_ended_by_signals(stop))
        space = seed.workspace(clocks.seconds, commands=_commands())
        stack.enter_context(demo_day.held(folder))
        playground = stack.enter_context(_page(space, port))
        start, position = demo_day.where_we_were(folder, SystemClock().now(), reset=reset)
        stack.enter_context(demo_day.announced(folder, playground.url))
        stack.enter_context(demo_day.kept(space, folder))
        say("A replayed day of a small model fleet. Reading four weeks of its history …")
        day.lay_out(folder, start)
        end = start + timedelta(minutes=LENGTH)
        replay = Replay(start, end, speed, FastClock(position, speed, end))
        space.stamps.follow(lambda: replay.clock.now().timestamp())
        wait = "One moment: four weeks of history are being read."
        space.set_banner(wait, position.timestamp())
        settings = _settings(folder, space, playground.api_url)
        built = stack.enter_context(core(settings, replay.clock))
        stack.callback(lambda: demo_day.remember(folder, start, replay.clock.now()))
        telling = Telling(built, start, replay.told(position))
        telling.run()
        with Bar() as bar:
            built.poll(bar)
        parts = chat(built)
        playground.request_url = stack.enter_context(
            _listening(bolt(built, parts), space.keys.signing)
        )
        playground.app.mount("/v1", build_api(built.gate.api))
        word = demo_api.token(built, folder)
        replay.clock.begin()
        stack.enter_context(ticking(built, parts, work=True, web=True))
        stack.enter_context(beside(looks(space, replay, folder, telling)))
        for line in (
            f"Open {playground.url}",
            story.length(position, start, speed),
            "Ctrl-C ends it, the same command goes on; with --reset the day starts over.",
            "",
            *demo_api.lines(playground.url, word, folder),
        ):
            say(line)
        stop.wait()
        say("\nEnded. The same command goes on where the day was left.")


@contextmanager
def _ended_by_signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C ends it in good order, whatever it is at."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _page(space: Workspace, port: int) -> PlaygroundServer:
    try:
        return PlaygroundServer(space, templates_folder(), port=port)
    except OSError as error:
        problem = (
            f"Port {port} cannot be taken: {error.strerror}. Is that a demo in another folder?"
        )
        raise UserError(problem, "burnban demo --port 0") from error


def _settings(folder: Path, space: Workspace, api_url: str) -> Settings:
    """As the environment would give them; the bot cannot tell the playground from Slack."""
    return Settings.model_construct(
        specs=folder / day.SPECS,
        database_url=SecretStr(demo_day.database(folder)),
        slack_bot_token=SecretStr(space.keys.bot),
        slack_signing_secret=SecretStr(space.keys.signing),
        slack_app_token=None,
        slack_api_url=api_url,
        ops_channel=f"#{seed.OPS_CHANNEL.name}",
        templates=None,
        public_url="",
        port=0,
    )


def _commands() -> list[Command]:
    return [Command(c.name, c.summary, c.usage) for c in COMMANDS]


@contextmanager
def _listening(app: App, secret: str) -> Iterator[str]:
    """Take Slack's requests on a free port; the URL for them."""
    config = uvicorn.Config(
        build_http(lambda: app, secret, dict),
        host="127.0.0.1",
        port=0,
        log_level="warning",
        log_config=None,
        access_log=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="demo http", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        server.should_exit = True
        thread.join(5)
