"""The playground refuses what Slack refuses, as the real client sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.limits import Limits
from bot.playground.model import Bot, Channel
from bot.playground.seed import GENERAL, GUEST, LEAD, ONCALL_GROUP, TEAM_CHANNEL, small_workspace
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
ROOM = TEAM_CHANNEL.id
SECRET = Channel("C0SECRET", "secret", frozenset({LEAD.id}), is_private=True)
CLOSED = replace(TEAM_CHANNEL, id="C0CLOSED", name="closed", is_archived=True)
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Title"},
    "blocks": [{"type": "divider"}],
}


class Clock:
    """Real time, which a test may move on."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    rooms = (TEAM_CHANNEL, GENERAL, SECRET, CLOSED)
    return small_workspace(clock, channels=rooms, limits=Limits(post_interval=0.0))


@pytest.fixture
def server(workspace: Workspace) -> Iterator[PlaygroundServer]:
    with PlaygroundServer(workspace, TEMPLATES) as running:
        yield running


@pytest.fixture
def slack(server: PlaygroundServer) -> WebClient:
    return WebClient(server.workspace.keys.bot, base_url=server.api_url, retry_handlers=[])


def refusal(call: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        call()
    body: dict[str, Any] = refused.value.response.data
    return body


def test_a_call_without_a_token_is_not_authed(server: PlaygroundServer) -> None:
    answer = httpx.post(server.api_url + "auth.test", trust_env=False)
    assert answer.json() == {"ok": False, "error": "not_authed"}


def test_a_wrong_token_is_invalid_auth(server: PlaygroundServer) -> None:
    stranger = WebClient("xoxb-else", base_url=server.api_url, retry_handlers=[])
    assert refusal(stranger.auth_test)["error"] == "invalid_auth"


def test_a_bot_token_opens_no_socket(slack: WebClient) -> None:
    error = refusal(lambda: slack.apps_connections_open(app_token=slack.token or ""))
    assert error["error"] == "not_allowed_token_type"


def test_a_token_in_the_form_works_as_well(server: PlaygroundServer) -> None:
    form = {"token": server.workspace.keys.bot}
    answer = httpx.post(server.api_url + "auth.test", data=form, trust_env=False)
    assert answer.json()["user_id"] == "U0BURNBAN"


def test_every_answer_tells_the_scopes(slack: WebClient) -> None:
    assert "chat:write" in slack.auth_test().headers["x-oauth-scopes"]


def test_an_unknown_method_is_unknown(slack: WebClient) -> None:
    assert refusal(lambda: slack.api_call("chat.shout"))["error"] == "unknown_method"


def test_an_unknown_argument_is_named(slack: WebClient) -> None:
    body = refusal(lambda: slack.chat_postMessage(channel=ROOM, text="x", client_msg_id="1"))
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == ["[ERROR] unknown argument: client_msg_id"]


def test_a_missing_argument_is_named(slack: WebClient) -> None:
    body = refusal(lambda: slack.api_call("chat.postMessage", json={"text": "x"}))
    assert body["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_json_that_does_not_parse_is_invalid(server: PlaygroundServer) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer xoxb-playground"}
    url = server.api_url + "chat.postMessage"
    broken = httpx.post(url, content=b"{", headers=headers, trust_env=False)
    assert broken.json()["error"] == "invalid_json"
    listed = httpx.post(url, content=b"[]", headers=headers, trust_env=False)
    assert listed.json()["error"] == "json_not_object"


def test_a_missing_scope_is_told_with_what_is_needed_and_provided(clock: Clock) -> None:
    poor = small_workspace(clock, bot=Bot(scopes=frozenset({"chat:write"})))
    with PlaygroundServer(poor, TEMPLATES) as server:
        slack = WebClient(poor.keys.bot, base_url=server.api_url, retry_handlers=[])
        body = refusal(lambda: slack.usergroups_users_list(usergroup=ONCALL_GROUP.id))
    assert body == {
        "ok": False,
        "error": "missing_scope",
        "needed": "usergroups:read",
        "provided": "chat:write",
    }


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


def test_a_second_post_within_a_second_is_rate_limited(clock: Clock) -> None:
    with PlaygroundServer(small_workspace(clock), TEMPLATES) as server:
        slack = WebClient("xoxb-playground", base_url=server.api_url, retry_handlers=[])
        slack.chat_postMessage(channel=ROOM, text="one")
        with pytest.raises(SlackApiError) as refused:
            slack.chat_postMessage(channel=ROOM, text="two")
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["retry-after"] == "1"
        assert refused.value.response.data == {"ok": False, "error": "ratelimited"}
        clock.ahead += 1.0
        assert slack.chat_postMessage(channel=ROOM, text="two")["ok"]


def test_group_members_are_tier_two(slack: WebClient) -> None:
    for _ in range(20):
        slack.usergroups_users_list(usergroup=ONCALL_GROUP.id)
    with pytest.raises(SlackApiError) as refused:
        slack.usergroups_users_list(usergroup=ONCALL_GROUP.id)
    assert refused.value.response.status_code == 429


def test_a_trigger_opens_one_modal(slack: WebClient, workspace: Workspace) -> None:
    trigger = workspace.modals.new_trigger(LEAD.id)
    assert slack.views_open(trigger_id=trigger, view=MODAL)["view"]["id"]
    again = refusal(lambda: slack.views_open(trigger_id=trigger, view=MODAL))
    assert again["error"] == "exchanged_trigger_id"


def test_a_trigger_lives_three_seconds(
    slack: WebClient, workspace: Workspace, clock: Clock
) -> None:
    trigger = workspace.modals.new_trigger(LEAD.id)
    clock.ahead += 3.1
    late = refusal(lambda: slack.views_open(trigger_id=trigger, view=MODAL))
    assert late["error"] == "expired_trigger_id"


def test_a_made_up_trigger_is_invalid(slack: WebClient) -> None:
    body = refusal(lambda: slack.views_open(trigger_id="1.2.abc", view=MODAL))
    assert body["error"] == "invalid_trigger_id"


def test_an_invalid_view_is_named_with_its_place(slack: WebClient, workspace: Workspace) -> None:
    trigger = workspace.modals.new_trigger(LEAD.id)
    view = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}
    body = refusal(lambda: slack.views_open(trigger_id=trigger, view=view))
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


