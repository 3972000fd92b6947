"""The workspace on one side, a Bolt app on the other: over signed HTTP or over Socket Mode."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from slack_bolt import App
from slack_bolt.adapter.fastapi import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.limits import Limits
from bot.playground.model import Command
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.served import served
from tests.team import TEAM_CHANNEL, small_workspace

TEMPLATES = Path(__file__).parents[4] / "templates"
ROOM = TEAM_CHANNEL.id
COMMANDS = (Command("/budget", "What is left", "status"), Command("/freeze", should_escape=True))


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": plain("Go")}
BUTTONS = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]


@contextmanager
def loopback(app: FastAPI) -> Iterator[str]:
    """Where an app takes requests, on a port of its own."""
    with served(app) as url:
        yield f"{url}/slack/events"


class Room:
    """The workspace, its server and a Bolt app on the other side."""

    def __init__(self, server: PlaygroundServer, app: App) -> None:
        self.server = server
        self.workspace: Workspace = server.workspace
        self.sender = server.sender
        self.app = app
        self.slack = app.client

    def post(self, **fields: Any) -> str:
        ts: str = self.slack.chat_postMessage(channel=ROOM, text="t", **fields)["ts"]
        return ts

    def whispers(self, user: str) -> list[str]:
        return [said.text for said in self.workspace.ephemerals(user)]

    def top(self, user: str) -> str | None:
        view = self.workspace.modals.top(user)
        return view.content["title"]["text"] if view else None


@pytest.fixture
def server() -> Iterator[PlaygroundServer]:
    workspace = small_workspace(time.time, commands=COMMANDS, limits=Limits.none())
    # The client notices its own close at the next frame only, so pings come often here.
    delays = (0.0, 0.0, 60.0)
    with PlaygroundServer(workspace, TEMPLATES, retry_delays=delays, ping_interval=0.03) as running:
        yield running


@pytest.fixture
def app(server: PlaygroundServer) -> App:
    keys = server.workspace.keys
    client = WebClient(keys.bot, base_url=server.api_url, retry_handlers=[])
    return App(client=client, signing_secret=keys.signing, token_verification_enabled=True)


both_ways = pytest.mark.parametrize("room", ["http", "socket"], indirect=True)


@pytest.fixture
def room(request: pytest.FixtureRequest, server: PlaygroundServer, app: App) -> Iterator[Room]:
    if getattr(request, "param", "http") == "socket":
        keys = server.workspace.keys
        web = WebClient(base_url=server.api_url, retry_handlers=[])
        handler = SocketModeHandler(app, keys.app, web_client=web)
        handler.connect()
        assert server.sockets.wait_connected()
        yield Room(server, app)
        handler.close()
    else:
        with loopback(bolt_endpoint(app)) as url:
            server.request_url = url
            yield Room(server, app)


def bolt_endpoint(app: App) -> FastAPI:
    endpoint, handler = FastAPI(), SlackRequestHandler(app)

    @endpoint.post("/slack/events")
    async def take(request: Request) -> Response:
        return await handler.handle(request)

    return endpoint
