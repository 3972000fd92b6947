"""What the playground sends is what Bolt takes for Slack: over signed HTTP and over Socket Mode."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from slack_bolt import App
from slack_bolt.adapter.fastapi import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.limits import Limits
from bot.playground.model import Command, Keys
from bot.playground.seed import (
    GUEST,
    LEAD,
    ONCALL,
    ONCALL_GROUP,
    SCIENTIST,
    TEAM_CHANNEL,
    small_workspace,
)
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
ROOM = TEAM_CHANNEL.id
COMMANDS = (Command("/budget", "What is left", "status"), Command("/freeze", should_escape=True))
Register = Callable[[App], None]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": plain("Go")}
BUTTONS = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]
REASON = {
    "type": "input",
    "block_id": "reason",
    "label": plain("Why"),
    "element": {"type": "plain_text_input", "action_id": "text"},
}


def modal(title: str, **fields: Any) -> dict[str, Any]:
    base = {"type": "modal", "callback_id": "ask", "title": plain(title), "submit": plain("Ask")}
    return {**base, "blocks": [REASON], **fields}


class Loopback:
    """A server of ours on a free port, in a thread."""

    def __init__(self, app: FastAPI) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/slack/events"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


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
        with Loopback(bolt_endpoint(app)) as url:
            server.request_url = url
            yield Room(server, app)


def bolt_endpoint(app: App) -> FastAPI:
    endpoint, handler = FastAPI(), SlackRequestHandler(app)

    @endpoint.post("/slack/events")
    async def take(request: Request) -> Response:
        return await handler.handle(request)

    return endpoint


@both_ways
def test_a_command_is_acknowledged_with_words_for_its_user_only(room: Room) -> None:
    @room.app.command("/budget")
    def budget(ack: Any, command: dict[str, str]) -> None:
        ack(f"{command['text']} for {command['user_name']} in {command['channel_name']}")

    assert room.sender.say(SCIENTIST.id, ROOM, "/budget status all").ok
    assert room.whispers(SCIENTIST.id) == ["status all for mira in ml-ranking"]
    assert room.whispers(LEAD.id) == []


def test_a_command_may_be_answered_in_the_channel(room: Room) -> None:
    room.app.command("/budget")(
        lambda ack: ack(response_type="in_channel", text="t", blocks=BUTTONS)
    )
    room.sender.say(SCIENTIST.id, ROOM, "/budget")
    assert room.workspace.messages(ROOM)[0].blocks[0]["block_id"] == "row"


def test_an_escaped_command_carries_ids(room: Room) -> None:
    room.app.command("/freeze")(lambda ack, command: ack(command["text"]))
    room.sender.say(SCIENTIST.id, ROOM, "/freeze ask @jonas <now>")
    assert room.whispers(SCIENTIST.id) == [f"ask <@{ONCALL.id}|jonas> &lt;now&gt;"]


@both_ways
def test_a_command_that_nobody_acknowledges_fails_aloud(room: Room) -> None:
    assert not room.sender.say(SCIENTIST.id, ROOM, "/budget").ok
    assert "/budget failed" in room.whispers(SCIENTIST.id)[0]


def test_an_unknown_command_is_no_command(room: Room) -> None:
    room.sender.say(SCIENTIST.id, ROOM, "/nonsense")
    assert room.whispers(SCIENTIST.id) == ["`/nonsense` is not a valid command."]


def test_a_command_does_not_work_in_a_thread(room: Room) -> None:
    room.sender.say(SCIENTIST.id, ROOM, "/budget", thread_ts=room.post())
    assert room.whispers(SCIENTIST.id) == ["`/budget` is not supported in threads. Sorry!"]


@both_ways
def test_a_click_tells_the_message_and_the_button(room: Room) -> None:
    heard: list[dict[str, Any]] = []

    @room.app.action("go")
    def go(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        heard.append(body)
        ts = body["container"]["message_ts"]
        client.chat_update(channel=body["channel"]["id"], ts=ts, text="done", blocks=[])

    ts = room.post(blocks=BUTTONS)
    assert room.sender.click(ONCALL.id, ROOM, ts, "go").ok
    said = room.workspace
    assert said.wait_until(lambda: said.message(ROOM, ts).text == "done")
    action = heard[0]["actions"][0]
    assert (action["action_id"], action["value"], action["block_id"]) == ("go", "7", "row")
    assert heard[0]["message"]["ts"] == ts
    assert heard[0]["user"]["id"] == ONCALL.id


def test_a_click_in_an_ephemeral_leaves_its_message_out(room: Room) -> None:
    heard: list[dict[str, Any]] = []

    @room.app.action("go")
    def go(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        ack()

    room.slack.chat_postEphemeral(channel=ROOM, user=ONCALL.id, text="t", blocks=BUTTONS)
    room.sender.click(ONCALL.id, ROOM, room.workspace.ephemerals(ONCALL.id)[0].ts, "go")
    assert heard[0]["container"]["is_ephemeral"]
    assert "message" not in heard[0]


@both_ways
def test_the_response_url_of_a_click_replaces_or_deletes_the_message(room: Room) -> None:
    @room.app.action("go")
    def go(ack: Any, respond: Any) -> None:
        ack()
        respond("replaced")
        respond(text="beside", replace_original=False)
        respond(delete_original=True)

    room.slack.chat_postEphemeral(channel=ROOM, user=ONCALL.id, text="t", blocks=BUTTONS)
    room.sender.click(ONCALL.id, ROOM, room.workspace.ephemerals(ONCALL.id)[0].ts, "go")
    assert room.workspace.wait_until(lambda: room.whispers(ONCALL.id) == ["beside"])


def opened(room: Room, view: dict[str, Any]) -> str:
    @room.app.command("/freeze")
    def freeze(ack: Any, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=view)

    room.sender.say(LEAD.id, ROOM, "/freeze")
    modals = room.workspace.modals
    assert room.workspace.wait_until(lambda: modals.top(LEAD.id) is not None)
    return modals.stack(LEAD.id)[-1].id


@both_ways
def test_a_submitted_modal_tells_what_was_entered_and_closes(room: Room) -> None:
    heard: list[dict[str, Any]] = []

    @room.app.view("ask")
    def ask(ack: Any, view: dict[str, Any]) -> None:
        heard.append(view)
        ack()

    view_id = opened(room, modal("First", private_metadata="m"))
    assert room.sender.submit(LEAD.id, view_id, {"reason": {"text": "because"}}).ok
    assert heard[0]["state"]["values"]["reason"]["text"]["value"] == "because"
    assert heard[0]["private_metadata"] == "m"
    assert room.top(LEAD.id) is None


def test_an_empty_required_input_is_not_sent(room: Room) -> None:
    view_id = opened(room, modal("First"))
    outcome = room.sender.submit(LEAD.id, view_id, {})
    assert outcome.notes == {"reason": "This is a required field"}


@both_ways
def test_errors_stay_in_the_modal(room: Room) -> None:
    room.app.view("ask")(lambda ack: ack(response_action="errors", errors={"reason": "More."}))
    view_id = opened(room, modal("First"))
    outcome = room.sender.submit(LEAD.id, view_id, {"reason": {"text": "x"}})
    assert (outcome.ok, outcome.notes) == (False, {"reason": "More."})
    assert room.top(LEAD.id) == "First"


def test_errors_of_a_block_that_is_no_input_fail(room: Room) -> None:
    room.app.view("ask")(lambda ack: ack(response_action="errors", errors={"else": "More."}))
    view_id = opened(room, modal("First"))
    assert room.sender.submit(LEAD.id, view_id, {"reason": {"text": "x"}}).error == "invalid_errors"


def test_a_modal_may_be_updated_pushed_and_cleared(room: Room) -> None:
    answers: Iterator[dict[str, Any]] = iter(
        [
            {"response_action": "update", "view": modal("Second")},
            {"response_action": "push", "view": modal("Third")},
            {"response_action": "clear"},
        ]
    )
    room.app.view("ask")(lambda ack: ack(**next(answers)))
    opened(room, modal("First"))
    titles = []
    for _ in range(3):
        top = room.workspace.modals.stack(LEAD.id)[-1]
        room.sender.submit(LEAD.id, top.id, {"reason": {"text": "x"}})
        titles.append(room.top(LEAD.id))
    assert titles == ["Second", "Third", None]


def test_a_closed_modal_is_told_if_it_asks_for_it(room: Room) -> None:
    closed = threading.Event()

    @room.app.view_closed("ask")
    def gone(ack: Any) -> None:
        ack()
        closed.set()

    room.sender.close(LEAD.id, opened(room, modal("First", notify_on_close=True)))
    assert closed.wait(5)
    assert room.top(LEAD.id) is None


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


def test_a_wrong_signing_key_is_turned_away_by_the_app(app: App) -> None:
    keys = Keys(signing="another")
    workspace = small_workspace(time.time, commands=COMMANDS, keys=keys)
    with (
        Loopback(bolt_endpoint(app)) as url,
        PlaygroundServer(workspace, TEMPLATES, request_url=url) as stranger,
    ):
        assert not stranger.sender.say(LEAD.id, ROOM, "/budget").ok


class Silent:
    """An app that answers as it is told, and remembers the headers."""

    def __init__(self, *statuses: int, headers: dict[str, str] | None = None) -> None:
        self.seen: list[dict[str, str]] = []
        self.app = FastAPI()
        self._statuses = list(statuses)
        self._changed = threading.Condition()

        @self.app.post("/slack/events")
        async def take(request: Request) -> Response:
            body = await request.body()
            with self._changed:
                self.seen.append(dict(request.headers))
                status = self._statuses.pop(0) if self._statuses else 200
                self._changed.notify_all()
            text = "playground-challenge" if b"url_verification" in body else ""
            return Response(text, status, headers=headers)

    def wait(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.seen) >= count, 10)


def test_an_event_is_sent_again_until_it_is_acknowledged(server: PlaygroundServer) -> None:
    bot = Silent(500, 500, 200)
    with Loopback(bot.app) as url:
        server.request_url = url
        server.sender.open_home(LEAD.id)
        assert bot.wait(3)
    numbers = [headers.get("x-slack-retry-num") for headers in bot.seen]
    assert numbers == [None, "1", "2"]
    assert bot.seen[1]["x-slack-retry-reason"] == "http_error"


def test_an_app_may_ask_for_no_retry(server: PlaygroundServer) -> None:
    bot = Silent(500, headers={"X-Slack-No-Retry": "1"})
    with Loopback(bot.app) as url:
        server.request_url = url
        server.sender.open_home(LEAD.id)
        assert bot.wait(1)
        server.events.stop()
    assert len(bot.seen) == 1


def test_the_address_is_verified_by_a_challenge(server: PlaygroundServer) -> None:
    with Loopback(Silent().app) as url:
        server.request_url = url
        assert server.events.verify_url()


def test_an_app_that_does_not_run_is_told_to_the_user(server: PlaygroundServer) -> None:
    outcome = server.sender.say(LEAD.id, ROOM, "/budget")
    assert outcome.error == "dispatch_failed"
    told = server.workspace.ephemerals(LEAD.id)[0].text
    assert told == "/budget failed because the app did not respond"


def test_an_app_that_is_too_slow_times_out() -> None:
    workspace = small_workspace(time.time, commands=COMMANDS)
    held = threading.Event()
    slow = FastAPI()

    @slow.post("/slack/events")
    def take() -> None:
        held.wait(10)

    with (
        Loopback(slow) as url,
        PlaygroundServer(workspace, TEMPLATES, request_url=url, deadline=0.1) as server,
    ):
        assert server.sender.say(LEAD.id, ROOM, "/budget").error == "operation_timeout"
        held.set()
    told = workspace.ephemerals(LEAD.id)[0].text
    assert told == '/budget failed with the error "operation_timeout"'


def test_a_response_url_lasts_five_uses(server: PlaygroundServer) -> None:
    hook = server.workspace.hooks.for_command(LEAD.id, ROOM)
    url = f"{server.url}/{hook.path}"
    answers = [httpx.post(url, json={"text": "x"}, trust_env=False) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[-1].json()["error"] == "used_url"


def test_a_response_url_lasts_thirty_minutes() -> None:
    now = [time.time()]
    workspace = small_workspace(lambda: now[0])
    with PlaygroundServer(workspace, TEMPLATES) as server:
        hook = workspace.hooks.for_command(LEAD.id, ROOM)
        now[0] += 30 * 60
        answer = httpx.post(f"{server.url}/{hook.path}", json={"text": "x"}, trust_env=False)
    assert answer.json()["error"] == "expired_url"


def test_a_response_url_refuses_what_a_post_refuses(server: PlaygroundServer) -> None:
    hook = server.workspace.hooks.for_command(LEAD.id, ROOM)
    body = {"text": "x", "blocks": [{"type": "banner"}]}
    answer = httpx.post(f"{server.url}/{hook.path}", json=body, trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_blocks")


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
