"""Who may decide about a scope, asked live at the moment it matters (law 13)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.decide.catalog import Catalog
from bot.decide.people import Group, Person, Rota
from bot.decide.quorum import DECIDERS
from bot.decide.roster import Found, Members, gather, together
from bot.decide.scope import Scope
from bot.errors import Refused
from bot.ports import Directory


@dataclass(frozen=True, slots=True)
class Standing:
    """A person, and the groups that hold them now, each with how that was found."""

    person: Person
    held: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that the person decides for, as a quorum names them."""
        return tuple(self.held) if self.person.outsider is None else ()

    @property
    def membership(self) -> str | None:
        """How the person was found to be a decider; None: they are none."""
        return "; ".join(dict.fromkeys(self.held.values())) or None


def groups_of(catalog: Catalog, scope: Scope, name: str) -> tuple[Group, ...]:
    """What a quorum's word for a group means for a scope: that group of each of its teams. About
    everything that is each team's; all teams are told."""
    found = (group for team in catalog.teams_in(scope) for group in team.named(name))
    return tuple(dict.fromkeys(found))


def look_up(
    directory: Directory,
    catalog: Catalog,
    scope: Scope,
    user: str,
    groups: Collection[str] = (DECIDERS,),
    besides: str = "",
) -> Standing:
    """Ask who this is, and which of the groups hold them now. `besides`: as in `rosters`. Raises
    DeliveryError if that cannot be said; one group that cannot be asked spoils only a no."""
    person = directory.person(user)
    if person.outsider is not None:
        return Standing(person)
    found = rosters(directory, catalog, scope, groups, besides, wanted=user)
    held = {name: how for name, one in found.items() if (how := one.how(user)) is not None}
    doubt = together(found.values()).doubt
    if doubt is not None and not held:
        raise doubt
    return Standing(person, held)


def roster(
    directory: Directory, catalog: Catalog, scope: Scope, name: str = DECIDERS, besides: str = ""
) -> Members:
    """Who is in a group of the scope's teams now, with the evidence."""
    return rosters(directory, catalog, scope, (name,), besides)[name]


def rosters(
    directory: Directory,
    catalog: Catalog,
    scope: Scope,
    names: Collection[str],
    besides: str = "",
    wanted: str = "",
) -> dict[str, Members]:
    """Who is in each of these groups now; every rota is asked once. `besides`: the requester, who
    may not decide, under whatever name: where a rota names nobody else who may (guests, for one,
    may not), its fallback counts too.
    With `wanted`, no more is asked of a group once it is found to hold that user."""
    look = _Look(directory, catalog, besides, wanted)
    return {name: look.at(groups_of(catalog, scope, name)) for name in names}


@dataclass(frozen=True)
class _Look:
    """One look at several groups."""

    directory: Directory
    catalog: Catalog
    besides: str
    wanted: str
    answers: dict[Rota, Found] = field(default_factory=dict)

    def at(self, groups: Collection[Group]) -> Members:
        found = []
        for group in groups:
            found.append(gather(group, self._ask, self._serve, self.wanted))
            if self.wanted in found[-1].ids:
                break
        return together(found)

    def _ask(self, rota: Rota) -> Found:
        if rota not in self.answers:
            self.answers[rota] = self.directory.found(rota)
        return self.answers[rota]

    def _serve(self, ids: Collection[str]) -> bool:
        same = self.catalog.same_person
        others = (one for one in sorted(ids) if not same(one, self.besides))
        return any(may_decide(self.directory, one) for one in others)


def may_decide(directory: Directory, user: str) -> bool:
    """Whether this is somebody of the workspace, as Slack says now. Raises DeliveryError."""
    try:
        return directory.person(user).outsider is None
    except Refused as error:
        if error.code == "user_not_found":
            return False
        raise
