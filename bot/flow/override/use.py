"""A release uses its override: once, by one run."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Event
from bot.decide.override import Grant, Run
from bot.decide.people import Actor, Door
from bot.decide.scope import Reach, Scope
from bot.flow.announce import refresh_request
from bot.flow.override.grant import freezes_in_the_way, grant_evidence, note
from bot.flow.stopped import say_gone
from bot.ports import Books, Clock, Record

_LOOKED_AT = 200
"""Grants of one service, the newest first, among which one may be usable."""


@dataclass(frozen=True)
class UseOverride:
    """The flow by which the gate lets a release through."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str

    def run(self, change: Change, freezes: Collection[int], run: Run) -> Grant | None:
        """As `use`, in a transaction of its own."""
        catalog = self.catalog()
        return self.record.write(
            lambda books: use(
                books, catalog, self.ops_channel, change, freezes, run, self.clock.now()
            )
        )


def use(
    books: Books,
    catalog: Catalog,
    ops: str,
    change: Change,
    freezes: Collection[int],
    run: Run,
    now: datetime,
) -> Grant | None:
    """The override by which `run` releases `change` through `freezes` and through whatever else
    binds the service by now; None if there is none. Used by this very call and recorded; asked
    again, the same run gets the same answer, and nothing more is recorded. A freeze that was set
    since is not covered: then nobody passes. Where nothing stops the release, nothing is used."""
    books.history.hold()  # no freeze is set, and no other run decides, until this is done
    scope = Scope(Reach.SERVICE, change.service)
    held = {*freezes, *freezes_in_the_way(books, catalog, scope, now)}
    if not held:
        return None
    for found in _usable(books, change, held, run, now):
        fresh = found.used_at is None
        if not books.grants.use(found.id, run, now, found.change.told_by(change)):
            continue
        used = books.grants.get(found.id)
        if fresh and used is not None:
            record_use(books, catalog, ops, used, run, now)
        return used
    return None


def _usable(
    books: Books, change: Change, freezes: Collection[int], run: Run, now: datetime
) -> list[Grant]:
    """Those that would do: one that this run has used already first, then the one that ends
    first."""
    every = books.grants.of_service(change.service, _LOOKED_AT)
    found = [one for one in every if one.opens(change, freezes, run, now)]
    return sorted(found, key=lambda one: (one.used_at is None, one.use_by, one.id))


def record_use(
    books: Books, catalog: Catalog, ops: str, used: Grant, run: Run, now: datetime
) -> None:
    """What a run has just used comes on record, and its message says so."""
    request = books.requests.get(used.request)
    if request is None:
        raise AssertionError("a grant has its request")
    evidence = grant_evidence(catalog, request, used) | {
        "run": str(run),
        "deployer": str(run),
        "used_at": now.isoformat(),
    }
    actor = Actor(f"run:{run}", f"{run.system} run {run.id}", Door.API)
    note(books, catalog, Event.OVERRIDE_USED, actor, request, evidence, now)
    tell_used(books, catalog, ops, request, now)
    say_gone(books, used, now)


def tell_used(books: Books, catalog: Catalog, ops: str, request: Request, now: datetime) -> None:
    """Its message says so, and whoever asked for it hears of it."""
    votes = books.requests.votes(request.id)
    refresh_request(books, catalog, ops, request, votes, now)
