"""The Messenger: one law for the real one, against a strict double of Slack, and for the fake."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import DeliveryError, RateLimited, Refused, Unclear, Unreachable
from bot.notify.slack import SlackMessenger, build_client
from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.model import Channel, Message
from bot.playground.seed import BOT, LEAD, TEAM_CHANNEL, small_workspace
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.ports.tell import Messenger, Rendered
from tests.fakes import FakeMessenger

TEMPLATES = Path(__file__).parents[2] / "templates"
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


# --- every messenger -------------------------------------------------------------------------


def test_a_post_stands_in_the_channel_and_is_found_by_its_key(standing: Standing) -> None:
    ts = post(standing.messenger, "one", "k1")
    post(standing.messenger, "two", "k2")
    assert standing.messenger.find(ROOM, "k1", LONG_AGO, None) == [ts]
    assert standing.texts() == ["one", "two"]


def test_the_id_of_a_channel_given_by_name_is_answered(standing: Standing) -> None:
    name = f"#{TEAM_CHANNEL.name}"
    channel, ts = standing.messenger.post(name, HELLO, "k", None, broadcast=False)
    assert channel == ROOM
    assert standing.messenger.find(name, "k", LONG_AGO, None) == [ts]


def test_two_posts_with_one_key_are_both_found_oldest_first(standing: Standing) -> None:
    first = post(standing.messenger, "one", "k")
    second = post(standing.messenger, "one again", "k")
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == [first, second]


def test_a_key_that_nobody_posted_is_not_found(standing: Standing) -> None:
    post(standing.messenger, "one", "k1")
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == []


def test_what_was_posted_before_the_asked_time_is_not_looked_at(standing: Standing) -> None:
    post(standing.messenger, "one", "k")
    later = datetime.now(UTC) + timedelta(days=1)
    assert standing.messenger.find(ROOM, "k", later, None) == []


def test_an_edit_changes_the_text_and_keeps_the_key(standing: Standing) -> None:
    ts = post(standing.messenger, "one", "k")
    standing.messenger.edit(ROOM, ts, replace(HELLO, text="another"))
    assert standing.texts() == ["another"]
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == [ts]


def test_an_edit_of_what_does_not_stand_is_refused_by_name(standing: Standing) -> None:
    with pytest.raises(Refused) as refused:
        standing.messenger.edit(ROOM, "1500000000.000001", HELLO)
    assert refused.value.code == "message_not_found"


def test_a_reply_is_found_in_its_thread(standing: Standing) -> None:
    head = post(standing.messenger, "head", "k1")
    ts = post(standing.messenger, "reply", "k2", thread=head)
    assert standing.messenger.find(ROOM, "k2", LONG_AGO, head) == [ts]


def test_what_was_deleted_is_found_no_more(standing: Standing) -> None:
    first = post(standing.messenger, "one", "k")
    second = post(standing.messenger, "one again", "k")
    standing.messenger.delete(ROOM, second)
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == [first]
    assert standing.texts() == ["one"]


# --- what only Slack can do ------------------------------------------------------------------


def test_deleting_what_is_gone_already_is_no_error(real: SlackMessenger) -> None:
    ts = post(real, "one", "k")
    real.delete(ROOM, ts)
    real.delete(ROOM, ts)


def test_a_post_names_nobody_and_unfurls_nothing(real: SlackMessenger, slack: Workspace) -> None:
    post(real, "one", "k")
    asked = slack.calls_to("chat.postMessage")[-1].args
    assert (asked["link_names"], asked["parse"]) == (False, "none")
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)
    assert asked["metadata"] == {"event_type": "burnban", "event_payload": {"key": "k"}}


def test_a_broadcast_reply_also_shows_in_the_channel(
    real: SlackMessenger, slack: Workspace
) -> None:
    head = post(real, "head", "k1")
    _, ts = real.post(ROOM, HELLO, "k2", head, broadcast=True)
    assert slack.message(ROOM, ts).in_channel
    assert real.find(ROOM, "k2", LONG_AGO, None) == [ts]


def test_a_message_of_somebody_else_with_our_key_is_not_ours(
    real: SlackMessenger, slack: Workspace
) -> None:
    metadata = {"event_type": "burnban", "event_payload": {"key": "k"}}
    slack.post(Message(ROOM, "", LEAD.id, "one", metadata=metadata))
    ours = post(real, "one", "k")
    assert real.find(ROOM, "k", LONG_AGO, None) == [ours]


def test_metadata_of_another_kind_is_not_ours(real: SlackMessenger, slack: Workspace) -> None:
    metadata = {"event_type": "else", "event_payload": {"key": "k"}}
    slack.post(Message(ROOM, "", BOT.user_id, "one", metadata=metadata))
    assert real.find(ROOM, "k", LONG_AGO, None) == []


def test_a_key_is_found_behind_many_pages_of_history(
    real: SlackMessenger, slack: Workspace
) -> None:
    ts = post(real, "one", "k")
    for number in range(450):
        slack.post(Message(ROOM, "", LEAD.id, f"talk {number}"))
    before = len(slack.calls_to("conversations.history"))
    assert real.find(ROOM, "k", LONG_AGO, None) == [ts]
    assert len(slack.calls_to("conversations.history")) - before == 3


def test_a_thread_that_was_never_there_holds_nothing(real: SlackMessenger) -> None:
    assert real.find(ROOM, "k", LONG_AGO, "1500000000.000001") == []


def test_an_unknown_channel_is_refused_by_name(real: SlackMessenger) -> None:
    for act in (
        lambda: real.post("C0NOWHERE", HELLO, "k", None, broadcast=False),
        lambda: real.find("C0NOWHERE", "k", LONG_AGO, None),
        lambda: real.find("#nowhere", "k", LONG_AGO, None),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "channel_not_found"


def test_an_archived_channel_is_refused_by_name(real: SlackMessenger, slack: Workspace) -> None:
    members = frozenset({BOT.user_id})
    slack.put_channel(Channel("C0OLD", "old", members, is_archived=True))
    with pytest.raises(Refused) as refused:
        real.post("C0OLD", HELLO, "k", None, broadcast=False)
    assert refused.value.code == "is_archived"


def test_refused_blocks_say_which_and_why(real: SlackMessenger) -> None:
    with pytest.raises(Refused) as refused:
        real.post(ROOM, Rendered("x", ({"type": "header"},)), "k", None, broadcast=False)
    assert refused.value.code == "invalid_blocks"
    assert "/blocks/0" in refused.value.detail


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
