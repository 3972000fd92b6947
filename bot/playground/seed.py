"""A small team to start from, for the demo and for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.playground.limits import Limits
from bot.playground.model import Bot, Channel, Command, Keys, User, UserGroup
from bot.playground.workspace import Workspace

BOT = Bot()
SCIENTIST = User("U0MIRA", "mira", "Mira Okafor", "Data scientist", "mira@example.com")
ONCALL = User("U0JONAS", "jonas", "Jonas Weber", "On-call", "jonas@example.com")
LEAD = User("U0AYLIN", "aylin", "Aylin Demir", "Team lead", "aylin@example.com")
GUEST = User("U0THEO", "theo", "Theo Lund", "Guest", "theo@example.org", is_guest=True)
PEOPLE = (SCIENTIST, ONCALL, LEAD, GUEST)

_STAFF = frozenset({SCIENTIST.id, ONCALL.id, LEAD.id})
_ALL = _STAFF | {GUEST.id, BOT.user_id}
TEAM_CHANNEL = Channel("C0RANKING", "ml-ranking", _ALL, "Models that rank: releases and budgets")
OPS_CHANNEL = Channel("C0BURNBAN", "burnban-ops", _STAFF | {BOT.user_id}, "Burnban's own troubles")
GENERAL = Channel("C0GENERAL", "general", _STAFF | {GUEST.id}, "Everyone, everything else")
ONCALL_GROUP = UserGroup("S0ONCALL", "ml-oncall", "ML on-call", (ONCALL.id, LEAD.id))


def small_workspace(
    wall: Callable[[], float],
    *,
    commands: Iterable[Command] = (),
    channels: Iterable[Channel] = (TEAM_CHANNEL, OPS_CHANNEL, GENERAL),
    groups: Iterable[UserGroup] = (ONCALL_GROUP,),
    bot: Bot = BOT,
    keys: Keys | None = None,
    limits: Limits | None = None,
) -> Workspace:
    """Four people, three channels, one on-call group, and the app."""
    return Workspace(
        wall=wall,
        users=PEOPLE,
        channels=channels,
        groups=groups,
        commands=commands,
        bot=bot,
        keys=keys,
        limits=limits,
    )
