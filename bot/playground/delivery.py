"""How a request reaches the app: signed over HTTP, or through a Socket Mode connection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

import httpx

from bot.playground.model import Json
from bot.playground.signing import signed_headers

DEADLINE = 3.0


@dataclass(frozen=True)
class Reply:
    """What the app answered; `error` is empty when it acknowledged in time."""

    error: str = ""
    body: Json = field(default_factory=dict)
    status: int = 200
    wants_no_retry: bool = False

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(frozen=True)
class Retry:
    number: int
    reason: str


class Delivery(Protocol):
    def deliver(self, kind: str, payload: Json, retry: Retry | None = None) -> Reply: ...


class HttpDelivery:
    """Signed requests to one URL; `kind` is slash_commands, interactive or events_api."""

    def __init__(
        self, url: str, key: str, wall: Callable[[], float], deadline: float = DEADLINE
    ) -> None:
        self._url = url
        self._key = key
        self._wall = wall
        self._client = httpx.Client(trust_env=False, timeout=deadline)

    def deliver(self, kind: str, payload: Json, retry: Retry | None = None) -> Reply:
        body, content_type = _encoded(kind, payload)
        headers = signed_headers(self._key, body, self._wall()) | {"Content-Type": content_type}
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        try:
            answer = self._client.post(self._url, content=body, headers=headers)
        except httpx.TimeoutException:
            return Reply("operation_timeout", status=0)
        except httpx.HTTPError:
            return Reply("dispatch_failed", status=0)
        if not answer.is_success:
            stop = answer.headers.get("x-slack-no-retry") == "1"
            return Reply("dispatch_failed", status=answer.status_code, wants_no_retry=stop)
        return Reply(body=_decoded(answer), status=answer.status_code)

    def close(self) -> None:
        self._client.close()


def _encoded(kind: str, payload: Mapping[str, object]) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decoded(answer: httpx.Response) -> Json:
    """An answer in JSON, or a bare text, which Slack shows as it is."""
    if not answer.text.strip():
        return {}
    if "json" in answer.headers.get("content-type", ""):
        try:
            body = answer.json()
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    return {"text": answer.text}
