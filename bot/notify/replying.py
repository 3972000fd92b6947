"""Answers to one person, and modals: the ways back that Slack hands out with a request."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk import WebClient

from bot.errors import Refused, Unclear
from bot.notify.answers import asking
from bot.notify.exchange import exchange
from bot.ports import Rendered

_SLACKS_OWN = "hooks.slack.com"
_TIMEOUT = 5


class Responder:
    """Posts to response_urls. They come with signed requests; all the same only Slack's own host,
    or the host that SLACK_API_URL names, is ever written to."""

    def __init__(self, api_url: str) -> None:
        self._api = urlsplit(api_url)

    def __call__(self, url: str, message: Rendered, *, replace: bool) -> None:
        """Answer so that only the person sees it. Raises Refused or Unclear."""
        if not self._trusted(url):
            raise Refused("response_url_refused", urlsplit(url).hostname or "")
        body: dict[str, Any] = {
            "text": message.text,
            "response_type": "ephemeral",
            "replace_original": replace,
        }
        if message.blocks:
            body["blocks"] = [dict(block) for block in message.blocks]
        kind = {"Content-Type": "application/json; charset=utf-8"}
        request = Request(url, json.dumps(body).encode(), kind, method="POST")  # noqa: S310 - trusted
        try:
            given = exchange(request, _TIMEOUT)
        except (OSError, HTTPException) as error:
            raise Unclear(f"response_url: {error}") from error
        if given.status != 200:
            raise Refused("response_url", f"{given.status} {given.body[:200]}")

    def _trusted(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname == _SLACKS_OWN:
            return True
        other = self._api.hostname not in ("slack.com", None)
        return other and (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc)


class Modals:
    """views.open and views.update."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def open(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Open a modal; its id. Raises Refused (expired_trigger_id, say) or Unclear."""
        answer = self._call("views.open", {"trigger_id": trigger, "view": dict(view)})
        return str(answer["view"]["id"])

    def update(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Fill an open modal."""
        self._call("views.update", {"view_id": view_id, "view": dict(view)})

    def _call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        with asking(method):
            answer = self._client.api_call(method, json=dict(body))
        return dict(answer.data) if isinstance(answer.data, dict) else {}
