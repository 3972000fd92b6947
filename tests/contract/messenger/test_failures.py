"""What Slack refuses or leaves unclear, and what the messenger makes of it."""

import socket
import time
from dataclasses import replace

import pytest

from bot.errors import DeliveryError, RateLimited, Refused, Unclear, Unreachable
from bot.notify.slack import SlackMessenger, build_client
from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.seed import BOT
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.contract.messenger.conftest import HELLO, LONG_AGO, ROOM, TEMPLATES, TIMEOUT, post
from tests.team import small_workspace


def test_a_wrong_token_is_refused_by_name(running: PlaygroundServer) -> None:
    stranger = SlackMessenger(build_client("xoxb-wrong", running.api_url, TIMEOUT))
    with pytest.raises(Refused) as refused:
        post(stranger, "one", "k")
    assert refused.value.code == "invalid_auth"


def test_a_missing_scope_is_named(running: PlaygroundServer) -> None:
    bot = replace(BOT, scopes=frozenset({"chat:write"}))
    poor = small_workspace(time.time, limits=Limits.none(), bot=bot)
    with PlaygroundServer(poor, TEMPLATES) as server:
        messenger = SlackMessenger(build_client(poor.keys.bot, server.api_url, TIMEOUT))
        with pytest.raises(Refused) as refused:
            messenger.find(ROOM, "k", LONG_AGO, None)
    assert refused.value.code == "missing_scope"
    assert "channels:history" in refused.value.detail


def test_a_rate_limit_says_for_how_long(real: SlackMessenger, slack: Workspace) -> None:
    slack.faults.arm("chat.postMessage", Fault.RATE_LIMITED, seconds=7)
    with pytest.raises(RateLimited) as limited:
        post(real, "one", "k")
    assert limited.value.retry_after == 7


LOST = [
    Fault.DROP_BEFORE_STORE,
    Fault.DROP_AFTER_STORE,
    Fault.ERROR_500_BEFORE_STORE,
    Fault.ERROR_500_AFTER_STORE,
    Fault.HANG_BEFORE_STORE,
    Fault.HANG_AFTER_STORE,
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.name.lower())
def test_a_lost_answer_is_unclear_and_never_posted_twice(
    real: SlackMessenger, slack: Workspace, fault: Fault
) -> None:
    slack.faults.arm("chat.postMessage", fault, seconds=TIMEOUT * 2)
    before = len(slack.calls_to("chat.postMessage"))
    with pytest.raises(Unclear):
        post(real, "one", "k")
    assert slack.wait_until(lambda: len(slack.calls_to("chat.postMessage")) > before)
    assert len(slack.messages(ROOM)) == ("AFTER" in fault.name)
    assert len(real.find(ROOM, "k", LONG_AGO, None)) == ("AFTER" in fault.name)


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable"])
def test_a_failure_inside_slack_is_unclear(
    real: SlackMessenger, slack: Workspace, code: str
) -> None:
    slack.faults.arm("chat.postMessage", Fault.ERROR_CODE, code=code)
    with pytest.raises(Unclear):
        post(real, "one", "k")


@pytest.mark.parametrize("code", ["cant_update_message", "edit_window_closed"])
def test_an_edit_that_is_no_longer_possible_says_so(
    real: SlackMessenger, slack: Workspace, code: str
) -> None:
    ts = post(real, "one", "k")
    slack.faults.arm("chat.update", Fault.ERROR_CODE, code=code)
    with pytest.raises(Refused) as refused:
        real.edit(ROOM, ts, HELLO)
    assert refused.value.code == code


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    messenger = SlackMessenger(build_client("xoxb-x", f"http://127.0.0.1:{port}/api/", TIMEOUT))
    with pytest.raises(Unreachable) as unreachable:
        post(messenger, "one", "k")
    assert isinstance(unreachable.value, RateLimited)
    assert "cannot be reached" in str(unreachable.value)


def test_every_failure_is_a_delivery_error(real: SlackMessenger, slack: Workspace) -> None:
    for fault in LOST[:4]:
        slack.faults.arm("conversations.history", fault)
        with pytest.raises(DeliveryError):
            real.find(ROOM, "k", LONG_AGO, None)
