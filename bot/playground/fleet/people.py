"""The workspace of the replayed day: who works there, where they talk, who is on call."""

from collections.abc import Callable, Iterable

from bot.playground.limits import Limits
from bot.playground.model import Channel, Command, User, UserGroup
from bot.playground.seed import BOT, GUEST, LEAD, ONCALL, OPS_CHANNEL, SCIENTIST
from bot.playground.workspace import Workspace

PAYMENTS = User("U0PRIYA", "priya", "Priya Nair", "Payments on-call", "priya@example.com")
PEOPLE = (SCIENTIST, ONCALL, LEAD, PAYMENTS, GUEST)

_STAFF = frozenset(person.id for person in PEOPLE if not person.is_guest)
_WITH_BOT = _STAFF | {BOT.user_id}
SEARCH_ALERTS = Channel(
    "C0SEARCH", "search-alerts", _WITH_BOT | {GUEST.id}, "ranker and recs: warnings and freezes"
)
PAYMENTS_ALERTS = Channel("C0PAYMENTS", "payments-alerts", _WITH_BOT, "fraud: warnings and freezes")
GENERAL = Channel("C0GENERAL", "general", _WITH_BOT | {GUEST.id}, "Everyone, everything else")
CHANNELS = (SEARCH_ALERTS, PAYMENTS_ALERTS, OPS_CHANNEL, GENERAL)

GROUPS = (
    UserGroup("S0SEARCHON", "search-oncall", "Search: on call", (ONCALL.id,)),
    UserGroup("S0SEARCHLD", "search-leads", "Search: leads", (LEAD.id,)),
    UserGroup("S0PAYMENTS", "payments-oncall", "Payments: on call", (PAYMENTS.id,)),
)
"""The ids stand in specs/teams.yaml too."""


def workspace(
    wall: Callable[[], float], commands: Iterable[Command], limits: Limits | None = None
) -> Workspace:
    """Five people, four channels with the app in them, three user groups; `wall` gives seconds
    since 1970."""
    return Workspace(
        wall=wall,
        users=PEOPLE,
        channels=CHANNELS,
        groups=GROUPS,
        commands=commands,
        bot=BOT,
        limits=limits,
    )
