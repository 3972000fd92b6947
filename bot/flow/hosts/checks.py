"""Required checks at GitHub: each open head and each group of a merge queue says whether releases
may go, and is told anew when that changes. What was green before a freeze does not stay so. A
commit that an approved override names is green while it could use it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.outside import CodeHost
from bot.decide.override import Grant, OverrideState
from bot.decide.waiting import STALE, Check, check_of, to_be_told
from bot.flow.facts import Facts
from bot.flow.gate.status import GateStatus
from bot.flow.hosts.visits import Visits
from bot.ports import Clock, Record
from bot.ports.hosts import GitHubHost, Watch, WatchKind

_OPEN = "open"
_LOOKED_AT = 50
"""Overrides of a service that are looked through, the newest first: as many as the gate does."""


@dataclass(frozen=True, slots=True)
class _Stands:
    """A repository as it stands, and the overrides that some commit of it could use."""

    states: Sequence[Facts]
    grants: Sequence[Grant]


@dataclass(frozen=True)
class VisitChecks:
    """The flow behind the required check."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    status: GateStatus
    hosts: Callable[[str], GitHubHost | None]
    visits: Visits

    def run(self, most: int = 20) -> int:
        """Tell the checks that stand otherwise than was told; how many. Groups of a merge queue
        first: they are merged next. Raises Undecidable, RecordError."""
        watches = self.record.read(lambda books: books.watches.of(WatchKind.CHECK))
        told = [self._tell(watch, check) for watch, check in list(self._due(watches))[:most]]
        return sum(told)

    def _due(self, watches: Iterable[Watch]) -> Iterable[tuple[Watch, Check]]:
        now, hosts = self.clock.now(), self.catalog().outside.hosts
        known: dict[tuple[str, str], _Stands] = {}
        for watch in sorted(watches, key=lambda one: one.facts["number"] != 0):
            host = hosts.get(watch.host)
            if host is None or not host.check or (watch.due_at is not None and watch.due_at > now):
                continue
            here = watch.host, watch.place.lower()
            if here not in known:
                known[here] = self._stands(host, watch.place)
            check = self._check(known[here], str(watch.facts["sha"]))
            if to_be_told(check, watch.mark, watch.told_at, now):
                yield watch, check

    def _stands(self, host: CodeHost, place: str) -> _Stands:
        states = [self.status.status(name) for name in host.services(place)]
        closed = [str(one["service"]) for one in states if one["closed"]]
        if not closed:
            return _Stands(states, ())
        now = self.clock.now()
        found = self.record.read(
            lambda books: [
                one for name in closed for one in books.grants.of_service(name, _LOOKED_AT)
            ]
        )
        return _Stands(states, [one for one in found if one.state(now) is OverrideState.APPROVED])

    def _check(self, stands: _Stands, sha: str) -> Check:
        """Only looking: a check uses no override."""

        def state(one: Facts) -> Facts:
            change = Change(str(one["service"]), commit=sha)
            mine = [grant for grant in stands.grants if grant.change.pins(change)]
            return self.status.release(change, mine) if mine else one

        return check_of([state(one) for one in stands.states])

    def _tell(self, watch: Watch, check: Check) -> bool:
        def visit(claimed: Watch) -> Watch | None:
            spec, host = self.catalog().outside.hosts.get(claimed.host), self.hosts(claimed.host)
            if spec is None or host is None:
                return None
            said, now = dict(claimed.facts), self.clock.now()
            known = "" if self._ended(claimed, check) else str(said.get("check", ""))
            said["check"] = host.check(
                claimed.place, int(said["installation"]), str(said["sha"]), spec.check, check, known
            )
            return replace(claimed, facts=said, mark=check.mark, told_at=now, due_at=now)

        return self.visits.pay(watch.key, visit)

    def _ended(self, watch: Watch, check: Check) -> bool:
        """One that is passed cannot begin again, and one that is old would be called stale: a new
        one of the same name takes its place."""
        told = watch.told_at
        old = told is not None and self.clock.now() - told >= STALE
        return (watch.mark.startswith(_OPEN) and not check.open) or old
