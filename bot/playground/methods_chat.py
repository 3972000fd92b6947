"""chat.*: post, update, delete, whisper, link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.playground import shapes
from bot.playground.arguments import Args
from bot.playground.method import Method, joined_channel, method, need_scope, seen_channel
from bot.playground.model import Channel, Json, Message, SlackError
from bot.playground.rules.surfaces import check_message
from bot.playground.workspace import Workspace

_CONTENT = "text blocks attachments markdown_text"
_MANNERS = "link_names parse as_user username icon_emoji icon_url thread_ts"
_POST = "metadata unfurl_links unfurl_media mrkdwn reply_broadcast"


def post_message(workspace: Workspace, args: Args) -> Json:
    room = _room_to_post(workspace, args.text("channel"))
    said = _content(workspace, args, room)
    workspace.limits.check_post(room.id, workspace.wall)
    armed = workspace.faults.take("chat.postMessage:history")
    if armed:
        said = replace(said, readable_from=workspace.wall() + armed.seconds)
    said = workspace.post(said)
    return {"channel": room.id, "ts": said.ts, "message": shapes.message(said)}


def post_ephemeral(workspace: Workspace, args: Args) -> Json:
    room = joined_channel(workspace, args.text("channel"))
    person = workspace.user(args.text("user"))
    if person.id not in room.members:
        raise SlackError("user_not_in_channel")
    said = workspace.whisper(replace(_content(workspace, args, room), only_for=person.id))
    return {"message_ts": said.ts}


def update(workspace: Workspace, args: Args) -> Json:
    said = _own(workspace, args, "cant_update_message")
    text = args.text("text", "" if args.has("blocks") else said.text)
    # Slack keeps the parts that an update does not name.
    blocks = _list(args, "blocks", "invalid_blocks_format", list(said.blocks))
    attachments = _list(args, "attachments", "invalid_attachments", list(said.attachments))
    if not any(args.has(name) for name in _CONTENT.split()):
        raise SlackError("no_text")
    check_message(text, blocks, attachments)
    metadata = _metadata(args) if args.has("metadata") else said.metadata
    said = workspace.edit(
        replace(
            said,
            text=text,
            blocks=tuple(blocks),
            attachments=tuple(attachments),
            metadata=metadata,
        )
    )
    message = shapes.message(said)
    return {"channel": said.channel, "ts": said.ts, "text": said.text, "message": message}


def delete(workspace: Workspace, args: Args) -> Json:
    said = _own(workspace, args, "cant_delete_message")
    workspace.delete(said)
    return {"channel": said.channel, "ts": said.ts}


def permalink(workspace: Workspace, args: Args) -> Json:
    room = seen_channel(workspace, args.text("channel"))
    said = workspace.message(room.id, args.text("message_ts"))
    host = f"https://{workspace.team.domain}.slack.com"
    link = f"{host}/archives/{room.id}/p{said.ts.replace('.', '')}"
    if said.is_reply:
        link += f"?thread_ts={said.thread_ts}&cid={room.id}"
    return {"channel": room.id, "permalink": link}


def _room_to_post(workspace: Workspace, wanted: str) -> Channel:
    if wanted.startswith("U"):
        return _open(workspace.open_dm(wanted))
    named = [c for c in workspace.channels if not c.is_im and c.name == wanted.removeprefix("#")]
    room = seen_channel(workspace, named[0].id if named else wanted)
    member = workspace.bot.user_id in room.members
    if not member and "chat:write.public" not in workspace.bot.scopes:
        raise SlackError("not_in_channel")
    return _open(room)


def _open(room: Channel) -> Channel:
    if room.is_archived:
        raise SlackError("is_archived")
    return room


def _content(workspace: Workspace, args: Args, room: Channel) -> Message:
    if any(args.has(name) for name in ("username", "icon_emoji", "icon_url")):
        need_scope(workspace, "chat:write.customize")
    blocks = _list(args, "blocks", "invalid_blocks_format", [])
    attachments = _list(args, "attachments", "invalid_attachments", [])
    text = args.text("text")
    if args.has("markdown_text"):
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        blocks = [{"type": "markdown", "text": args.text("markdown_text")}]
    check_message(text, blocks, attachments)
    thread = args.text("thread_ts")
    if thread and _message(workspace, room.id, thread, "thread_not_found").is_reply:
        raise SlackError("cannot_reply_to_message")
    return Message(
        channel=room.id,
        ts="",
        user=workspace.bot.user_id,
        bot_id=workspace.bot.bot_id,
        text=text,
        blocks=tuple(blocks),
        attachments=tuple(attachments),
        username=args.text("username"),
        thread_ts=thread,
        metadata=_metadata(args),
        subtype="thread_broadcast" if thread and args.flag("reply_broadcast") else "",
    )


def _metadata(args: Args) -> Json | None:
    value = args.structure("metadata", "invalid_metadata_format")
    if not value:
        return None
    fine = isinstance(value, dict) and isinstance(value.get("event_payload"), dict)
    if not fine or not isinstance(value.get("event_type"), str):
        raise SlackError("invalid_metadata_schema")
    return dict(value)


def _list(args: Args, name: str, refusal: str, default: list[Any]) -> list[Any]:
    if not args.has(name):
        return default
    value = args.structure(name, refusal)
    if not isinstance(value, list):
        raise SlackError(refusal)
    return value


def _own(workspace: Workspace, args: Args, refusal: str) -> Message:
    room = seen_channel(workspace, args.text("channel"))
    said = _message(workspace, room.id, args.text("ts"), "message_not_found")
    if said.user != workspace.bot.user_id or said.subtype == "tombstone":
        raise SlackError(refusal)
    return said


def _message(workspace: Workspace, channel: str, ts: str, refusal: str) -> Message:
    try:
        return workspace.message(channel, ts)
    except SlackError:
        raise SlackError(refusal) from None


METHODS: dict[str, Method] = {
    "chat.postMessage": method(
        post_message, "channel", f"{_CONTENT} {_MANNERS} {_POST}", scope="chat:write", tier=0
    ),
    "chat.postEphemeral": method(
        post_ephemeral, "channel user", f"{_CONTENT} {_MANNERS}", scope="chat:write", tier=4
    ),
    "chat.update": method(
        update,
        "channel ts",
        "text blocks attachments metadata link_names parse as_user reply_broadcast",
        scope="chat:write",
    ),
    "chat.delete": method(delete, "channel ts", "as_user", scope="chat:write"),
    "chat.getPermalink": method(permalink, "channel message_ts", tier=0),
}
