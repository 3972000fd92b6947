"""The Web API: who asks, may they, is it asked rightly; then the method, and the armed faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.playground import (
    arguments,
    methods_chat,
    methods_conversations,
    methods_people,
    methods_views,
)
from bot.playground.arguments import Args
from bot.playground.faults import AFTER_STORE, Armed, Fault
from bot.playground.limits import RateLimited
from bot.playground.method import Method, method, need_scope
from bot.playground.model import Json, SlackError
from bot.playground.workspace import Call, Workspace


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `dropped` means that the connection breaks instead."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False


class Api:
    """`socket_url` gives the address of a new Socket Mode connection."""

    def __init__(self, workspace: Workspace, socket_url: Callable[[], str]) -> None:
        self._workspace = workspace
        self._methods: dict[str, Method] = {
            **methods_chat.METHODS,
            **methods_conversations.METHODS,
            **methods_people.METHODS,
            **methods_views.METHODS,
            "apps.connections.open": method(lambda _w, _a: {"url": socket_url()}, caller="app"),
        }

    def call(self, name: str, token: str, values: Json) -> Answer:
        answer = self._answer(name, token, values)
        shown = {key: value for key, value in values.items() if key != "token"}
        self._workspace.remember(Call(name, shown, answer.body, self._workspace.wall()))
        return answer

    def _answer(self, name: str, token: str, values: Json) -> Answer:
        try:
            wanted, args = self._admit(name, token, values)
            armed = self._take_fault(name)
            if early := self._early(armed):
                return early
            with self._workspace.lock:
                self._workspace.limits.check(name, wanted.tier, self._workspace.wall)
                body = {"ok": True, **wanted.run(self._workspace, args)}
        except RateLimited as limited:
            headers = {"Retry-After": str(limited.retry_after)}
            return Answer(limited.body, 429, headers)
        except SlackError as refused:
            return Answer(refused.body, headers=self._scopes(name))
        return self._late(armed, Answer(body, headers=self._scopes(name)))

    def _admit(self, name: str, token: str, values: Json) -> tuple[Method, Args]:
        wanted = self._methods.get(name)
        if wanted is None:
            raise SlackError("unknown_method", req_method=name)
        self._authenticate(wanted, token)
        need_scope(self._workspace, *wanted.any_scope)
        if name == "api.test":
            return wanted, Args(values)
        return wanted, arguments.check(values, wanted.required, wanted.optional)

    def _authenticate(self, wanted: Method, token: str) -> None:
        keys = {"bot": self._workspace.keys.bot, "app": self._workspace.keys.app}
        if wanted.caller == "anyone":
            return
        if not token:
            raise SlackError("not_authed")
        if token == keys[wanted.caller]:
            return
        raise SlackError("not_allowed_token_type" if token in keys.values() else "invalid_auth")

    def _take_fault(self, name: str) -> Armed | None:
        armed = self._workspace.faults.take(name)
        if armed and armed.fault is Fault.LATE_IN_HISTORY:
            # The post itself goes well: it takes the delay from a shelf of its own.
            self._workspace.faults.arm(f"{name}:history", armed.fault, seconds=armed.seconds)
            return None
        return armed

    def _early(self, armed: Armed | None) -> Answer | None:
        if armed is None or armed.fault in AFTER_STORE:
            return None
        if armed.fault is Fault.ERROR_CODE:
            raise SlackError(armed.code)
        if armed.fault is Fault.RATE_LIMITED:
            raise RateLimited(int(armed.seconds))
        if armed.fault is Fault.HANG_BEFORE_STORE:
            self._workspace.faults.hang(armed.seconds)
            return Answer({}, dropped=True)
        return _broken(armed)

    def _late(self, armed: Armed | None, answer: Answer) -> Answer:
        if armed is None:
            return answer
        if armed.fault is Fault.HANG_AFTER_STORE:
            self._workspace.faults.hang(armed.seconds)
            return answer
        return _broken(armed)

    def _scopes(self, name: str) -> dict[str, str]:
        wanted = self._methods.get(name)
        return {
            "x-oauth-scopes": ",".join(sorted(self._workspace.bot.scopes)),
            "x-accepted-oauth-scopes": ",".join(wanted.any_scope) if wanted else "",
        }


def _broken(armed: Armed) -> Answer:
    if armed.fault in {Fault.DROP_BEFORE_STORE, Fault.DROP_AFTER_STORE}:
        return Answer({}, dropped=True)
    return Answer({"ok": False, "error": "internal_error"}, 500)
