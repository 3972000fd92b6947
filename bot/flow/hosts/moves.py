"""Aliases and stages of registered models that move: each move is a release that was seen."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.mlflow_events import Moved
from bot.decide.outside import Registry, Serves
from bot.errors import DeliveryError, Repeated
from bot.flow.hosts.restore import ask_back, back_key, served_key
from bot.flow.hosts.sightings import Seen, note_seen, see
from bot.flow.hosts.ungated import note, tell
from bot.flow.once import once_only
from bot.ports import Books, Clock, Record
from bot.ports.hosts import RegistryHost, Sighting, Watch, WatchKind

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
LEASE = 55.0


@dataclass(frozen=True)
class TakeMoves:
    """The flow behind MLflow's webhooks, and behind the look once a minute: MLflow gives up on a
    webhook after some attempts, and has none for stages."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    registries: Callable[[str], RegistryHost | None]
    ops: str

    def told(self, registry: Registry, guid: str, moved: Moved | None) -> bool:
        """False if this delivery was taken before."""

        def work(books: Books) -> None:
            if moved is None:
                return
            now = self.clock.now()
            known = _known(books, registry)
            for rule in registry.rules_of(moved.model, moved.alias):
                self._stands(books, registry, rule, moved.version, known, now, told=True)

        try:
            self.record.write(once_only(f"mlflow:{registry.name}:{guid}", self.clock, work))
        except Repeated:
            return False
        return True

    def run(self) -> int:
        """Look how every model of the specs stands; how many moves no webhook had told."""
        return sum(self._look(one) for one in self.catalog().outside.registries.values())

    def _look(self, registry: Registry) -> int:
        now, name = self.clock.now(), f"look at {registry.name}"
        turn = f"{now:%Y-%m-%dT%H:%M}"
        host = self.registries(registry.name)
        last = self.record.read(lambda books: books.chores.last(name))
        if host is None or (last is not None and last[0] >= turn):
            return 0
        if not self.record.write(lambda books: books.chores.claim(name, turn, now, LEASE)):
            return 0
        found = 0
        for model in dict.fromkeys(rule.model for rule in registry.rules):
            try:
                found += self._compare(registry, host, model)
            except DeliveryError as error:
                log.warning("%s: %s; it is looked at again in a minute", registry.name, error)
        self.record.write(lambda books: books.chores.done(name, turn, self.clock.now()))
        return found

    def _compare(self, registry: Registry, host: RegistryHost, model: str) -> int:
        asked = self.clock.now()
        stands = host.model(model)

        def work(books: Books) -> int:
            known, found = _known(books, registry), 0
            for rule in (one for one in registry.rules if one.model == model):
                version = (stands.aliases if rule.alias else stands.stages).get(
                    rule.alias or rule.stage, ""
                )
                if version:
                    found += self._stands(books, registry, rule, version, known, asked, told=False)
            return found

        return self.record.write(work)

    def _stands(
        self,
        books: Books,
        registry: Registry,
        rule: Serves,
        version: str,
        known: dict[str, Watch],
        at: datetime,
        *,
        told: bool,
    ) -> bool:
        """Whether it has moved. What is only found by looking is believed if nothing newer was
        told meanwhile; where nothing was known, it is where the account begins."""
        key = served_key(registry, rule)
        former = known.get(key)
        before = str(former.facts["version"]) if former is not None else ""
        newer = former is not None and former.told_at is not None and former.told_at >= at
        if before == version or (newer and not told) or _going_back(books, registry, key):
            return False
        facts = {"version": version, "former": before}
        watch = Watch(key, WatchKind.SERVED, registry.name, rule.model, facts, told_at=at)
        books.watches.put(watch, at)
        source, mark = f"mlflow {registry.name}", f"{key}:{version}:{at.isoformat()}"
        moved = [Seen(f"{mark}:{one}", one, source, version=version) for one in rule.services]
        if former is None and not told:
            for seen in moved:  # no release that was seen; but from now on it is known to serve
                note_seen(books, seen, 0, at)
            return False
        for seen in moved:
            sighting = see(books, seen, at)
            if sighting is not None and not sighting.decision:
                self._ungated(books, registry, rule, sighting, before)
        return True

    def _ungated(
        self, books: Books, registry: Registry, rule: Serves, sighting: Sighting, former: str
    ) -> None:
        catalog, now = self.catalog(), self.clock.now()
        note(books, catalog, sighting, now, f"{rule.model} {rule.mark}", former)
        tell(books, catalog, self.ops, [sighting], now)
        if rule.restore and former:
            ask_back(books, catalog, self.ops, registry, rule, sighting, former, now)


def _going_back(books: Books, registry: Registry, key: str) -> bool:
    """What people have agreed to move back is no release that was seen."""
    found = books.watches.of(WatchKind.BACK, registry.name)
    return any(one.key == back_key(key) for one in found)


def _known(books: Books, registry: Registry) -> dict[str, Watch]:
    return {one.key: one for one in books.watches.of(WatchKind.SERVED, registry.name)}
