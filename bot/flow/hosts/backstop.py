"""What webhooks did not tell: GitHub never sends one again by itself, so what waits there, what may
be merged, and which deliveries failed are looked for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.github_events import Head, Malformed, body_of, read_event
from bot.decide.outside import CodeHost, HostKind
from bot.errors import DeliveryError
from bot.flow.hosts.notices import TakeNotices, check_watch, found_waiting
from bot.ports import Books, Clock, Record
from bot.ports.hosts import GitHubHost, Watch, WatchKind

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=2)
LEASE = 110.0
_BACK = timedelta(days=1)
"""Receipts are kept for two days, GitHub's list for three: nothing is taken twice."""


@dataclass(frozen=True)
class LookForMissed:
    """The flow behind the look every two minutes, made by one replica."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    hosts: Callable[[str], GitHubHost | None]
    notices: TakeNotices
    installations: dict[tuple[str, str], int] = field(default_factory=dict)

    def run(self) -> int:
        """How much was found that no webhook had told."""
        return sum(self._look(host) for host in self.catalog().outside.of(HostKind.GITHUB))

    def _look(self, host: CodeHost) -> int:
        now, name = self.clock.now(), f"look at {host.name}"
        turn = _turn(now)
        api = self.hosts(host.name)
        last = self.record.read(lambda books: books.chores.last(name))
        if api is None or (last is not None and last[0] >= turn):
            return 0
        if not self.record.write(lambda books: books.chores.claim(name, turn, now, LEASE)):
            return 0
        found = 0
        for what in (self._deliveries, *(self._at(place) for place in host.places)):
            try:
                found += what(host, api)
            except DeliveryError as error:
                log.warning("%s: %s; it is looked at again in two minutes", host.name, error)
        self.record.write(lambda books: books.chores.done(name, turn, self.clock.now()))
        return found

    def _deliveries(self, host: CodeHost, api: GitHubHost) -> int:
        found = 0
        for one in api.missed(self.clock.now() - _BACK):
            try:
                event = read_event(one.event, one.said)
            except Malformed as error:
                log.warning("%s: delivery %s is %s", host.name, one.guid, error)
                event = None
            found += self.notices.github(host, one.guid, event, body_of(one.event, one.said))
        return found

    def _at(self, place: str) -> Callable[[CodeHost, GitHubHost], int]:
        def look(host: CodeHost, api: GitHubHost) -> int:
            installation = self._installation(host, api, place)
            stands = api.waiting(place, installation)
            heads = api.heads(place, installation) if host.check else None

            def work(books: Books) -> int:
                now, found = self.clock.now(), 0
                for one in stands:
                    if host.services(place, one.environment):
                        watch = found_waiting(host, place, installation, one)
                        found += books.watches.add(watch, now)
                if heads is not None:
                    there = [Head(place, installation, n, sha, open=True) for n, sha in heads]
                    found += _reconcile(books, host, place, there, now)
                return found

            return self.record.write(work)

        return look

    def _installation(self, host: CodeHost, api: GitHubHost, place: str) -> int:
        known = self.installations.get((host.name, place))
        if known is None:
            known = self.installations[host.name, place] = api.installation(place)
        return known


def _reconcile(books: Books, host: CodeHost, place: str, heads: list[Head], now: datetime) -> int:
    """The open pull requests as they are: new heads are looked after, closed ones no more."""
    known = {
        one.key: one
        for one in books.watches.of(WatchKind.CHECK, host.name)
        if one.place.lower() == place.lower() and one.facts["number"]
    }
    wanted: dict[str, Watch] = {}
    for head in heads:
        watch = check_watch(host, head)
        wanted[watch.key] = watch
    fresh = [
        one
        for key, one in wanted.items()
        if key not in known or known[key].facts["sha"] != one.facts["sha"]
    ]
    for one in fresh:
        books.watches.put(one, now)
    gone = [key for key in known if key not in wanted]
    return len(fresh) + sum(books.watches.remove(key) for key in gone)


def _turn(now: datetime) -> str:
    minute = now.minute - now.minute % int(EVERY.total_seconds() // 60)
    return f"{now.replace(minute=minute):%Y-%m-%dT%H:%M}"
