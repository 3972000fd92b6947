"""What a freeze would touch, worked out before anybody sets it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Request
from bot.decide.catalog import Catalog, Team
from bot.decide.freeze import Freeze
from bot.decide.scope import Scope
from bot.decide.service import Service


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a freeze of a scope would meet."""

    scope: Scope
    services: tuple[Service, ...]
    """By name."""
    stopped: frozenset[str]
    """Those of them whose releases are stopped already."""
    teams: tuple[Team, ...]
    standing: tuple[Freeze, ...]
    """Freezes that hold some of these services now."""
    coming: tuple[Freeze, ...]
    """Freezes that will."""
    requests: tuple[Request, ...]
    """Open requests about some of these services."""


def preview(
    catalog: Catalog,
    scope: Scope,
    freezes: Iterable[Freeze],
    requests: Iterable[Request],
    now: datetime,
) -> Preview:
    """What a freeze of `scope` would touch, by the freezes and open requests that stand now."""
    services = [one for _, one in sorted(catalog.services.items()) if scope.covers(one)]

    def meets(other: Scope) -> bool:
        return any(other.covers(service) for service in services)

    met = [freeze for freeze in freezes if not freeze.over(now) and meets(freeze.scope)]
    standing = tuple(freeze for freeze in met if freeze.in_force(now))
    stopping = [freeze for freeze in standing if freeze.stops(now)]
    return Preview(
        scope,
        tuple(services),
        frozenset(s.name for s in services if any(f.scope.covers(s) for f in stopping)),
        catalog.teams_in(scope),
        standing,
        tuple(freeze for freeze in met if not freeze.in_force(now)),
        tuple(request for request in requests if meets(request.scope)),
    )
