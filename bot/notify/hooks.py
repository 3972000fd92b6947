"""Webhooks to addresses of the specs, signed as Standard Webhooks are (standardwebhooks.com), by
way of the same outbox as the messages to Slack."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request

from bot.decide.outside import Hook
from bot.errors import ConfigError, DeliveryError, RateLimited, Refused, Unclear, Unreachable
from bot.notify.exchange import Given, exchange
from bot.ports import Messenger, Rendered, Renderer

TIMEOUT = 5.0
"""Seconds, all in: a third of an outbox lease."""
_AGAIN_AFTER = 5.0
_LONGEST = 3_600.0


class HookRenderer:
    """Bodies for addresses go out as they are; everything else is rendered. Satisfies Renderer."""

    def __init__(self, renderer: Renderer, template: str) -> None:
        self._renderer, self._template = renderer, template

    def message(self, template: str, facts: Mapping[str, Any]) -> Rendered:
        """See Renderer."""
        if template != self._template:
            return self._renderer.message(template, facts)
        return Rendered(json.dumps(dict(facts), sort_keys=True, ensure_ascii=False))

    def view(self, template: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """See Renderer."""
        return self._renderer.view(template, facts)


class HookMessenger:
    """Takes what is for an address, and hands the rest on. Satisfies Messenger.

    `hooks` gives the address of a name, `secrets` what is behind the name of a variable."""

    def __init__(
        self,
        messenger: Messenger,
        prefix: str,
        hooks: Callable[[str], Hook | None],
        secrets: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._messenger, self._prefix = messenger, prefix
        self._hooks, self._secrets, self._now = hooks, secrets, now

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """See Messenger. A 2xx is an arrival."""
        if not channel.startswith(self._prefix):
            return self._messenger.post(channel, message, key, thread, broadcast=broadcast)
        hook = self._hooks(channel.removeprefix(self._prefix))
        if hook is None:
            raise Refused("channel_not_found", "no Webhook of the specs has this name")
        self._send(hook, message.text.encode())
        return channel, key

    def edit(self, channel: str, ts: str, message: Rendered) -> None:
        """See Messenger."""
        self._messenger.edit(channel, ts, message)

    def find(self, channel: str, key: str, since: datetime, thread: str | None) -> list[str]:
        """Nobody can look into an address: what may have arrived is sent again, under its id."""
        if channel.startswith(self._prefix):
            return []
        return self._messenger.find(channel, key, since, thread)

    def delete(self, channel: str, ts: str) -> None:
        """See Messenger."""
        self._messenger.delete(channel, ts)

    def _send(self, hook: Hook, body: bytes) -> None:
        shown = urlsplit(hook.url).hostname or hook.name  # the rest of an address may be secret
        headers = self._headers(hook, body)
        request = Request(hook.url, body, headers, method="POST")  # noqa: S310 - the specs' own
        try:
            given = exchange(request, TIMEOUT)
        except URLError as error:
            raise _silent(shown, error.reason) from None
        except (OSError, HTTPException) as error:
            raise _silent(shown, error) from None
        _judge(shown, given)

    def _headers(self, hook: Hook, body: bytes) -> dict[str, str]:
        try:
            secret = self._secrets(hook.secret_env)
        except ConfigError as error:
            fault = error.faults[0]
            raise Refused("no_key", f"{fault.where} {fault.problem}") from None
        number = str(json.loads(body)["id"])
        stamp = str(int(self._now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "burnban",
            "webhook-id": number,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(secret, number, stamp, body),
        }


def signature(secret: str, number: str, stamp: str, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`. A secret that begins with `whsec_`
    is base64 after that, any other one is taken as it is written."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            raise Refused("bad_key", "what follows whsec_ is no base64") from None
    signed = f"{number}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _judge(shown: str, given: Given) -> None:
    if 200 <= given.status < 300:
        return
    if given.status in (429, 503):
        after = given.headers.get("retry-after", "")
        seconds = float(after) if after.isascii() and after.isdecimal() else 30.0
        raise RateLimited(min(_LONGEST, max(1.0, seconds)))
    if given.status >= 500:
        raise Unclear(f"{shown} answered {given.status}")
    raise Refused(f"http_{given.status}", f"{shown} answered {given.status}")


def _silent(shown: str, reason: object) -> DeliveryError:
    if isinstance(reason, ConnectionRefusedError):
        return Unreachable(f"{shown}: connection refused", _AGAIN_AFTER)
    return Unclear(f"{shown}: {type(reason).__name__}")
