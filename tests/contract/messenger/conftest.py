"""The real messenger against a strict double of Slack, and the fake."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.notify.slack import SlackMessenger, build_client
from bot.playground.limits import Limits
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.ports.tell import Messenger, Rendered
from tests.fakes import FakeMessenger
from tests.team import TEAM_CHANNEL, small_workspace

TEMPLATES = Path(__file__).parents[3] / "templates"
ROOM = TEAM_CHANNEL.id
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HELLO = Rendered("hello", ({"type": "divider"},))
TIMEOUT = 0.6


@pytest.fixture(scope="module")
def running() -> Iterator[PlaygroundServer]:
    space = small_workspace(time.time, limits=Limits.none())
    with PlaygroundServer(space, TEMPLATES) as server:
        yield server


@pytest.fixture
def slack(running: PlaygroundServer) -> Iterator[Workspace]:
    space = running.workspace
    yield space
    space.faults.disarm()
    for said in reversed(space.messages(ROOM)):
        if said.subtype != "tombstone":
            space.delete(said)


@pytest.fixture
def real(running: PlaygroundServer, slack: Workspace) -> SlackMessenger:
    client = build_client(slack.keys.bot, running.api_url, TIMEOUT)
    return SlackMessenger(client)


@dataclass
class Standing:
    """A messenger, and how to read what stands in its channel."""

    messenger: Messenger
    fake: FakeMessenger | None = None
    slack: Workspace | None = None

    def texts(self) -> list[str]:
        if self.fake is not None:
            return [posted.message.text for posted in self.fake.posted]
        assert self.slack is not None
        return [said.text for said in self.slack.messages(ROOM)]


@pytest.fixture(params=["slack", "fake"])
def standing(request: pytest.FixtureRequest) -> Standing:
    if request.param == "fake":
        fake = FakeMessenger({f"#{TEAM_CHANNEL.name}": ROOM})
        return Standing(fake, fake=fake)
    return Standing(request.getfixturevalue("real"), slack=request.getfixturevalue("slack"))


def post(messenger: Messenger, text: str, key: str, thread: str | None = None) -> str:
    return messenger.post(ROOM, replace(HELLO, text=text), key, thread, broadcast=False)[1]
