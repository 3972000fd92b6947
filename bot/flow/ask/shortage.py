"""Could a request be decided at all? Said at once, not when it expires."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.people import BURNBAN
from bot.decide.quorum import DECIDERS, Quorum, needs_words
from bot.decide.roster import Members, enough, together
from bot.decide.scope import Scope
from bot.errors import DeliveryError
from bot.flow.ask.deciders import groups_of, may_decide, rosters
from bot.ports import Directory

_LOOKS = 20
"""People looked up at most: where so many are listed, somebody may decide."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """Whether a request can be decided."""

    sentence: str = ""
    """What is to be said about that; empty if enough people may."""
    escalated: bool = False
    """Too few may, so the fallback group is asked from the start."""
    stuck: bool = False
    """Nobody may: somebody else must be told."""


def prospect(
    directory: Directory,
    catalog: Catalog,
    scope: Scope,
    requester: str,
    quorum: Quorum,
    fallback: str,
) -> Prospect:
    """Look at once who may decide. `fallback`: the group that the policy asks when nobody else is
    left; it may be empty."""
    try:
        sentence = lacking(directory, catalog, scope, requester, quorum)
        if not sentence or not fallback:
            return Prospect(sentence, stuck=bool(sentence))
        still = lacking(directory, catalog, scope, requester, quorum, fallback)
    except DeliveryError as error:
        why = f"I could not ask who may decide ({error}); the clicks will be checked again."
        return Prospect(why, stuck=True)
    if still:
        return Prospect(f"{sentence} With {fallback} beside: {still}", True, True)
    return Prospect(f"{sentence} So {fallback} may decide as well.", True)


def lacking(
    directory: Directory,
    catalog: Catalog,
    scope: Scope,
    requester: str,
    quorum: Quorum,
    fallback: str = "",
) -> str:
    """Why a request could never be decided, in a sentence; empty if enough people could.
    `fallback`: a group whose members stand in for any other. Raises DeliveryError."""
    needed = (fallback,) if fallback else quorum.groups
    unnamed = [name for name in needed if not groups_of(catalog, scope, name)]
    if unnamed:
        return _unnamed(unnamed[0])
    asked = tuple(dict.fromkeys((*quorum.groups, *needed)))
    found = rosters(directory, catalog, scope, asked, requester)
    every = together(found.values())
    people = _people(catalog, every, requester)
    eligible: dict[str, set[str]] = {name: set() for name in quorum.groups}
    for person, users in list(people.items())[:_LOOKS]:
        held = _groups(directory, found, users)
        for name in quorum.groups if fallback in held else held:
            eligible[name].add(person)
        if enough(quorum.needs, eligible):
            return ""
    if len(people) > _LOOKS:
        return ""
    if every.doubt is not None:
        raise every.doubt
    return _short(quorum, eligible, "" if requester == BURNBAN.id else " besides the requester")


def _people(catalog: Catalog, members: Members, requester: str) -> dict[str, list[str]]:
    """Everybody but the requester, once, with all the ids by which they are members."""
    found: dict[str, list[str]] = {}
    for user in sorted(members.ids):
        if not catalog.same_person(user, requester):
            found.setdefault(catalog.identities.one_id(user), []).append(user)
    return found


def _groups(directory: Directory, found: Mapping[str, Members], users: list[str]) -> set[str]:
    """The groups that one person may decide for, by all the ids that they have in Slack."""
    able = frozenset(user for user in users if may_decide(directory, user))
    return {name for name, members in found.items() if able & members.ids}


def _unnamed(group: str) -> str:
    who = "on-call or approvers are" if group == DECIDERS else f"{group} is"
    return f"No {who} set for this scope in the spec files."


def _short(quorum: Quorum, eligible: Mapping[str, set[str]], besides: str) -> str:
    takes = f"It takes {needs_words(quorum.needs)} to decide this"
    if quorum.groups == (DECIDERS,):
        count = len(eligible[DECIDERS])
        return f"{takes}, but {'nobody' if count == 0 else f'only {count}'}{besides} may."
    known = ", ".join(f"{len(people) or 'nobody'} of {name}" for name, people in eligible.items())
    return f"{takes}, but too few{besides} may: {known}."
