"""Two versions of the ranker side by side, each with accounts of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from bot.decide.catalog import Catalog
from bot.decide.outside import Hook, Outside, Registry, Serves, Topic
from bot.decide.release import Note, NoteKind
from bot.flow.canary.outcome import FollowAdvice
from bot.flow.canary.propose import WatchCanaries
from bot.flow.canary.show import ShowCanary
from bot.judge.abreast import account_of
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.ports import Books
from tests.builders import MINUTE, objective
from tests.flow.conftest import World

REGISTRY = Registry(
    "main",
    "https://mlflow.example",
    (Serves("ranker", ("ranker",), alias="champion", restore=True),),
)
DEPLOYER = Hook("deployer", "https://deploy.example", "KEY", frozenset({Topic.ROLLBACK}))


@dataclass
class Canaries:
    """The flows over a world, and short ways to tell them what happens."""

    world: World
    outside: Outside = Outside()  # noqa: RUF009 - it is frozen

    def catalog(self) -> Catalog:
        """That of the world, with what is outside."""
        return replace(self.world.catalog(), outside=self.outside)

    def note(
        self, version: str, kind: NoteKind = NoteKind.BEGAN, share: Fraction | None = None
    ) -> None:
        """Somebody tells the journal, now."""
        now = self.world.clock.now()
        key = f"{version}:{kind}:{now.isoformat()}"
        told = Note(0, key, "ranker", version, kind, now, "kubernetes", share)
        self.world.record.write(lambda books: books.journal.add(told))

    def serve(self, minutes: int, bad: dict[str, float], name: str = "availability") -> None:
        """So many minutes of traffic, 100 events a minute and version, with these failures."""
        start = int(self.world.clock.now().timestamp())
        self.world.clock.advance(minutes * MINUTE)
        for version, rate in bad.items():
            each = [Slice(start + n * MINUTE, 100.0, rate, MINUTE) for n in range(1, minutes + 1)]
            self.count(_own(name, version), each)

    def count(self, one: Objective, pieces: Sequence[Slice]) -> None:
        """Into the account of an objective."""

        def work(books: Books) -> None:
            now = self.world.clock.now()
            books.ledger.open([one], now)
            books.ledger.hurry([one.id], now)
            held = books.ledger.claim([one.id], now, 60, 1)
            books.ledger.append_many([(held[0], pieces, pieces[-1].at)])
            books.ledger.release_many(held, now)

        self.world.record.write(work)

    def keep_up(self, bad: float = 0.002) -> None:
        """What was counted of the services themselves meanwhile: nothing is stale."""
        now = int(self.world.clock.now().timestamp())
        accounts = self.world.record.read(
            lambda books: books.ledger.accounts([one.id for one in self.world.objectives])
        )
        for one in self.world.objectives:
            account = accounts.get(one.id)
            if account is None or account.read_until is None:
                continue
            ends = range(account.read_until + one.step, now + 1, one.step)
            events = 100.0 * one.step / MINUTE
            self.count(one, [Slice(end, events, events * bad, one.step) for end in ends])

    def canary(self) -> None:
        """37 serves, and 38 gets a tenth beside it."""
        self.note("37")
        self.world.clock.advance(timedelta(hours=1).total_seconds())
        self.note("38", NoteKind.SHARE, Fraction(1, 10))

    def bad(self) -> None:
        """38 fails 5 in 100, 37 one in 100: enough to be sure."""
        self.canary()
        self.serve(30, {"37": 1.0, "38": 5.0})

    def look(self) -> int:
        """One look of the ticker."""
        world = self.world
        return WatchCanaries(world.record, world.clock, self.catalog, world.ops).run()

    def follow(self) -> int:
        """What became of it."""
        world = self.world
        return FollowAdvice(world.record, world.clock, self.catalog, world.ops).run()

    @property
    def show(self) -> ShowCanary:
        """On demand."""
        return ShowCanary(self.world.record, self.world.clock, self.catalog)


def _own(name: str, version: str) -> Objective:
    return objective(name=account_of(name, version))
