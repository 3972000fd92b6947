"""conversations.*, reactions.add, pins.add: what there is to read, and marks on it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.playground import shapes
from bot.playground.arguments import Args
from bot.playground.method import Method, joined_channel, method, need_scope, seen_channel
from bot.playground.model import Channel, Json, Message, SlackError
from bot.playground.workspace import Workspace

_KINDS = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_PAGE = "cursor limit"
_SPAN = "oldest latest inclusive include_all_metadata"
_Thing = TypeVar("_Thing")


def list_channels(workspace: Workspace, args: Args) -> Json:
    wanted = args.text("types", "public_channel").split(",")
    for kind in wanted:
        if kind.strip() not in _KINDS:
            raise SlackError("invalid_types")
        need_scope(workspace, _KINDS[kind.strip()])
    rooms = [r for r in workspace.channels if _listed(r, wanted, workspace.bot.user_id)]
    if args.flag("exclude_archived"):
        rooms = [r for r in rooms if not r.is_archived]
    page, more = _page(args, rooms, lambda r: r.id)
    return {"channels": [shapes.channel(r, workspace.bot.user_id) for r in page], **more}


def info(workspace: Workspace, args: Args) -> Json:
    room = seen_channel(workspace, args.text("channel"))
    need_scope(workspace, "groups:read" if room.is_private else "channels:read")
    return {"channel": shapes.channel(room, workspace.bot.user_id)}


def members(workspace: Workspace, args: Args) -> Json:
    room = seen_channel(workspace, args.text("channel"))
    page, more = _page(args, sorted(room.members), lambda user: user)
    return {"members": page, **more}


def history(workspace: Workspace, args: Args) -> Json:
    room = _read(workspace, args)
    said = [m for m in workspace.messages(room.id) if m.in_channel]
    return _span(workspace, args, said[::-1])


def replies(workspace: Workspace, args: Args) -> Json:
    room = _read(workspace, args)
    try:
        parent = workspace.message(room.id, args.text("ts"))
    except SlackError:
        raise SlackError("thread_not_found") from None
    return _span(workspace, args, [parent, *workspace.replies(room.id, parent.ts)])


def join(workspace: Workspace, args: Args) -> Json:
    room = workspace.channel(args.text("channel"))
    if room.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if room.is_archived:
        raise SlackError("is_archived")
    if workspace.bot.user_id not in room.members:
        workspace.join(room.id, workspace.bot.user_id)
    after = workspace.channel(room.id)
    return {"channel": shapes.channel(after, workspace.bot.user_id)}


def open_dm(workspace: Workspace, args: Args) -> Json:
    users = [user for user in args.text("users").split(",") if user]
    if len(users) != 1:
        raise SlackError("method_not_supported_for_channel_type")
    room = workspace.open_dm(users[0].strip())
    return {"channel": {"id": room.id}}


def react(workspace: Workspace, args: Args) -> Json:
    said = _marked(workspace, args)
    mark = (args.text("name").strip(":"), workspace.bot.user_id)
    if mark in said.reactions:
        raise SlackError("already_reacted")
    workspace.put_message(replace(said, reactions=(*said.reactions, mark)))
    return {}


def pin(workspace: Workspace, args: Args) -> Json:
    said = _marked(workspace, args)
    if said.pinned:
        raise SlackError("already_pinned")
    workspace.put_message(replace(said, pinned=True))
    return {}


def _marked(workspace: Workspace, args: Args) -> Message:
    room = joined_channel(workspace, args.text("channel"))
    return workspace.message(room.id, args.text("timestamp"))


def _listed(room: Channel, kinds: list[str], bot: str) -> bool:
    if room.is_im:
        return "im" in kinds
    if room.is_private:
        return "private_channel" in kinds and bot in room.members
    return "public_channel" in kinds


def _read(workspace: Workspace, args: Args) -> Channel:
    room = joined_channel(workspace, args.text("channel"))
    if not room.is_im:
        need_scope(workspace, "groups:history" if room.is_private else "channels:history")
    return room


def _span(workspace: Workspace, args: Args, said: Sequence[Message]) -> Json:
    oldest, latest = args.text("oldest", "0"), args.text("latest", "9999999999.999999")
    closed = args.flag("inclusive")
    now = workspace.wall()
    kept = [
        m
        for m in said
        if m.readable_from <= now
        and (oldest < m.ts < latest or (closed and m.ts in {oldest, latest}))
    ]
    page, more = _page(args, kept, lambda m: m.ts)
    with_metadata = args.flag("include_all_metadata")
    bodies = [
        shapes.message(m, workspace.replies(m.channel, m.ts), with_metadata=with_metadata)
        for m in page
    ]
    return {"messages": bodies, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def _page(
    args: Args, things: Sequence[_Thing], key: Callable[[_Thing], str]
) -> tuple[list[_Thing], Json]:
    limit = args.number("limit", 100, 1000)
    start = 0
    if cursor := args.text("cursor"):
        start = _start_at(cursor, [key(thing) for thing in things])
    page = list(things[start : start + limit])
    rest = things[start + limit : start + limit + 1]
    cursor = base64.b64encode(f"next:{key(rest[0])}".encode()).decode() if rest else ""
    return page, {"response_metadata": {"next_cursor": cursor}}


def _start_at(cursor: str, keys: list[str]) -> int:
    try:
        name = base64.b64decode(cursor, validate=True).decode().removeprefix("next:")
        return keys.index(name)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None


METHODS: dict[str, Method] = {
    "conversations.list": method(list_channels, "", f"{_PAGE} types exclude_archived", tier=2),
    "conversations.info": method(info, "channel", "include_locale include_num_members"),
    "conversations.members": method(
        members, "channel", _PAGE, scope="channels:read groups:read", tier=4
    ),
    "conversations.history": method(history, "channel", f"{_PAGE} {_SPAN}"),
    "conversations.replies": method(replies, "channel ts", f"{_PAGE} {_SPAN}"),
    "conversations.join": method(join, "channel", scope="channels:join"),
    "conversations.open": method(
        open_dm, "users", "channel return_im prevent_creation", scope="im:write"
    ),
    "reactions.add": method(react, "channel name timestamp", scope="reactions:write"),
    "pins.add": method(pin, "channel timestamp", scope="pins:write", tier=2),
}
