"""A smaller workspace for tests: one team of four, its channel, one user group on call."""

from collections.abc import Callable, Iterable
from typing import Any

from bot.playground.model import Channel, UserGroup
from bot.playground.seed import BOT, GUEST, LEAD, ONCALL, OPS_CHANNEL, SCIENTIST, workspace
from bot.playground.workspace import Workspace

PEOPLE = (SCIENTIST, ONCALL, LEAD, GUEST)

_STAFF = frozenset({SCIENTIST.id, ONCALL.id, LEAD.id})
_ALL = _STAFF | {GUEST.id, BOT.user_id}
TEAM_CHANNEL = Channel("C0RANKING", "ml-ranking", _ALL, "Models that rank: releases and budgets")
GENERAL = Channel("C0GENERAL", "general", _STAFF | {GUEST.id}, "Everyone; the app is not in it")
ONCALL_GROUP = UserGroup("S0ONCALL", "ml-oncall", "ML on-call", (ONCALL.id, LEAD.id))


def small_workspace(
    wall: Callable[[], float],
    *,
    channels: Iterable[Channel] = (TEAM_CHANNEL, OPS_CHANNEL, GENERAL),
    groups: Iterable[UserGroup] = (ONCALL_GROUP,),
    **more: Any,
) -> Workspace:
    """Four people, three channels, one on-call group, and the app; the rest as for `workspace`."""
    return workspace(wall, users=PEOPLE, channels=channels, groups=groups, **more)
