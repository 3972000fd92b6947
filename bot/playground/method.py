"""What a Web API method is: its scopes, its arguments, its rate, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.arguments import Args
from bot.playground.model import Channel, Json, SlackError
from bot.playground.workspace import Workspace

Run = Callable[[Workspace, Args], Json]


@dataclass(frozen=True)
class Method:
    """`any_scope` is enough with one of them; `caller` is bot, app or anyone."""

    run: Run
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    any_scope: tuple[str, ...] = ()
    tier: int = 3
    caller: str = "bot"


def method(
    run: Run,
    required: str = "",
    optional: str = "",
    *,
    scope: str = "",
    tier: int = 3,
    caller: str = "bot",
) -> Method:
    return Method(
        run,
        frozenset(required.split()),
        frozenset(optional.split()),
        tuple(scope.split()),
        tier,
        caller,
    )


def need_scope(workspace: Workspace, *any_of: str) -> None:
    provided = workspace.bot.scopes
    if any_of and not provided.intersection(any_of):
        raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(provided)))


def seen_channel(workspace: Workspace, channel_id: str) -> Channel:
    """A channel that the bot can know of: a private one it is not in does not exist for it."""
    room = workspace.channel(channel_id)
    if room.is_private and workspace.bot.user_id not in room.members:
        raise SlackError("channel_not_found")
    return room


def joined_channel(workspace: Workspace, channel_id: str) -> Channel:
    room = seen_channel(workspace, channel_id)
    if workspace.bot.user_id not in room.members:
        raise SlackError("not_in_channel")
    return room
