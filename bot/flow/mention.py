"""Whom a message is to reach: people and user groups that the specs name for a scope."""

import re
from collections.abc import Iterable, Sequence

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.people import Group
from bot.decide.quorum import DECIDERS
from bot.decide.scope import Scope
from bot.flow.facts import scope_words

MOST = 10
"""Mentions in one message: whoever reads it must still find the request among them."""
_ID = re.compile(r"[SUW][A-Z0-9]+")


def whom(
    catalog: Catalog, scope: Scope, groups: Sequence[str] = (DECIDERS,), besides: str = ""
) -> list[str]:
    """Ids of Slack user groups and people that the specs name for these groups of a scope, the
    on-call first; the ids come from the specs and from nowhere else (law 19). `besides`: who asks,
    and need not be told. Who stands in for a group is not woken for it."""
    found = (one for group in _groups(catalog, scope, groups) for one in named(group))
    return [one for one in dict.fromkeys(found) if one != besides][:MOST]


def whom_of(catalog: Catalog, request: Request, groups: Sequence[str] = ()) -> list[str]:
    """Those who may decide a request; or these groups, without the requester."""
    asked = groups or request.quorum.groups
    return whom(catalog, request.scope, asked, request.requester.id)


def nobody_home(catalog: Catalog, scope: Scope) -> str:
    """Why what is asked about a scope stands in the operators' channel, in a sentence; empty where
    a team has a channel for it."""
    teams = catalog.teams_in(scope)
    if any(team.channel for team in teams):
        return ""
    if teams:
        names = ", ".join(team.name for team in teams)
        return f"No channel is set for the Team {names}: write `channel` into its spec."
    return f"No team owns {scope_words(scope)}: list it in the `services` of a Team."


def _groups(catalog: Catalog, scope: Scope, names: Iterable[str]) -> Iterable[Group]:
    return (g for team in catalog.teams_in(scope) for name in names for g in team.named(name))


def named(group: Group) -> list[str]:
    """Ids that the specs give for a group itself."""
    return [one for one in (*group.usergroups, *group.users) if _ID.fullmatch(one)]
