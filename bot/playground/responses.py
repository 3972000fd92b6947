"""What a response URL does: answer in private or in the channel, replace or delete the message."""

from __future__ import annotations

from dataclasses import replace

from bot.playground.hooks import Hook
from bot.playground.identifiers import with_identifiers
from bot.playground.model import Json, Message, SlackError
from bot.playground.rules.surfaces import check_message
from bot.playground.workspace import Workspace

_CONTENT = {"text", "blocks", "attachments", "metadata"}
_MANNERS = {"thread_ts", "unfurl_links", "unfurl_media", "mrkdwn"}
_KNOWN = _CONTENT | _MANNERS | {"response_type", "replace_original", "delete_original"}


def respond(workspace: Workspace, hook: Hook, body: Json) -> None:
    unknown = sorted(set(body) - _KNOWN)
    if unknown:
        raise SlackError("invalid_arguments", messages=[f"unknown argument: {unknown[0]}"])
    with workspace.lock:
        original = _original(workspace, hook)
        if body.get("delete_original"):
            _delete(workspace, hook, original)
            return
        text, blocks = str(body.get("text") or ""), body.get("blocks") or []
        check_message(text, blocks, body.get("attachments"))
        if original and body.get("replace_original", _replaces_by_default(body, hook)):
            after = replace(original, text=text, blocks=with_identifiers(blocks))
            # Slack shows no edit mark on an ephemeral message.
            workspace.put_message(after) if original.only_for else workspace.edit(after)
            return
        _say(workspace, hook, body)


def _say(workspace: Workspace, hook: Hook, body: Json) -> None:
    said = Message(
        channel=hook.channel,
        ts="",
        user=workspace.bot.user_id,
        bot_id=workspace.bot.bot_id,
        text=str(body.get("text") or ""),
        blocks=tuple(body.get("blocks") or ()),
        thread_ts=str(body.get("thread_ts") or hook.thread_ts),
    )
    if body.get("response_type", "ephemeral") == "in_channel":
        workspace.post(said)
    else:
        workspace.whisper(replace(said, only_for=hook.user))


def _replaces_by_default(body: Json, hook: Hook) -> bool:
    return bool(hook.message_ts) and "response_type" not in body


def _original(workspace: Workspace, hook: Hook) -> Message | None:
    if not hook.message_ts:
        return None
    if hook.ephemeral:
        return workspace.ephemeral(hook.user, hook.message_ts)
    return workspace.message(hook.channel, hook.message_ts)


def _delete(workspace: Workspace, hook: Hook, original: Message | None) -> None:
    if original is None:
        raise SlackError("message_not_found")
    if original.only_for:
        workspace.dismiss(hook.user, original.ts)
    else:
        workspace.delete(original)
