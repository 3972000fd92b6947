"""Modals and home tabs, and the trigger ids that open them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.playground.feed import Change, Feed
from bot.playground.identifiers import with_identifiers
from bot.playground.model import Json, SlackError

_TRIGGER_LIFE = 3.0
_STACK = 3


@dataclass(frozen=True)
class Trigger:
    user: str
    born: float
    used: bool = False


@dataclass(frozen=True)
class View:
    id: str
    user: str
    content: Json
    hash: str
    root: str = ""
    previous: str = ""

    def as_slack(self, team: str, bot_id: str, app_id: str) -> Json:
        blank = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "state": {"values": {}},
        }
        return {
            **blank,
            "notify_on_close": False,
            "clear_on_close": False,
            "submit": None,
            "close": None,
            **self.content,
            "id": self.id,
            "team_id": team,
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous or None,
            "bot_id": bot_id,
            "app_id": app_id,
        }


class Modals:
    """The stack of modals and the home tab of each user. Its callers hold the workspace's lock."""

    def __init__(self, wall: Callable[[], float], feed: Feed, team: str) -> None:
        self._wall = wall
        self._feed = feed
        self._team = team
        self._count = 0
        self._triggers: dict[str, Trigger] = {}
        self._stacks: dict[str, tuple[View, ...]] = {}
        self._homes: dict[str, View] = {}

    def new_trigger(self, user: str) -> str:
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(user, self._wall())
        return name

    def use_trigger(self, name: str) -> str:
        """The user behind a trigger id, which can be asked once and for three seconds."""
        trigger = self._triggers.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._wall() - trigger.born > _TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        self._triggers[name] = replace(trigger, used=True)
        return trigger.user

    def stack(self, user: str) -> tuple[View, ...]:
        return self._stacks.get(user, ())

    def top(self, user: str) -> View | None:
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: str, external_id: str = "") -> View:
        views = [view for stack in self._stacks.values() for view in stack]
        for view in (*views, *self._homes.values()):
            same = external_id and view.content.get("external_id") == external_id
            if same or (view_id and view.id == view_id):
                return view
        raise SlackError("not_found")

    def open(self, user: str, content: Json) -> View:
        view = self._new(user, content)
        self._set_stack(user, (view,))
        return view

    def push(self, user: str, content: Json) -> View:
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= _STACK:
            raise SlackError("push_limit_reached")
        view = self._new(user, content, root=stack[0].id, previous=stack[-1].id)
        self._set_stack(user, (*stack, view))
        return view

    def update(self, view: View, content: Json, hash_seen: str = "") -> View:
        if hash_seen and hash_seen != view.hash:
            raise SlackError("hash_conflict")
        after = self._new(view.user, content, root=view.root, previous=view.previous, name=view.id)
        if self._homes.get(view.user) == view:
            self._homes[view.user] = after
            self._feed.tell(Change("home", {"user": view.user}, only_for=view.user))
        else:
            stack = tuple(after if held.id == view.id else held for held in self.stack(view.user))
            self._set_stack(view.user, stack)
        return after

    def publish(self, user: str, content: Json, hash_seen: str = "") -> View:
        before = self._homes.get(user)
        if before and hash_seen and hash_seen != before.hash:
            raise SlackError("hash_conflict")
        view = self._new(user, content, name=before.id if before else "")
        self._homes[user] = view
        self._feed.tell(Change("home", {"user": user}, only_for=user))
        return view

    def close(self, user: str, *, everything: bool = False) -> None:
        self._set_stack(user, () if everything else self.stack(user)[:-1])

    def _set_stack(self, user: str, stack: tuple[View, ...]) -> None:
        self._stacks[user] = stack
        self._feed.tell(Change("modal", {"user": user}, only_for=user))

    def _new(
        self, user: str, content: Json, *, root: str = "", previous: str = "", name: str = ""
    ) -> View:
        self._count += 1
        filled = {**content, "blocks": list(with_identifiers(content.get("blocks") or []))}
        digest = hashlib.sha256(json.dumps(filled, sort_keys=True).encode()).hexdigest()[:8]
        stamp = f"{int(self._wall())}.{self._count}{digest}"
        return View(name or f"V{self._count:09d}", user, filled, stamp, root, previous)
