"""Who may decide about a scope, asked live at the moment it matters (law 13)."""

from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.people import BURNBAN, Group, Person
from bot.decide.quorum import DECIDERS
from bot.decide.scope import Scope
from bot.errors import DeliveryError, Refused
from bot.ports import Directory


@dataclass(frozen=True, slots=True)
class Standing:
    """A person, and how they were found to be a decider; `membership` None: they are none."""

    person: Person
    membership: str | None

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the person belongs to, as a quorum names them."""
        held = self.membership is not None and self.person.outsider is None
        return (DECIDERS,) if held else ()


def deciders_of(catalog: Catalog, scope: Scope) -> Group:
    """Everybody whose approval counts for a scope: on-call and approvers of all its teams. For
    everything that is those of any team; all teams are told."""
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
    try:
        return lacking(directory, catalog, scope, requester, needed)
    except DeliveryError as error:
        return f"Slack did not say who may decide ({error}); the clicks will be checked again."


def lacking(
    directory: Directory, catalog: Catalog, scope: Scope, requester: str, needed: int
) -> str:
    """The same as far as Slack says. Raises DeliveryError."""
    group = deciders_of(catalog, scope)
    if not group:
        return "No on-call or approvers are set for this scope in the spec files."
    eligible = _eligible(directory, directory.members(group) - {requester}, needed)
    if eligible >= needed:
        return ""
    who = "nobody" if eligible == 0 else f"only {eligible}"
    besides = "" if requester == BURNBAN.id else " besides the requester"
    return f"It takes {needed} to decide this, but {who}{besides} may."


_LOOKS = 20
"""People looked up at most: where so many are listed, somebody may decide."""


def _eligible(directory: Directory, members: frozenset[str], needed: int) -> int:
    """How many of them may decide; counted no further than is needed."""
    found = 0
    for user in sorted(members)[:_LOOKS]:
        found += _may_decide(directory, user)
        if found >= needed:
            return found
    return found if len(members) <= _LOOKS else needed


def _may_decide(directory: Directory, user: str) -> bool:
    try:
        return directory.person(user).outsider is None
    except Refused as error:
        if error.code == "user_not_found":
            return False
        raise
