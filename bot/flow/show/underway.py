"""Releases on their way: those that wait at code hosts, and those that an override has let through
and that have not gone yet."""

from collections.abc import Iterator
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.override import OverrideState, over_since
from bot.decide.scope import Scope
from bot.flow.facts import Facts
from bot.ports import Books
from bot.ports.hosts import Watch, WatchKind


def releases_under_way(books: Books, catalog: Catalog, scope: Scope, now: datetime) -> list[Facts]:
    """Those of the services that `scope` covers, as `freeze_preview` names them. A freeze that is
    set now stops both kinds: no override covers a later one (law 14)."""
    return [*_waiting(books, catalog, scope), *_granted(books, catalog, scope, now)]


def _waiting(books: Books, catalog: Catalog, scope: Scope) -> Iterator[Facts]:
    for watch in books.watches.of(WatchKind.DEPLOYMENT):
        services = [n for n in _services(catalog, watch) if catalog.covers(scope, n)]
        if services:
            yield {
                "services": services,
                "release": str(watch.facts["sha"])[:12],
                "place": watch.place,
                "environment": str(watch.facts["environment"]),
                "who": str(watch.facts.get("who", "")),
                "override": None,
            }


def _services(catalog: Catalog, watch: Watch) -> tuple[str, ...]:
    host = catalog.outside.hosts.get(watch.host)
    return () if host is None else host.services(watch.place, str(watch.facts["environment"]))


def _granted(books: Books, catalog: Catalog, scope: Scope, now: datetime) -> Iterator[Facts]:
    for grant in books.grants.unsettled():
        freezes = [f for number in grant.freezes if (f := books.freezes.get(number)) is not None]
        usable = grant.state(now, over_since(freezes, now)) is OverrideState.APPROVED
        if usable and catalog.covers(scope, grant.change.service):
            yield {
                "services": [grant.change.service],
                "release": grant.change.name,
                "place": "",
                "environment": "",
                "who": "",
                "override": grant.request,
            }
