"""Who works in the workspace to start from, where they talk, who is on call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.playground.limits import Limits
from bot.playground.model import Bot, Channel, Command, Keys, User, UserGroup
from bot.playground.workspace import Workspace

BOT = Bot()
SCIENTIST = User("U0MIRA", "mira", "Mira Okafor", "Data scientist", "mira@example.com")
ONCALL = User("U0JONAS", "jonas", "Jonas Weber", "On-call", "jonas@example.com")
LEAD = User("U0AYLIN", "aylin", "Aylin Demir", "Team lead", "aylin@example.com")
PAYMENTS = User("U0PRIYA", "priya", "Priya Nair", "Payments on-call", "priya@example.com")
GUEST = User("U0THEO", "theo", "Theo Lund", "Guest", "theo@example.org", is_guest=True)
PEOPLE = (SCIENTIST, ONCALL, LEAD, PAYMENTS, GUEST)

_STAFF = frozenset(person.id for person in PEOPLE if not person.is_guest)
_WITH_BOT = _STAFF | {BOT.user_id}
SEARCH_ALERTS = Channel(
    "C0SEARCH", "search-alerts", _WITH_BOT | {GUEST.id}, "ranker and recs: warnings and freezes"
)
PAYMENTS_ALERTS = Channel("C0PAYMENTS", "payments-alerts", _WITH_BOT, "fraud: warnings and freezes")
OPS_CHANNEL = Channel("C0BURNBAN", "burnban-ops", _WITH_BOT, "Burnban's own troubles")
GENERAL = Channel("C0GENERAL", "general", _WITH_BOT | {GUEST.id}, "Everyone, everything else")
CHANNELS = (SEARCH_ALERTS, PAYMENTS_ALERTS, OPS_CHANNEL, GENERAL)

GROUPS = (
    UserGroup("S0SEARCHON", "search-oncall", "Search: on call", (ONCALL.id,)),
    UserGroup("S0SEARCHLD", "search-leads", "Search: leads", (LEAD.id,)),
    UserGroup("S0PAYMENTS", "payments-oncall", "Payments: on call", (PAYMENTS.id,)),
)
"""The ids stand in fleet/specs/teams.yaml too."""


def workspace(
    wall: Callable[[], float],
    *,
    users: Iterable[User] = PEOPLE,
    channels: Iterable[Channel] = CHANNELS,
    groups: Iterable[UserGroup] = GROUPS,
    commands: Iterable[Command] = (),
    bot: Bot = BOT,
    keys: Keys | None = None,
    limits: Limits | None = None,
) -> Workspace:
    """The five people, their four channels with the app in them, their three user groups, unless
    told otherwise; `wall` gives seconds since 1970."""
    return Workspace(
        wall=wall,
        users=users,
        channels=channels,
        groups=groups,
        commands=commands,
        bot=bot,
        keys=keys,
        limits=limits,
    )
