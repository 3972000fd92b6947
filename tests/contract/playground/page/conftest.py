"""The page of the playground in a real browser, and an app behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.limits import Limits
from bot.playground.model import Channel, Command
from bot.playground.seed import LEAD, OPS_CHANNEL, SCIENTIST
from bot.playground.server import PlaygroundServer
from tests.team import GENERAL, TEAM_CHANNEL, small_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEMPLATES = Path(__file__).parents[4] / "templates"
ROOM = TEAM_CHANNEL.id
COMMANDS = (
    Command("/budget", "How much error budget is left", "status"),
    Command("/freeze", "Stop releases", "<service> <reason>"),
)


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


FREEZE = {
    "type": "button",
    "action_id": "freeze",
    "style": "danger",
    "text": plain("Freeze"),
    "confirm": {
        "title": plain("Freeze ranker?"),
        "text": mrkdwn("Releases *wait*."),
        "confirm": plain("Freeze it"),
        "deny": plain("Not now"),
    },
}
WARNING: list[dict[str, Any]] = [
    {"type": "header", "text": plain(":fire: ranker burns")},
    {"type": "section", "fields": [mrkdwn("*Left*\n41 %"), mrkdwn("*Burn*\n14.8")]},
    {"type": "section", "text": mrkdwn("See <https://example.com/38|v38> by <@U0MIRA> & `p99`")},
    {"type": "actions", "elements": [FREEZE]},
]


@pytest.fixture
def server() -> Iterator[PlaygroundServer]:
    hidden = Channel("C0SECRET", "secret", frozenset({LEAD.id}), is_private=True)
    workspace = small_workspace(
        time.time,
        commands=COMMANDS,
        channels=(TEAM_CHANNEL, OPS_CHANNEL, GENERAL, hidden),
        limits=Limits.none(),
    )
    with PlaygroundServer(workspace, TEMPLATES, ping_interval=0.05) as running:
        yield running


@pytest.fixture
def slack(server: PlaygroundServer) -> WebClient:
    return WebClient(server.workspace.keys.bot, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def app(server: PlaygroundServer, slack: WebClient) -> Iterator[App]:
    bolt = App(client=slack, signing_secret="none", token_verification_enabled=False)
    web = WebClient(base_url=server.api_url, retry_handlers=[])
    handler = SocketModeHandler(bolt, server.workspace.keys.app, web_client=web)
    handler.connect()
    assert server.sockets.wait_connected()
    yield bolt
    handler.close()


@pytest.fixture
def page(chromium: Browser, server: PlaygroundServer) -> Iterator[Page]:
    window = chromium.new_page(viewport={"width": 1280, "height": 800})
    wrong: list[str] = []
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("console", lambda note: wrong.append(note.text) if note.type == "error" else None)
    enter(window, server, SCIENTIST.id)
    yield window
    window.close()
    assert wrong == []


def enter(page: Page, server: PlaygroundServer, user: str) -> None:
    page.goto(f"{server.url}/?as={user}&channel={ROOM}")
    page.get_by_test_id(f"channel-{ROOM}").wait_for()


def write(page: Page, text: str, box: str = "composer") -> None:
    page.get_by_test_id(box).fill(text)
    page.get_by_test_id(box).press("Enter")
