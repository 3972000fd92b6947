"""Messages, channels and people that Slack refuses."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.playground.model import Bot
from bot.playground.seed import GUEST, LEAD
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.contract.playground.refusals.conftest import (
    CLOSED,
    ROOM,
    SECRET,
    TEMPLATES,
    Clock,
    refusal,
)
from tests.team import GENERAL, small_workspace


def test_another_name_needs_the_customize_scope(slack: WebClient) -> None:
    body = refusal(lambda: slack.chat_postMessage(channel=ROOM, text="x", username="Else"))
    assert body["needed"] == "chat:write.customize"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        (SECRET.id, "channel_not_found"),
        (GENERAL.id, "not_in_channel"),
        (CLOSED.id, "is_archived"),
        ("U0NOBODY", "user_not_found"),
    ],
    ids=["unknown", "private and not in it", "public and not in it", "archived", "no such user"],
)
def test_a_post_is_refused_where_the_channel_is(slack: WebClient, channel: str, error: str) -> None:
    assert refusal(lambda: slack.chat_postMessage(channel=channel, text="x"))["error"] == error


def test_with_the_public_scope_the_app_posts_where_it_is_not_a_member(clock: Clock) -> None:
    bot = Bot(scopes=frozenset({"chat:write", "chat:write.public"}))
    with PlaygroundServer(small_workspace(clock, bot=bot), TEMPLATES) as server:
        slack = WebClient("xoxb-playground", base_url=server.api_url, retry_handlers=[])
        assert slack.chat_postMessage(channel=GENERAL.id, text="x")["ok"]


def test_reading_a_channel_needs_membership(slack: WebClient) -> None:
    history = refusal(lambda: slack.conversations_history(channel=GENERAL.id))
    assert history["error"] == "not_in_channel"
    hidden = refusal(lambda: slack.conversations_info(channel=SECRET.id))
    assert hidden["error"] == "channel_not_found"


def test_a_private_channel_cannot_be_joined_by_the_app(slack: WebClient) -> None:
    body = refusal(lambda: slack.conversations_join(channel=SECRET.id))
    assert body["error"] == "method_not_supported_for_channel_type"


def test_a_post_of_nothing_has_no_text(slack: WebClient) -> None:
    body = refusal(lambda: slack.api_call("chat.postMessage", json={"channel": ROOM, "text": ""}))
    assert body["error"] == "no_text"


def test_blocks_that_are_no_json_have_a_wrong_format(slack: WebClient) -> None:
    body = refusal(lambda: slack.chat_postMessage(channel=ROOM, text="x", blocks="[{"))
    assert body["error"] == "invalid_blocks_format"


def test_invalid_blocks_are_refused_with_their_places(slack: WebClient) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    body = refusal(lambda: slack.chat_postMessage(channel=ROOM, text="x", blocks=blocks))
    assert body["errors"] == ["must be less than 151 characters [json-pointer:/blocks/0/text/text]"]


def test_metadata_needs_its_type_and_payload(slack: WebClient) -> None:
    body = refusal(lambda: slack.chat_postMessage(channel=ROOM, text="x", metadata={"a": 1}))
    assert body["error"] == "invalid_metadata_schema"


def test_a_reply_needs_its_thread(slack: WebClient) -> None:
    body = refusal(lambda: slack.chat_postMessage(channel=ROOM, text="x", thread_ts="1.000001"))
    assert body["error"] == "thread_not_found"
    replies = refusal(lambda: slack.conversations_replies(channel=ROOM, ts="1.000001"))
    assert replies["error"] == "thread_not_found"


def test_an_ephemeral_needs_a_known_user_in_the_channel(
    slack: WebClient, workspace: Workspace
) -> None:
    workspace.leave(ROOM, GUEST.id)
    absent = refusal(lambda: slack.chat_postEphemeral(channel=ROOM, user=GUEST.id, text="x"))
    assert absent["error"] == "user_not_in_channel"
    unknown = refusal(lambda: slack.chat_postEphemeral(channel=ROOM, user="U0NOBODY", text="x"))
    assert unknown["error"] == "user_not_found"


def test_an_unknown_message_cannot_be_updated(slack: WebClient) -> None:
    body = refusal(lambda: slack.chat_update(channel=ROOM, ts="1.000001", text="x"))
    assert body["error"] == "message_not_found"


def test_the_message_of_another_cannot_be_updated_or_deleted(
    server: PlaygroundServer, slack: WebClient, workspace: Workspace
) -> None:
    server.sender.say(LEAD.id, ROOM, "mine")
    ts = workspace.messages(ROOM)[0].ts
    update = refusal(lambda: slack.chat_update(channel=ROOM, ts=ts, text="x"))
    assert update["error"] == "cant_update_message"
    delete = refusal(lambda: slack.chat_delete(channel=ROOM, ts=ts))
    assert delete["error"] == "cant_delete_message"


def test_unknown_people_and_groups_are_named_so(slack: WebClient) -> None:
    assert refusal(lambda: slack.users_info(user="U0NOBODY"))["error"] == "user_not_found"
    email = refusal(lambda: slack.users_lookupByEmail(email="no@example.com"))
    assert email["error"] == "users_not_found"
    group = refusal(lambda: slack.usergroups_users_list(usergroup="S0NONE"))
    assert group["error"] == "no_such_subteam"
