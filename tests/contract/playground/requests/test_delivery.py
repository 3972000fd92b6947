"""What becomes of a request that the app does not take."""

from __future__ import annotations

import threading
import time

from fastapi import FastAPI, Request, Response
from slack_bolt import App

from bot.playground.model import Keys
from bot.playground.seed import LEAD
from bot.playground.server import PlaygroundServer
from tests.contract.playground.requests.conftest import (
    COMMANDS,
    ROOM,
    TEMPLATES,
    bolt_endpoint,
    loopback,
)
from tests.team import small_workspace


def test_a_wrong_signing_key_is_turned_away_by_the_app(app: App) -> None:
    keys = Keys(signing="another")
    workspace = small_workspace(time.time, commands=COMMANDS, keys=keys)
    with (
        loopback(bolt_endpoint(app)) as url,
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
    with loopback(bot.app) as url:
        server.request_url = url
        server.sender.open_home(LEAD.id)
        assert bot.wait(3)
    numbers = [headers.get("x-slack-retry-num") for headers in bot.seen]
    assert numbers == [None, "1", "2"]
    assert bot.seen[1]["x-slack-retry-reason"] == "http_error"


def test_an_app_may_ask_for_no_retry(server: PlaygroundServer) -> None:
    bot = Silent(500, headers={"X-Slack-No-Retry": "1"})
    with loopback(bot.app) as url:
        server.request_url = url
        server.sender.open_home(LEAD.id)
        assert bot.wait(1)
        server.events.stop()
    assert len(bot.seen) == 1


def test_the_address_is_verified_by_a_challenge(server: PlaygroundServer) -> None:
    with loopback(Silent().app) as url:
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
        loopback(slow) as url,
        PlaygroundServer(workspace, TEMPLATES, request_url=url, deadline=0.1) as server,
    ):
        assert server.sender.say(LEAD.id, ROOM, "/budget").error == "operation_timeout"
        held.set()
    told = workspace.ephemerals(LEAD.id)[0].text
    assert told == '/budget failed with the error "operation_timeout"'
