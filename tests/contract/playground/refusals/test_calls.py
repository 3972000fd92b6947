"""Calls that Slack refuses: without a right, of no method, too often, out of another page."""

from __future__ import annotations

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.model import Bot
from bot.playground.seed import LEAD
from bot.playground.server import PlaygroundServer
from tests.contract.playground.refusals.conftest import ROOM, TEMPLATES, Clock, refusal
from tests.team import ONCALL_GROUP, small_workspace


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
