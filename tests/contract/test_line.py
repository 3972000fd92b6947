"""The line to Slack at the start: a refused token ends the process, an outage does not."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from pydantic import SecretStr
from slack_bolt import App
from slack_sdk import WebClient

from bot.config import Settings, templates_folder
from bot.entrypoints.http import build_http
from bot.errors import ConfigError
from bot.notify.slack import build_client
from bot.playground.model import Keys
from bot.playground.server import PlaygroundServer
from bot.playground.signing import signed_headers
from bot.playground.workspace import Workspace
from bot.wiring.line import SlackLine
from tests.e2e.chaos import KEYS
from tests.ports import free_port
from tests.served import served
from tests.team import small_workspace


def house() -> Workspace:
    return small_workspace(lambda: 1_772_452_800.0, keys=KEYS)


@contextmanager
def slack(port: int = 0, space: Workspace | None = None) -> Iterator[PlaygroundServer]:
    with PlaygroundServer(space or house(), templates_folder(), port=port) as server:
        yield server


def line(
    api_url: str, *, bot: str = KEYS.bot, app: str = "", greet: Callable[[], object] = list
) -> SlackLine:
    client: WebClient = build_client(bot, api_url, 2)
    settings = Settings.model_construct(slack_app_token=SecretStr(app) if app else None)

    def build() -> App:
        return App(client=client, signing_secret=KEYS.signing, logger=logging.getLogger("quiet"))

    return SlackLine(settings, client, build, greet)


def test_a_refused_app_token_is_named_before_anything_is_connected() -> None:
    greeted = threading.Event()
    with slack() as server:
        one = line(server.api_url, app="xapp-canary", greet=greeted.set)
        with pytest.raises(ConfigError, match="SLACK_APP_TOKEN: Slack refuses") as caught:
            one.attempt()
        assert "connections:write" in str(caught.value)
        assert "canary" not in str(caught.value)
        assert (server.sockets.count, greeted.is_set(), one.open) == (0, False, False)


def test_a_refused_bot_token_is_named() -> None:
    with slack() as server:
        one = line(server.api_url, bot="xoxb-canary")
        with pytest.raises(ConfigError, match=r"SLACK_BOT_TOKEN: Slack refuses.*invalid_auth"):
            one.attempt()


def test_over_socket_mode_the_line_is_connected_and_hung_up_at_the_end() -> None:
    greeted = threading.Event()
    with slack() as server:
        one = line(server.api_url, app=KEYS.app, greet=greeted.set)
        assert one.attempt()
        with one.kept(threading.Event()):
            assert server.sockets.wait_connected(5)
        assert greeted.is_set()


def test_a_slack_that_cannot_be_reached_is_tried_again_until_it_can() -> None:
    port, reached = free_port(), threading.Event()
    one = line(f"http://127.0.0.1:{port}/api/", greet=reached.set)
    assert not one.attempt()
    assert one.app() is None
    with one.kept(threading.Event()), slack(port):
        assert reached.wait(10)
        assert one.app() is not None


def test_a_token_refused_after_an_outage_ends_the_process() -> None:
    port, stop = free_port(), threading.Event()
    one = line(f"http://127.0.0.1:{port}/api/")
    assert not one.attempt()
    with (
        slack(port, small_workspace(lambda: 1_772_452_800.0, keys=Keys(bot="xoxb-other"))),
        pytest.raises(ConfigError, match="SLACK_BOT_TOKEN"),
        one.kept(stop),
    ):
        assert stop.wait(10)


def test_until_the_line_is_open_slacks_requests_get_503_and_health_says_so() -> None:
    web = build_http(lambda: None, KEYS.signing, lambda: {"slack": "not reached"})
    with served(web) as url:
        headers = signed_headers(KEYS.signing, b"a=b", time.time())
        answer = httpx.post(f"{url}/slack/events", content=b"a=b", headers=headers, trust_env=False)
        assert answer.status_code == 503
        healthy = httpx.get(f"{url}/healthz", trust_env=False)
        assert healthy.json() == {"ok": True, "slack": "not reached"}


def test_a_problem_in_the_health_is_a_503() -> None:
    web = build_http(None, "", lambda: {"problem": "nothing was measured"})
    with served(web) as url:
        answer = httpx.get(f"{url}/healthz", trust_env=False)
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
