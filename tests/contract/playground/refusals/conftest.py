"""A workspace that refuses what Slack refuses, and the real client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.limits import Limits
from bot.playground.model import Channel
from bot.playground.seed import LEAD
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.team import GENERAL, TEAM_CHANNEL, small_workspace

TEMPLATES = Path(__file__).parents[4] / "templates"
ROOM = TEAM_CHANNEL.id
SECRET = Channel("C0SECRET", "secret", frozenset({LEAD.id}), is_private=True)
CLOSED = replace(TEAM_CHANNEL, id="C0CLOSED", name="closed", is_archived=True)


class Clock:
    """Real time, which a test may move on."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    rooms = (TEAM_CHANNEL, GENERAL, SECRET, CLOSED)
    return small_workspace(clock, channels=rooms, limits=Limits(post_interval=0.0))


@pytest.fixture
def server(workspace: Workspace) -> Iterator[PlaygroundServer]:
    with PlaygroundServer(workspace, TEMPLATES) as running:
        yield running


@pytest.fixture
def slack(server: PlaygroundServer) -> WebClient:
    return WebClient(server.workspace.keys.bot, base_url=server.api_url, retry_handlers=[])


def refusal(call: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        call()
    body: dict[str, Any] = refused.value.response.data
    return body
