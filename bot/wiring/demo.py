"""`burnban demo`: all in one process, on a replayed day, with a playground in the browser."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from slack_bolt import App

from bot import clock as clocks
from bot.clock import FastClock, SystemClock
from bot.config import Settings, templates_folder
from bot.entrypoints.http import build_http
from bot.entrypoints.scheduler import Tick, Ticker
from bot.entrypoints.slack_commands import COMMANDS
from bot.playground.fleet import day, people, story
from bot.playground.fleet.happenings import LENGTH
from bot.playground.model import Command
from bot.playground.seed import OPS_CHANNEL
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.wiring.chat import bolt, chat
from bot.wiring.core import core
from bot.wiring.run import ticking

FOLDER = Path(".burnban-demo")
"""In the working folder: the demo's specs, counts and database."""
_MARK = "day.json"


def run_demo(
    port: int,
    speed: float,
    *,
    reset: bool,
    say: Callable[[str], None],
    stop: threading.Event | None = None,
    folder: Path = FOLDER,
) -> None:
    """Run until Ctrl-C, or until `stop` is set."""
    stop = stop or threading.Event()
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    start, position = _where_we_were(folder, SystemClock().now())
    with ExitStack() as stack:
        space = people.workspace(clocks.seconds, _commands())
        playground = stack.enter_context(PlaygroundServer(space, templates_folder(), port=port))
        space.set_banner("One moment: four weeks of history are being read.")
        say(f"Open {playground.url}")
        say("A replayed day of a small model fleet. Ctrl-C ends it; --reset starts it over.")
        day.lay_out(folder, start)
        clock = FastClock(position, speed, start + timedelta(minutes=LENGTH))
        settings = _settings(folder, space, playground.api_url)
        built = stack.enter_context(core(settings, clock))
        stack.callback(_remember, folder, start, clock)
        built.poll()
        clock.begin()
        parts = chat(built)
        playground.request_url = stack.enter_context(
            _listening(bolt(built, parts), space.keys.signing)
        )
        stack.enter_context(ticking(built, parts, work=True))
        stack.enter_context(_telling(space, clock, start, speed))
        try:
            stop.wait()
        except KeyboardInterrupt:
            say("\nEnded. The same command goes on where the day was left.")


def _where_we_were(folder: Path, real_now: datetime) -> tuple[datetime, datetime]:
    """When the replayed day began and how far it had come; a new day if none is remembered."""
    try:
        kept = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        return datetime.fromisoformat(kept["start"]), datetime.fromisoformat(kept["position"])
    except (OSError, ValueError, KeyError):
        shutil.rmtree(folder, ignore_errors=True)
        start = day.day_start(real_now)
        return start, start


def _remember(folder: Path, start: datetime, clock: FastClock) -> None:
    kept = {"start": start.isoformat(), "position": clock.now().isoformat()}
    (folder / _MARK).write_text(json.dumps(kept), encoding="utf-8")


def _settings(folder: Path, space: Workspace, api_url: str) -> Settings:
    """As the environment would give them; the bot cannot tell the playground from Slack."""
    return Settings.model_construct(
        specs=folder / day.SPECS,
        database_url=SecretStr(f"sqlite:///{folder / 'burnban.db'}"),
        slack_bot_token=SecretStr(space.keys.bot),
        slack_signing_secret=SecretStr(space.keys.signing),
        slack_app_token=None,
        slack_api_url=api_url,
        ops_channel=f"#{OPS_CHANNEL.name}",
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
        build_http(app, secret, dict),
        host="127.0.0.1",
        port=0,
        log_level="warning",
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


@contextmanager
def _telling(space: Workspace, clock: FastClock, start: datetime, speed: float) -> Iterator[None]:
    """The line above the page, once a second."""
    ticker = Ticker(workers=1)
    line = Tick("banner", 1.0, lambda: space.set_banner(story.banner(clock.now(), start, speed)))
    ticker.start([line])
    try:
        yield
    finally:
        ticker.stop()
