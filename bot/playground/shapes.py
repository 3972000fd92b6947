"""Things of the workspace in the JSON that Slack gives for them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.playground.model import Channel, Json, Message, Team, User, UserGroup


def user(person: User, team: Team, *, with_email: bool) -> Json:
    profile = {"real_name": person.real_name, "display_name": person.name, "title": person.title}
    if with_email and person.email:
        profile["email"] = person.email
    return {
        "id": person.id,
        "team_id": person.team or team.id,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": person.deleted,
        "tz": person.tz,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_admin": False,
        "is_owner": False,
    }


def channel(room: Channel, bot_user: str) -> Json:
    if room.is_im:
        other = next((m for m in room.members if m != bot_user), bot_user)
        return {"id": room.id, "is_im": True, "user": other, "is_archived": False}
    return {
        "id": room.id,
        "name": room.name,
        "name_normalized": room.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": room.is_private,
        "is_archived": room.is_archived,
        "is_member": bot_user in room.members,
        "num_members": len(room.members),
        "topic": {"value": room.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def group(usergroup: UserGroup, team: Team) -> Json:
    return {
        "id": usergroup.id,
        "team_id": team.id,
        "is_usergroup": True,
        "name": usergroup.name,
        "handle": usergroup.handle,
        "date_delete": 1 if usergroup.disabled else 0,
        "user_count": len(usergroup.users),
    }


def message(said: Message, replies: Sequence[Message] = (), *, with_metadata: bool = True) -> Json:
    body: Json = {"type": "message", "user": said.user, "text": said.text, "ts": said.ts}
    optional: Json = {
        "subtype": said.subtype,
        "bot_id": said.bot_id,
        "username": said.username,
        "blocks": list(said.blocks),
        "attachments": list(said.attachments),
        "thread_ts": said.thread_ts or (said.ts if replies else ""),
        "metadata": said.metadata if with_metadata else None,
        "reactions": _reactions(said),
    }
    body |= {key: value for key, value in optional.items() if value}
    if said.edited_ts:
        body["edited"] = {"user": said.user, "ts": said.edited_ts}
    if replies:
        people = list(dict.fromkeys(reply.user for reply in replies))
        body |= {
            "reply_count": len(replies),
            "reply_users": people,
            "reply_users_count": len(people),
            "latest_reply": replies[-1].ts,
        }
    return body


def _reactions(said: Message) -> list[Json]:
    names = list(dict.fromkeys(name for name, _ in said.reactions))
    return [
        {"name": name, "users": users, "count": len(users)}
        for name in names
        for users in [[who for emoji, who in said.reactions if emoji == name]]
    ]