def test_an_unknown_view_is_not_found(slack: WebClient) -> None:
    body = refusal(lambda: slack.views_update(view_id="V0", view=MODAL))
    assert body["error"] == "not_found"


def test_an_old_hash_is_a_conflict(slack: WebClient, workspace: Workspace) -> None:
    opened = slack.views_open(trigger_id=workspace.modals.new_trigger(LEAD.id), view=MODAL)["view"]
    slack.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    body = refusal(
        lambda: slack.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    )
    assert body["error"] == "hash_conflict"


def test_three_modals_are_the_most(slack: WebClient, workspace: Workspace) -> None:
    slack.views_open(trigger_id=workspace.modals.new_trigger(LEAD.id), view=MODAL)
    for _ in range(2):
        slack.views_push(trigger_id=workspace.modals.new_trigger(LEAD.id), view=MODAL)
    trigger = workspace.modals.new_trigger(LEAD.id)
    body = refusal(lambda: slack.views_push(trigger_id=trigger, view=MODAL))
    assert body["error"] == "push_limit_reached"


def test_the_validator_names_each_fault(slack: WebClient) -> None:
    assert slack.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    body = refusal(lambda: slack.blocks_validate(blocks=[{"type": "banner"}]))
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == [
        {"pointer": "/0/type", "code": "unsupported_type", "message": "unsupported type: banner"}
    ]


def test_a_page_of_another_site_may_not_act(server: PlaygroundServer) -> None:
    body = {"user": LEAD.id, "channel": ROOM, "text": "x"}
    url = f"{server.url}/web/say"
    foreign = httpx.post(
        url, json=body, headers={"Origin": "https://evil.example"}, trust_env=False
    )
    renamed = httpx.post(url, json=body, headers={"Host": "evil.example"}, trust_env=False)
    assert (foreign.status_code, renamed.status_code) == (403, 403)
    assert server.workspace.messages(ROOM) == ()


def test_junk_on_the_page_is_a_bad_request(server: PlaygroundServer) -> None:
    url = f"{server.url}/web/say"
    assert httpx.post(url, content=b"{", trust_env=False).status_code == 422
    nobody = {"user": "U0NOBODY", "channel": ROOM, "text": "x"}
    assert httpx.post(url, json=nobody, trust_env=False).status_code == 404
