"""What the versions of a service say against one another, on demand; and whether a rollback was
approved. Nothing is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.canary import follows
from bot.decide.catalog import Catalog
from bot.decide.release import live_at
from bot.decide.scope import Reach, Scope
from bot.errors import NoSuch
from bot.flow.ask.asking import service_scope
from bot.flow.canary.evidence import compare, release_facts, releases_of, row
from bot.flow.canary.propose import watch_key
from bot.flow.facts import Facts, epoch
from bot.flow.weighing import weighing, worth_it
from bot.ports import Books, Clock, Record
from bot.ports.hosts import WatchKind

EXAMPLE = "/budget canary ranker"


@dataclass(frozen=True)
class ShowCanary:
    """The flow behind `/budget canary` and `burnban canary`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def facts(self, word: str) -> Facts:
        """The facts of `canary`. Raises UserError for what is no service."""
        catalog, now = self.catalog(), self.clock.now()
        service = service_scope(catalog, word, EXAMPLE).name
        return self.record.read(lambda books: _facts(books, catalog, service, now))

    def granted(self, service: str, version: str) -> str:
        """The version that a rollback of this one, which still serves, was approved to; empty if
        none was. Raises NoSuch for an unknown service."""
        if service not in self.catalog().services:
            raise NoSuch(f"There is no service `{service}`.")
        key = watch_key(service, version)
        known = self.record.read(lambda books: books.watches.of(WatchKind.ROLLBACK))
        found = (one.facts for one in known if one.key == key and one.facts.get("granted"))
        return next((str(facts["to"]) for facts in found), "")


def _facts(books: Books, catalog: Catalog, service: str, now: datetime) -> Facts:
    releases = releases_of(books, service, now)
    live = live_at(releases, now)
    found = compare(books, catalog, releases, now)
    facts: Facts = {
        "service": service,
        "live": [{"version": one.version, "began": epoch(one.began)} for one in live],
        "release": "",
        "to": "",
        "began": epoch(now),
        "since": epoch(now),
        "share": 0.0,
        "rows": [],
        "withheld": "",
        "advised": None,
        "policy": _follows(catalog, service),
        "proven": False,
        "worth": False,
    }
    if found is None:
        return facts | {"withheld": "alone" if live else "none"}
    facts |= release_facts(found.pair, now) | {"rows": [row(one) for one in found.found]}
    known = {one.key: one for one in books.watches.of(WatchKind.ROLLBACK)}
    watch = known.get(watch_key(service, found.pair.release.version))
    if watch is not None:
        at = datetime.fromisoformat(str(watch.facts["advised"]))
        facts["advised"] = {"at": epoch(at), "request": watch.facts["request"]}
    proven = bool(found.against)
    return facts | {
        "withheld": "" if found.found else "accounts",
        "proven": proven,
        "worth": proven
        and worth_it(weighing(books, catalog, service, found.pair.release.version, now)),
    }


def _follows(catalog: Catalog, service: str) -> str:
    """What the policy does once it is proven: `ask`, `auto`, `never`, or `watch`."""
    return str(follows(catalog.policy_for(Scope(Reach.SERVICE, service))) or "watch")
