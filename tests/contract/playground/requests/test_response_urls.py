"""How long, how often and for what the response URL of a command serves."""

from __future__ import annotations

import time

import httpx

from bot.playground.seed import LEAD
from bot.playground.server import PlaygroundServer
from tests.contract.playground.requests.conftest import ROOM, TEMPLATES
from tests.team import small_workspace


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
