"""The gate over the small world of the flows: real database, fakes around it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event

from bot.decide.approval import Wish
from bot.decide.caller import Caller, Rights
from bot.decide.catalog import Catalog
from bot.decide.change import Change, ChangeKind
from bot.decide.override import Grant, Run
from bot.decide.people import Actor, Door
from bot.flow.gate.decide import Asking, DecideGate
from bot.flow.gate.known import knowing
from bot.flow.gate.sitting import GateAnswer
from bot.flow.gate.snapshot import Snapshot
from bot.flow.gate.status import GateStatus
from bot.flow.verdicts import Verdicts
from bot.ports import Books, Record
from tests.flow.conftest import World
from tests.record_samples import request

CI = Caller(
    Actor("token:1", "ci", Door.API),
    Rights.of(["gate:decide:*", "gate:break-glass:*"]),
    "secret",
    owner="token:ci",
)
RUN = Run("github", "1")


class Switch:
    """A record that can be switched off, and says how it fails; or that hangs: whoever writes is at
    `hung`, and waits for `goes`."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.fault: Exception | None = None
        self.writes = 0
        self.hung, self.goes = Event(), Event()
        self.goes.set()

    def write(self, work):  # type: ignore[no-untyped-def]
        """As the record, unless off."""
        if not self.goes.is_set():
            self.hung.set()
            assert self.goes.wait(20)
        if self.fault is not None:
            raise self.fault
        self.writes += 1
        return self._record.write(work)

    def read(self, work):  # type: ignore[no-untyped-def]
        """As the record, unless off."""
        if self.fault is not None:
            raise self.fault
        return self._record.read(work)

    def check(self) -> str:
        return self._record.check()

    def close(self) -> None:
        self._record.close()


@dataclass
class Gates:
    """The gate's flows over a world."""

    world: World
    clock: float = 0.0
    catalog: Catalog | None = None
    record: Switch = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.record = Switch(world.record)
        known, verdicts = knowing(self._catalog), Verdicts()
        self.snapshot = Snapshot(self.record, world.clock, known, verdicts, self._monotonic)
        self.flow = DecideGate(self.record, world.clock, known, self.snapshot, world.ops)
        self.status = GateStatus(self.snapshot, world.clock)

    def _catalog(self) -> Catalog:
        if self.catalog is None:
            self.catalog = self.world.catalog()
        return self.catalog

    def _monotonic(self) -> float:
        return self.world.clock.now().timestamp()

    def ask(
        self,
        version: str = "38",
        *,
        service: str = "ranker",
        run: Run | None = RUN,
        kind: ChangeKind = ChangeKind.OTHER,
        commit: str = "",
        caller: Caller = CI,
        once: str = "",
        deployer: str = "",
    ) -> GateAnswer:
        """May it go now?"""
        change = Change(service, version, commit, kind=kind)
        return self.flow.run(Asking(change, run, deployer, once=once), caller)

    def grant(
        self, *freezes: int, version: str = "38", hours: float = 1, commit: str = ""
    ) -> Grant:
        """An approved override."""
        now = self.world.clock.now()

        def work(books: Books) -> Grant:
            change = Change("ranker", version, commit)
            wanted = replace(request(), wish=Wish.OVERRIDE, change=change, freezes=freezes)
            asked = books.requests.add(wanted)
            end = now + timedelta(hours=hours)
            return books.grants.add(Grant(0, asked.id, change, freezes, now, end))

        return self.world.record.write(work)
