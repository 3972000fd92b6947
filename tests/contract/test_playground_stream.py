"""What the page is told, and for whose eyes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.playground.model import Channel, Message
from bot.playground.seed import BOT, GUEST, LEAD, OPS_CHANNEL, SCIENTIST
from bot.playground.server import PlaygroundServer
from tests.team import TEAM_CHANNEL
from tests.team import small_workspace as workspace_of

TEMPLATES = Path(__file__).parents[2] / "templates"
ROOM = TEAM_CHANNEL.id


@pytest.fixture
def server() -> Iterator[PlaygroundServer]:
    with PlaygroundServer(workspace_of(time.time), TEMPLATES) as running:
        yield running


class Seen:
    """The stream of one person, event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        lines = answer.iter_lines()
        self._events = (json.loads(line[6:]) for line in lines if line.startswith("data: "))

    def next(self) -> dict[str, Any]:
        event: dict[str, Any] = next(self._events)
        return event


@pytest.fixture
def seen(server: PlaygroundServer) -> Iterator[Seen]:
    url = f"{server.url}/web/events?user={GUEST.id}"
    with httpx.Client(trust_env=False, timeout=10) as client, client.stream("GET", url) as answer:
        yield Seen(answer)


def said(channel: str, text: str, **fields: Any) -> Message:
    return Message(channel, "", BOT.user_id, text=text, **fields)


def test_the_stream_begins_with_everything_that_one_may_see(seen: Seen) -> None:
    everything = seen.next()
    assert everything["kind"] == "everything"
    assert [room["id"] for room in everything["channels"]] == [ROOM, "C0GENERAL"]


def test_the_whispers_and_rooms_of_others_are_not_told(
    server: PlaygroundServer, seen: Seen
) -> None:
    seen.next()
    workspace = server.workspace
    workspace.whisper(said(ROOM, "for the lead", only_for=LEAD.id))
    workspace.post(said(OPS_CHANNEL.id, "staff only"))
    workspace.put_channel(Channel("C0NEW", "new", frozenset({LEAD.id}), is_private=True))
    with workspace.lock:
        workspace.modals.open(SCIENTIST.id, {"type": "modal", "blocks": []})
    workspace.whisper(said(ROOM, "for the guest", only_for=GUEST.id))
    assert seen.next()["data"]["text"] == "for the guest"


def test_a_reply_tells_its_parent_too(server: PlaygroundServer, seen: Seen) -> None:
    seen.next()
    parent = server.workspace.post(said(ROOM, "parent"))
    server.workspace.post(said(ROOM, "reply", thread_ts=parent.ts))
    told = [seen.next()["data"] for _ in range(3)]
    assert [one["text"] for one in told] == ["parent", "reply", "parent"]
    assert told[-1]["reply_count"] == 1


def test_a_closing_server_ends_its_streams(server: PlaygroundServer, seen: Seen) -> None:
    seen.next()
    server.close()
    with pytest.raises(StopIteration):
        seen.next()


def test_a_stream_for_nobody_is_not_found(server: PlaygroundServer) -> None:
    answer = httpx.get(f"{server.url}/web/events?user=U0NOBODY", trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (404, "user_not_found")


def zones(server: PlaygroundServer) -> set[str]:
    """Where the app is told that people are."""
    slack = WebClient(server.workspace.keys.bot, base_url=server.api_url, retry_handlers=[])
    people = [slack.users_info(user=each.id)["user"] for each in (SCIENTIST, LEAD, GUEST)]
    return {person["tz"] for person in people}


def opened(server: PlaygroundServer, zone: str) -> None:
    url, asked = f"{server.url}/web/events", {"user": LEAD.id, "zone": zone}
    with httpx.stream("GET", url, params=asked, trust_env=False, timeout=10) as answer:
        assert Seen(answer).next()["kind"] == "everything"


def test_times_are_meant_by_the_clock_of_whoever_looks_at_the_page(
    server: PlaygroundServer,
) -> None:
    opened(server, "America/New_York")
    assert zones(server) == {"America/New_York"}
    opened(server, "Asia/Kolkata")
    assert zones(server) == {"Asia/Kolkata"}


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "x" * 5_000])
def test_a_clock_that_nobody_knows_moves_nobody(server: PlaygroundServer, zone: str) -> None:
    opened(server, "Asia/Kolkata")
    opened(server, zone)
    assert zones(server) == {"Asia/Kolkata"}
