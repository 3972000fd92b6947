"""Team: its channel, its on-call, its approvers, its services."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.decide.catalog import Team
from bot.spec.alert_objects import spec_of
from bot.spec.documents import Document
from bot.spec.groups import EXAMPLE, matching, read_groups, slack_user
from bot.spec.spot import Spot, listing
from bot.spec.values import owner_name

_CHANNEL = re.compile(r"#[^\s#<>@,]{1,80}|[CG][A-Z0-9]{6,20}")


@dataclass(frozen=True, slots=True)
class Roster:
    """A Team, and where it names its services."""

    team: Team
    services: tuple[tuple[str, Spot], ...]


def read_team(document: Document, pagers: Collection[str]) -> Roster | None:
    """A Team, without a fault or not at all. `pagers`: the PagerDuty objects there are."""
    fields = ("description", "channel", "onCall", "approvers", "groups", "services", "owner")
    spec = spec_of(document, *fields)
    if spec is None:
        return None
    channel = spec.need("channel", _channel, 'channel: "#my-alerts" (with the quotes)')
    groups = read_groups(spec, pagers)
    services = spec.read("services", named_services) or ()
    owner = spec.read("owner", slack_user) or ""
    if spec.get("onCall") is None and spec.get("approvers") is None:
        problem = "Nobody could approve anything: there is neither `onCall` nor `approvers`."
        spec.spot.fault(problem, f"Write {EXAMPLE}.")
        return None
    if channel is None or not document.name or not (groups.on_call or groups.approvers):
        return None
    team = Team(
        document.name, document.title, channel, groups.on_call, groups.approvers, groups.others,
        owner,
    )  # fmt: skip
    return Roster(team, services)


def named_services(spot: Spot) -> tuple[tuple[str, Spot], ...]:
    """Names of services, with their places."""
    found = ((owner_name(item), item) for item in listing(spot))
    return tuple((name, item) for name, item in found if name is not None)


def _channel(spot: Spot) -> str | None:
    remedy = 'Write its name as "#my-alerts", or its id (C0123456).'
    return matching(spot, _CHANNEL, "a Slack channel", remedy)
