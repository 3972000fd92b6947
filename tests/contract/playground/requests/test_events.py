"""Events and connections as Bolt knows them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from bot.playground.server import PlaygroundServer
from tests.contract.playground.requests.conftest import BUTTONS, ROOM, Room, both_ways
from tests.team import ONCALL_GROUP


@both_ways
def test_events_reach_the_app(room: Room) -> None:
    heard: dict[str, dict[str, Any]] = {}
    known = threading.Condition()
    kinds = ("app_mention", "app_home_opened", "member_joined_channel", "subteam_members_changed")

    def note(event: dict[str, Any]) -> None:
        with known:
            heard[event["type"]] = event
            known.notify_all()

    for kind in kinds:
        room.app.event(kind)(note)
    room.sender.say(LEAD.id, ROOM, "@burnban help")
    room.sender.open_home(LEAD.id)
    room.workspace.leave(ROOM, GUEST.id)
    room.workspace.join(ROOM, GUEST.id)
    room.workspace.set_group_users(ONCALL_GROUP.id, [LEAD.id, SCIENTIST.id])
    with known:
        assert known.wait_for(lambda: len(heard) == len(kinds), 10)
    assert heard["app_mention"]["text"] == "<@U0BURNBAN> help"
    assert heard["subteam_members_changed"]["added_users"] == [SCIENTIST.id]
    assert heard["subteam_members_changed"]["removed_users"] == [ONCALL.id]


def test_a_home_tab_is_published_for_one_person(room: Room) -> None:
    home = {"type": "home", "blocks": BUTTONS}
    view = room.slack.views_publish(user_id=LEAD.id, view=home)["view"]
    clicked = threading.Event()

    @room.app.action("go")
    def go(ack: Any) -> None:
        ack()
        clicked.set()

    assert room.sender.click_in_view(LEAD.id, view["id"], "go").ok
    assert clicked.wait(5)


def test_a_socket_ticket_opens_one_connection(server: PlaygroundServer) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    keys = server.workspace.keys
    web = WebClient(base_url=server.api_url, retry_handlers=[])
    url = web.apps_connections_open(app_token=keys.app)["url"]
    with connect(url, proxy=None) as socket:
        assert '"hello"' in socket.recv(timeout=5)
        with pytest.raises(InvalidStatus):
            connect(url, proxy=None)
        server.sockets.disconnect()
        assert '"refresh_requested"' in socket.recv(timeout=5)


def test_the_app_comes_back_after_a_refresh(server: PlaygroundServer, app: App) -> None:
    keys = server.workspace.keys
    web = WebClient(base_url=server.api_url, retry_handlers=[])
    handler = SocketModeHandler(app, keys.app, web_client=web)
    handler.connect()
    assert server.sockets.wait_connected()
    app.command("/budget")(lambda ack: ack("here"))
    opened_before = len(server.workspace.calls_to("apps.connections.open"))
    server.sockets.disconnect("warning")
    space = server.workspace
    assert space.wait_until(lambda: len(space.calls_to("apps.connections.open")) > opened_before)
    assert server.sockets.wait_connected()
    assert server.sender.say(LEAD.id, ROOM, "/budget").ok
    handler.close()
