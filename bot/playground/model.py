"""The things of a workspace: people, channels, groups, messages, and the refusals of its API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# What `burnban manifest` asks for; a test that wants a refusal takes a scope away.
USUAL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:write",
        "pins:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)


class SlackError(Exception):
    """A refusal in Slack's form: a code, and the fields that Slack adds to it."""

    def __init__(self, code: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.body: Json = {"ok": False, "error": code, **extra}
        if messages:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}


@dataclass(frozen=True)
class Team:
    id: str = "T0PLAYGRND"
    name: str = "Playground"
    domain: str = "playground"


@dataclass(frozen=True)
class Keys:
    """The bot token, the app token and the signing key; the defaults open nothing but this toy."""

    bot: str = "xoxb-playground"
    app: str = "xapp-playground"
    signing: str = "playground-signing-key"


@dataclass(frozen=True)
class User:
    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"
    team: str = ""
    """The workspace they are at home in, where it is another one (Slack Connect)."""


@dataclass(frozen=True)
class Bot:
    user_id: str = "U0BURNBAN"
    bot_id: str = "B0BURNBAN"
    app_id: str = "A0BURNBAN"
    name: str = "burnban"
    real_name: str = "Burnban"
    scopes: frozenset[str] = USUAL_SCOPES


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    members: frozenset[str] = frozenset()
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False


@dataclass(frozen=True)
class UserGroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True)
class Command:
    """A slash command as the app's manifest declares it; `name` carries its slash."""

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Message:
    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    bot_id: str = ""
    username: str = ""
    thread_ts: str = ""
    metadata: Json | None = None
    edited_ts: str = ""
    only_for: str = ""
    subtype: str = ""
    readable_from: float = 0.0
    reactions: tuple[tuple[str, str], ...] = field(default=())
    pinned: bool = False

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        return not self.is_reply or self.subtype == "thread_broadcast"
