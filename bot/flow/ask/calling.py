"""Those who may decide a request, but are only known when somebody is asked: they are called."""

from collections.abc import Sequence

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.people import Group, Rota, RotaKind
from bot.decide.roster import together
from bot.flow.ask.deciders import groups_of, rosters
from bot.flow.mention import MOST, named, whom_of
from bot.ports import Directory


def uncalled(
    directory: Directory, catalog: Catalog, request: Request, names: Sequence[str] = ()
) -> list[str]:
    """Ids of people whom the request's message could not mention: of user groups that the specs
    name by their handle, of schedules, and of whoever stands in. Nobody is asked where the specs
    name ids only. `names`: groups that are asked beside or instead of the quorum's. Raises
    DeliveryError."""
    scope = request.scope
    asked = tuple(names) or request.quorum.groups
    groups = [group for name in asked for group in groups_of(catalog, scope, name)]
    if not any(_hides(group) for group in groups):
        return []
    told = set(whom_of(catalog, request, asked))
    for rota in (Rota(RotaKind.USERGROUP, one) for one in set(told) if one.startswith("S")):
        told |= directory.found(rota).ids
    found = rosters(directory, catalog, scope, asked, request.requester.id)
    ids = together(found.values()).ids - told
    return sorted(u for u in ids if not catalog.same_person(u, request.requester.id))[:MOST]


def _hides(group: Group) -> bool:
    """Whether the specs do not say the ids of all who may count."""
    known = {*named(group)}
    return group.fallback is not None or any(rota.id not in known for rota in group.rotas)
