"""A workspace that outlives its process: rooms, people and what was said, in an SQLite file.

Each change is in the file before whoever made it is answered, as with Slack itself, so a process
that is killed loses nothing. Private answers, open forms and home tabs are not kept: who asks again
gets them again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from bot.playground.feed import Change
from bot.playground.model import Channel, Json, Message, SlackError, User, UserGroup
from bot.playground.workspace import Workspace

Key = tuple[str, str, str]
"""What it is, the room that it is in (messages only), its id or time stamp."""
_READY = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "CREATE TABLE IF NOT EXISTS things"
    " (kind TEXT, room TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, room, name))",
)


@contextmanager
def remembered(space: Workspace, path: Path) -> Iterator[None]:
    """Put back into `space` what the file at `path` has, then keep every change in it while the
    block runs. Raises OSError if it cannot be read or written, ValueError for what is no memory
    of a workspace."""
    with closing(_open(path)) as kept:
        _recall(space, kept)
        stop = space.feed.listen(_keeping(space, kept))
        try:
            yield
        finally:
            stop()


def _open(path: Path) -> sqlite3.Connection:
    """Every use of it is under the workspace's lock, whichever thread it comes from."""
    try:
        return sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


def _recall(space: Workspace, kept: sqlite3.Connection) -> None:
    try:
        for line in _READY:
            kept.execute(line)
        with space.lock:
            _put_back(space, kept)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    except (sqlite3.DatabaseError, TypeError, KeyError) as error:
        raise ValueError(str(error)) from error


def _put_back(space: Workspace, kept: sqlite3.Connection) -> None:
    for body in _bodies(kept, "user"):
        space.put_user(User(**body))
    for body in _bodies(kept, "group"):
        group = UserGroup(**{**body, "users": tuple(body["users"])})
        if group != space.group(group.id):  # else the app would be told of a change that is none
            space.set_group_users(group.id, group.users, disabled=group.disabled)
    for body in _bodies(kept, "channel"):
        space.put_channel(Channel(**{**body, "members": frozenset(body["members"])}))
    for body in _bodies(kept, "message"):  # replies are younger than what they reply to
        space.put_message(_message(body))
        space.stamps.pass_by(body["edited_ts"] or body["ts"])


def _bodies(kept: sqlite3.Connection, kind: str) -> list[Json]:
    rows = kept.execute("SELECT body FROM things WHERE kind = ? ORDER BY name", (kind,))
    return [json.loads(body) for (body,) in rows]


def _message(body: Json) -> Message:
    lists: Json = {name: tuple(body[name]) for name in ("blocks", "attachments")}
    lists["reactions"] = tuple((emoji, who) for emoji, who in body["reactions"])
    return Message(**{**body, **lists})


def _keeping(space: Workspace, kept: sqlite3.Connection) -> Callable[[Change], None]:
    """What listens to the workspace."""

    def heard(change: Change) -> None:
        found = _named(change)
        if found is None:
            return
        body = _now(space, *found)
        if body is None:
            kept.execute("DELETE FROM things WHERE (kind, room, name) = (?, ?, ?)", found)
        else:
            kept.execute("INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?)", (*found, body))

    return heard


def _named(change: Change) -> Key | None:
    """What of the workspace changed; None for what is not kept."""
    match change.kind:
        case "message" | "gone" if not change.only_for:
            return "message", change.channel, change.data["ts"]
        case "channel" | "user":
            return change.kind, "", change.data["id"]
        case "group":
            return "group", "", change.data["subteam_id"]
        case _:
            return None


def _now(space: Workspace, kind: str, room: str, name: str) -> str | None:
    """As it stands, as JSON; None if it is gone."""
    ask: dict[str, Callable[[str], User | UserGroup | Channel | Message]] = {
        "user": space.user,
        "group": space.group,
        "channel": space.channel,
        "message": lambda ts: space.message(room, ts),
    }
    try:
        found = ask[kind](name)
    except SlackError:
        return None
    return json.dumps(asdict(found), default=sorted)
