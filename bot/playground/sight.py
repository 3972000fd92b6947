"""What one person sees of the workspace, as the page draws it."""

from __future__ import annotations

from bot.playground import shapes
from bot.playground.feed import Change
from bot.playground.modals import View
from bot.playground.model import Channel, Json, User
from bot.playground.workspace import Workspace

_LATEST = 300


class Sight:
    """The view of one user; every part is plain JSON."""

    def __init__(self, workspace: Workspace, user: str) -> None:
        self._workspace = workspace
        self.me = workspace.user(user)

    def everything(self) -> Json:
        space = self._workspace
        with space.lock:
            return {
                "kind": "everything",
                "me": self.me.id,
                "team": space.team.name,
                "bot": space.bot.user_id,
                "banner": space.banner,
                "now": space.shown_now,
                "users": [_person(person) for person in space.users],
                "groups": [{"id": g.id, "handle": g.handle} for g in space.groups],
                "channels": [self._room(r) for r in space.channels if self._may_see(r)],
                "commands": [
                    {"name": c.name, "description": c.description, "hint": c.usage_hint}
                    for c in space.commands
                ],
                "messages": self._messages(),
                "modal": self._modal(),
                "home": _view(space.modals.home(self.me.id)),
            }

    def change(self, change: Change) -> Json | None:
        """A change as this person sees it, or None where it is not for their eyes."""
        if change.only_for not in ("", self.me.id):
            return None
        if change.channel and not self._may_see(self._workspace.channel(change.channel)):
            return None
        return self._told(change)

    def _told(self, change: Change) -> Json | None:
        match change.kind:
            case "message" | "gone" | "banner":
                return {"kind": change.kind, "data": change.data}
            case "channel":
                room = self._workspace.channel(change.channel)
                return {"kind": "channel", "data": self._room(room)}
            case "user":
                person = self._workspace.user(change.data["id"])
                return {"kind": "user", "data": _person(person)}
            case "modal":
                return {"kind": "modal", "data": self._modal()}
            case "home":
                home = self._workspace.modals.home(self.me.id)
                return {"kind": "home", "data": _view(home)}
            case _:
                return None

    def _messages(self) -> list[Json]:
        space = self._workspace
        said = [
            shapes.message(m, space.replies(room.id, m.ts)) | {"channel": room.id}
            for room in space.channels
            if self._may_see(room)
            for m in space.messages(room.id)[-_LATEST:]
        ]
        whispers = [
            shapes.message(m) | {"channel": m.channel, "ephemeral": True}
            for m in space.ephemerals(self.me.id)
        ]
        return said + whispers

    def _modal(self) -> Json | None:
        stack = self._workspace.modals.stack(self.me.id)
        view = _view(stack[-1] if stack else None)
        return {**view, "depth": len(stack)} if view else None

    def _may_see(self, room: Channel) -> bool:
        if self.me.id in room.members:
            return True
        return not (room.is_private or self.me.is_guest)

    def _room(self, room: Channel) -> Json:
        return {
            "id": room.id,
            "name": room.name,
            "topic": room.topic,
            "private": room.is_private,
            "dm": room.is_im,
            "archived": room.is_archived,
            "member": self.me.id in room.members,
            "people": len(room.members),
        }


def _person(person: User) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "bot": person.is_bot,
        "guest": person.is_guest,
    }


def _view(view: View | None) -> Json | None:
    if view is None:
        return None
    return {**view.content, "id": view.id, "hash": view.hash}
