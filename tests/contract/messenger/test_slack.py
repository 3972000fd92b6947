"""What only the real messenger can do."""

import pytest

from bot.errors import Refused
from bot.notify.slack import SlackMessenger
from bot.playground.model import Channel, Message
from bot.playground.seed import BOT, LEAD
from bot.playground.workspace import Workspace
from bot.ports.tell import Rendered
from tests.contract.messenger.conftest import HELLO, LONG_AGO, ROOM, post


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
