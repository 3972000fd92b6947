"""Team: its channel, its on-call, its approvers, its services."""

import re
from dataclasses import dataclass

from bot.decide.catalog import Team
from bot.decide.people import Group
from bot.spec.alert_objects import spec_of
from bot.spec.documents import Document
from bot.spec.nodes import Listing
from bot.spec.spot import Spot, listing, record, shorten
from bot.spec.values import owner_name, several, text

_CHANNEL = re.compile(r"#[^\s#<>@,]{1,80}|[CG][A-Z0-9]{6,20}")
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_USERGROUP = re.compile(r"S[A-Z0-9]{2,20}|@[a-z0-9][a-z0-9._-]{0,20}")


@dataclass(frozen=True, slots=True)
class Roster:
    """A Team, and where it names its services."""

    team: Team
    services: tuple[tuple[str, Spot], ...]


def read_team(document: Document) -> Roster | None:
    """A Team, without a fault or not at all."""
    spec = spec_of(document, "description", "channel", "onCall", "approvers", "services")
    if spec is None:
        return None
    channel = spec.need("channel", _channel, 'channel: "#my-alerts" (with the quotes)')
    on_call = spec.read("onCall", _group)
    approvers = spec.read("approvers", _group)
    services = spec.read("services", named_services) or ()
    if spec.get("onCall") is None and spec.get("approvers") is None:
        problem = "Nobody could approve anything: there is neither `onCall` nor `approvers`."
        spec.spot.fault(problem, "Write onCall: {users: [U0123456]} or {usergroup: S0123456}.")
        return None
    if channel is None or not document.name or not (on_call or approvers):
        return None
    team = Team(document.name, document.title, channel, on_call or Group(), approvers or Group())
    return Roster(team, services)


def named_services(spot: Spot) -> tuple[tuple[str, Spot], ...]:
    """Names of services, with their places."""
    found = ((owner_name(item), item) for item in listing(spot))
    return tuple((name, item) for name, item in found if name is not None)


def _channel(spot: Spot) -> str | None:
    return _matching(
        spot, _CHANNEL, "a Slack channel", 'Write its name as "#my-alerts", or its id (C0123456).'
    )


def _group(spot: Spot) -> Group | None:
    found = record(spot, "usergroup", "users")
    if found is None:
        return None
    groups = found.read("usergroup", lambda inner: several(inner, _usergroup)) or ()
    users = found.read("users", lambda inner: several(inner, _user)) or ()
    if all(_empty(found.get(field)) for field in ("usergroup", "users")):
        spot.fault("Nobody is named here.", "Write users: [U0123456] or usergroup: S0123456.")
    if not groups and not users:
        return None
    return Group(tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(users)))


def _empty(spot: Spot | None) -> bool:
    return spot is None or (isinstance(spot.node, Listing) and not spot.node.items)


def _usergroup(spot: Spot) -> str | None:
    return _matching(
        spot,
        _USERGROUP,
        "a Slack user group",
        'Write its id (S0123456), or its handle as "@ranker-oncall".',
    )


def _user(spot: Spot) -> str | None:
    return _matching(
        spot, _USER, "a Slack user id", "Write an id like U0123456 (profile, “Copy member ID”)."
    )


def _matching(spot: Spot, shape: re.Pattern[str], what: str, remedy: str) -> str | None:
    found = text(spot)
    if found is not None and not shape.fullmatch(found):
        spot.fault(f"`{shorten(found)}` is not {what}.", remedy)
        return None
    return found
