"""Whom a message is to reach: people and user groups that the specs name for a scope."""

import re
from collections.abc import Iterable, Sequence

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.people import Group
from bot.decide.quorum import DECIDERS
from bot.decide.scope import Scope
from bot.flow.facts import Facts, scope_words

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


def who_may_vote(catalog: Catalog, request: Request, groups: Sequence[str]) -> list[Facts]:
    """Each of the groups that the specs name people for: [{group: "" for the deciders, who: ids, or
    words for what has none (`PagerDuty schedule P123`), more: how many besides}]. Nobody is asked:
    this is what the specs say, not who is on duty now."""
    found = [(name, _listed(catalog, request, name)) for name in groups]
    return [
        {
            "group": "" if name == DECIDERS else name,
            "who": who[:MOST],
            "more": max(0, len(who) - MOST),
        }
        for name, who in found
        if who
    ]


def _listed(catalog: Catalog, request: Request, name: str) -> list[str]:
    who = request.requester.id
    every = (one for group in _groups(catalog, request.scope, (name,)) for one in _all(group))
    return [one for one in dict.fromkeys(every) if not catalog.same_person(one, who)]


def _all(group: Group) -> list[str]:
    known = named(group)
    rotas = [rota.id if rota.id in known else str(rota) for rota in group.rotas]
    behind = [f"{step.name} where those are nobody" for step in group.steps[1:] if step.name]
    return [*rotas, *group.users, *behind]


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
