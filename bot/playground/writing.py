"""What a person types, turned into what Slack stores and sends."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.playground.model import Channel, User

_NAME = re.compile(r"(?<!\w)([@#])([\w.-]*\w)")
_EVERYONE = frozenset({"here", "channel", "everyone"})


def stored_text(typed: str, users: Iterable[User], channels: Iterable[Channel]) -> str:
    """Message text: `& < >` escaped, known @names and #channels turned into links."""
    people = {person.name: person.id for person in users}
    rooms = {room.name: room.id for room in channels if not room.is_im}

    def linked(match: re.Match[str]) -> str:
        mark, name = match.groups()
        if mark == "@" and name in _EVERYONE:
            return f"<!{name}>"
        known = people.get(name) if mark == "@" else rooms.get(name)
        return f"<{mark}{known}>" if known else match.group()

    return _NAME.sub(linked, escaped(typed))


def command_text(
    typed: str, users: Iterable[User], channels: Iterable[Channel], *, should_escape: bool
) -> str:
    """The text of a slash command; with `should_escape` names travel as `<@U1|name>`."""
    if not should_escape:
        return escaped(typed)
    people = {person.name: person.id for person in users}
    rooms = {room.name: room.id for room in channels if not room.is_im}

    def linked(match: re.Match[str]) -> str:
        mark, name = match.groups()
        known = people.get(name) if mark == "@" else rooms.get(name)
        return f"<{mark}{known}|{name}>" if known else match.group()

    return _NAME.sub(linked, escaped(typed))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
