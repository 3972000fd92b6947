"""Response URLs: five uses within thirty minutes of the interaction that gave them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.playground.model import SlackError

_USES = 5
_LIFE = 30 * 60.0


@dataclass(frozen=True)
class Hook:
    """What a response URL stands for: whom it answers, where, and about which message."""

    path: str
    user: str
    channel: str
    expires: float
    uses_left: int = _USES
    message_ts: str = ""
    ephemeral: bool = False
    thread_ts: str = ""


class Hooks:
    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._hooks: dict[str, Hook] = {}

    def for_command(self, user: str, channel: str) -> Hook:
        return self._keep(Hook(self._path("commands"), user, channel, self._wall() + _LIFE))

    def for_action(
        self, user: str, channel: str, message_ts: str, *, ephemeral: bool, thread_ts: str
    ) -> Hook:
        return self._keep(
            Hook(
                self._path("actions"),
                user,
                channel,
                self._wall() + _LIFE,
                message_ts=message_ts,
                ephemeral=ephemeral,
                thread_ts=thread_ts,
            )
        )

    def use(self, path: str) -> Hook:
        with self._lock:
            hook = self._hooks.get(path)
            if hook is None:
                raise SlackError("invalid_url")
            if self._wall() >= hook.expires:
                raise SlackError("expired_url")
            if hook.uses_left <= 0:
                raise SlackError("used_url")
            self._hooks[path] = replace(hook, uses_left=hook.uses_left - 1)
            return hook

    def _keep(self, hook: Hook) -> Hook:
        with self._lock:
            self._hooks[hook.path] = hook
        return hook

    @staticmethod
    def _path(kind: str) -> str:
        return f"{kind}/T0PLAYGRND/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
