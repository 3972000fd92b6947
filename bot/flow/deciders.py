"""Who may decide about a scope, asked live at the moment it matters (law 13)."""

from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.people import Group, Person
from bot.decide.scope import Scope
from bot.errors import DeliveryError
from bot.ports import Directory


@dataclass(frozen=True, slots=True)
class Standing:
    """A person, and how they were found to be a decider; `membership` None: they are none."""

    person: Person
    membership: str | None

    @property
    def decider(self) -> bool:
        return self.membership is not None and self.person.outsider is None


def deciders_of(catalog: Catalog, scope: Scope) -> Group:
    """Everybody whose approval counts for a scope: on-call and approvers of all its teams."""
    groups = [team.deciders for team in catalog.teams_in(scope)]
    return Group(
        tuple(dict.fromkeys(s for g in groups for s in g.usergroups)),
        tuple(dict.fromkeys(u for g in groups for u in g.users)),
    )


def look_up(directory: Directory, catalog: Catalog, scope: Scope, user: str) -> Standing:
    """Ask Slack who this is and whether they belong to the deciders now. Raises DeliveryError."""
    person = directory.person(user)
    if person.outsider is not None:
        return Standing(person, None)
    return Standing(person, directory.membership(deciders_of(catalog, scope), user))


def shortage(
    directory: Directory, catalog: Catalog, scope: Scope, requester: str, needed: int
) -> str:
    """Why a request could never be decided, in a sentence; empty if enough people could."""
    group = deciders_of(catalog, scope)
    if not group:
        return "No on-call or approvers are set for this scope in the spec files."
    try:
        members = directory.members(group)
    except DeliveryError as error:
        return f"Slack did not say who may decide ({error}); the clicks will be checked again."
    eligible = len(members - {requester})
    if eligible >= needed:
        return ""
    who = "nobody" if eligible == 0 else f"only {eligible}"
    return f"It takes {needed} to decide this, but {who} besides the requester may."
