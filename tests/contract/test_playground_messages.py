"""What is posted, changed, answered and read, as the real client sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.seed import LEAD, ONCALL
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.team import GENERAL, ONCALL_GROUP, TEAM_CHANNEL, small_workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
ROOM = TEAM_CHANNEL.id
DIVIDER = [{"type": "divider", "block_id": "d"}]


@pytest.fixture
def workspace() -> Workspace:
    return small_workspace(time.time, limits=Limits.none())


@pytest.fixture
def server(workspace: Workspace) -> Iterator[PlaygroundServer]:
    with PlaygroundServer(workspace, TEMPLATES) as running:
        yield running


@pytest.fixture
def slack(server: PlaygroundServer) -> WebClient:
    return WebClient(server.workspace.keys.bot, base_url=server.api_url, retry_handlers=[])


def post(slack: WebClient, text: str, **fields: object) -> str:
    ts: str = slack.chat_postMessage(channel=ROOM, text=text, **fields)["ts"]  # type: ignore[arg-type]
    return ts


def read(slack: WebClient, **fields: object) -> list[str]:
    answer = slack.conversations_history(channel=ROOM, **fields)  # type: ignore[arg-type]
    return [message["text"] for message in answer["messages"]]


def test_history_gives_the_newest_first(slack: WebClient) -> None:
    for text in ("one", "two", "three"):
        post(slack, text)
    assert read(slack) == ["three", "two", "one"]


def test_history_pages_by_cursor(slack: WebClient) -> None:
    for text in ("one", "two", "three"):
        post(slack, text)
    first = slack.conversations_history(channel=ROOM, limit=2)
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    assert read(slack, limit=2, cursor=cursor) == ["one"]
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        read(slack, cursor="junk!")


def test_history_spans_without_its_ends_unless_inclusive(slack: WebClient) -> None:
    first, _, last = (post(slack, text) for text in ("one", "two", "three"))
    assert read(slack, oldest=first, latest=last) == ["two"]
    assert read(slack, oldest=first, latest=last, inclusive=True) == ["three", "two", "one"]


def test_metadata_comes_back_only_when_asked_for(slack: WebClient) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"outbox_id": "7"}}
    post(slack, "x", metadata=metadata)
    plain = slack.conversations_history(channel=ROOM)["messages"][0]
    assert "metadata" not in plain
    asked = slack.conversations_history(channel=ROOM, include_all_metadata=True)["messages"][0]
    assert asked["metadata"] == metadata


def test_a_reply_is_in_the_thread_and_counted_at_its_parent(slack: WebClient) -> None:
    parent = post(slack, "parent")
    reply = post(slack, "reply", thread_ts=parent)
    assert read(slack) == ["parent"]
    thread = slack.conversations_replies(channel=ROOM, ts=parent)["messages"]
    assert [message["ts"] for message in thread] == [parent, reply]
    assert thread[0]["reply_count"] == 1
    assert thread[0]["latest_reply"] == reply


def test_a_broadcast_reply_is_in_the_channel_too(slack: WebClient) -> None:
    parent = post(slack, "parent")
    post(slack, "reply", thread_ts=parent, reply_broadcast=True)
    assert read(slack) == ["reply", "parent"]


def test_an_update_keeps_its_place_and_is_marked_edited(slack: WebClient) -> None:
    ts = post(slack, "before")
    slack.chat_update(channel=ROOM, ts=ts, text="after")
    message = slack.conversations_history(channel=ROOM)["messages"][0]
    assert (message["ts"], message["text"]) == (ts, "after")
    assert message["edited"]["user"] == "U0BURNBAN"


def test_an_update_keeps_the_blocks_that_it_does_not_name(slack: WebClient) -> None:
    ts = post(slack, "x", blocks=DIVIDER)
    assert slack.chat_update(channel=ROOM, ts=ts, text="y")["message"]["blocks"] == DIVIDER
    assert "blocks" not in slack.chat_update(channel=ROOM, ts=ts, text="y", blocks=[])["message"]


def test_blocks_get_the_ids_that_they_lack(slack: WebClient) -> None:
    answer = slack.chat_postMessage(channel=ROOM, text="x", blocks=[{"type": "divider"}])
    assert answer["message"]["blocks"][0]["block_id"]


def test_a_deleted_parent_leaves_its_thread(slack: WebClient) -> None:
    parent = post(slack, "parent")
    post(slack, "reply", thread_ts=parent)
    slack.chat_delete(channel=ROOM, ts=parent)
    message = slack.conversations_history(channel=ROOM)["messages"][0]
    assert (message["subtype"], message["text"]) == ("tombstone", "This message was deleted.")


def test_a_deleted_message_is_gone(slack: WebClient) -> None:
    ts = post(slack, "x")
    slack.chat_delete(channel=ROOM, ts=ts)
    assert read(slack) == []


def test_an_ephemeral_is_not_in_history(slack: WebClient, workspace: Workspace) -> None:
    slack.chat_postEphemeral(channel=ROOM, user=LEAD.id, text="psst")
    assert read(slack) == []
    assert [said.text for said in workspace.ephemerals(LEAD.id)] == ["psst"]


def test_a_post_to_a_person_opens_a_direct_message(slack: WebClient) -> None:
    channel = slack.conversations_open(users=LEAD.id)["channel"]["id"]
    assert slack.chat_postMessage(channel=LEAD.id, text="x")["channel"] == channel


def test_a_channel_may_be_named(slack: WebClient) -> None:
    assert slack.chat_postMessage(channel="#ml-ranking", text="x")["channel"] == ROOM


def test_a_permalink_leads_into_the_thread(slack: WebClient) -> None:
    parent = post(slack, "parent")
    reply = post(slack, "reply", thread_ts=parent)
    link = slack.chat_getPermalink(channel=ROOM, message_ts=reply)["permalink"]
    assert link.endswith(
        f"/archives/{ROOM}/p{reply.replace('.', '')}?thread_ts={parent}&cid={ROOM}"
    )


def test_channels_people_and_groups_are_listed(slack: WebClient) -> None:
    channels = slack.conversations_list(types="public_channel,private_channel")["channels"]
    assert {c["id"]: c["is_member"] for c in channels}[GENERAL.id] is False
    assert slack.users_info(user=LEAD.id)["user"]["profile"]["email"] == LEAD.email
    assert slack.users_lookupByEmail(email=LEAD.email)["user"]["id"] == LEAD.id
    assert [g["handle"] for g in slack.usergroups_list()["usergroups"]] == ["ml-oncall"]
    members = slack.usergroups_users_list(usergroup=ONCALL_GROUP.id)["users"]
    assert members == [ONCALL.id, LEAD.id]


def test_a_joined_channel_can_be_read(slack: WebClient) -> None:
    slack.conversations_join(channel=GENERAL.id)
    assert slack.conversations_history(channel=GENERAL.id)["messages"] == []


def test_a_mark_is_set_once(slack: WebClient) -> None:
    ts = post(slack, "x")
    slack.reactions_add(channel=ROOM, timestamp=ts, name="eyes")
    slack.pins_add(channel=ROOM, timestamp=ts)
    with pytest.raises(SlackApiError, match="already_reacted"):
        slack.reactions_add(channel=ROOM, timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError, match="already_pinned"):
        slack.pins_add(channel=ROOM, timestamp=ts)


def test_every_call_is_remembered_without_its_token(slack: WebClient, workspace: Workspace) -> None:
    post(slack, "x")
    (call,) = workspace.calls_to("chat.postMessage")
    assert call.args == {"channel": ROOM, "text": "x"}
    assert call.answer["ok"]


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (Fault.DROP_BEFORE_STORE, []),
        (Fault.DROP_AFTER_STORE, ["x"]),
        (Fault.HANG_BEFORE_STORE, []),
    ],
)
def test_a_lost_answer_leaves_the_truth_in_history(
    slack: WebClient, workspace: Workspace, fault: Fault, stored: list[str]
) -> None:
    workspace.faults.arm("chat.postMessage", fault, seconds=0.01)
    with pytest.raises(OSError, match=r"closed|reset|refused"):
        post(slack, "x")
    assert read(slack) == stored
    assert post(slack, "y")


@pytest.mark.parametrize(
    ("fault", "stored"),
    [(Fault.ERROR_500_BEFORE_STORE, []), (Fault.ERROR_500_AFTER_STORE, ["x"])],
)
def test_an_internal_error_may_come_before_or_after_the_work(
    slack: WebClient, workspace: Workspace, fault: Fault, stored: list[str]
) -> None:
    workspace.faults.arm("chat.postMessage", fault)
    with pytest.raises(SlackApiError) as refused:
        post(slack, "x")
    assert refused.value.response.status_code == 500
    assert read(slack) == stored


def test_a_hang_outlasts_the_patience_of_the_client(
    server: PlaygroundServer, workspace: Workspace
) -> None:
    workspace.faults.arm("chat.postMessage", Fault.HANG_AFTER_STORE, seconds=30)
    hasty = WebClient(workspace.keys.bot, base_url=server.api_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        post(hasty, "x")
    assert [said.text for said in workspace.messages(ROOM)] == ["x"]


def test_an_armed_code_or_limit_is_answered_as_often_as_asked(
    slack: WebClient, workspace: Workspace
) -> None:
    workspace.faults.arm("chat.postMessage", Fault.ERROR_CODE, times=2, code="fatal_error")
    workspace.faults.arm("chat.postMessage", Fault.RATE_LIMITED, seconds=7)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            post(slack, "x")
    with pytest.raises(SlackApiError) as refused:
        post(slack, "x")
    assert refused.value.response.headers["retry-after"] == "7"
    assert post(slack, "x")


def test_a_post_may_be_late_in_history(slack: WebClient, workspace: Workspace) -> None:
    workspace.faults.arm("chat.postMessage", Fault.LATE_IN_HISTORY, seconds=3600)
    late = post(slack, "late")
    post(slack, "in time")
    assert read(slack) == ["in time"]
    assert workspace.message(ROOM, late).text == "late"
