"""A world whose objectives count feeds."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction

from bot.decide.caller import Caller, Rights
from bot.decide.catalog import Catalog, SourceSpec
from bot.decide.people import Actor, Door
from bot.decide.release import Note, NoteKind
from bot.flow.evaluate import Evaluate
from bot.flow.facts import Facts
from bot.flow.poll.receive import Batch, Receive
from bot.flow.poll.restate import reaching
from bot.flow.poll.versions import CountVersions
from bot.judge.indicator import Counted, Labelled, Op, Scored
from bot.judge.ledger import Balances
from bot.judge.objective import Method, Objective
from bot.judge.observation import Observation
from bot.judge.tally import Quality
from bot.judge.version import of_version
from bot.measure.observed import ObservedSource
from bot.ports import Books
from tests.builders import DAY, HOUR, NOON, objective, rolling
from tests.flow.conftest import World

PUSHER = Caller(Actor("token:7", "labels-job", Door.API), Rights.of(["slices:push:*"]))
LATE = 7 * DAY


def fed(name: str, indicator: Labelled | Counted | Scored, delay: int = 0) -> Objective:
    """An objective of the ranker that counts a feed by the hour."""
    batches = isinstance(indicator, Scored)
    made = objective(
        "ranker",
        name,
        target="0.9",
        window=rolling(7),
        step=HOUR,
        indicator=indicator,
        method=Method.TIMESLICES if batches else Method.OCCURRENCES,
    )
    slice_target = Fraction(1) if batches else None
    return replace(made, source="labels", label_delay=delay, slice_target=slice_target)


ACCURACY = fed("accuracy", Labelled("ranker-labels", Quality.ACCURACY))
RECALL = fed("recall", Labelled("ranker-labels", Quality.RECALL))
ANSWERS = fed("answers", Counted("ranker-answers"))
AUC = fed("auc", Scored("ranker-auc", Op.GTE, Fraction(94, 100), "share"))


def labels(hour: int, version: str = "", right: float = 90, wrong: float = 10) -> Observation:
    """The hour that ends so many hours after NOON (before, if negative)."""
    end = NOON + hour * HOUR
    return Observation(end - HOUR, end, version, tp=right, fp=wrong, fn=0, tn=0)


def answers(hour: int, eligible: float = 100, bad: float = 1) -> Observation:
    end = NOON + hour * HOUR
    return Observation(end - HOUR, end, eligible=eligible, bad=bad)


def score(hour: int, value: float, n: float = 1_000) -> Observation:
    end = NOON + hour * HOUR
    return Observation(end - HOUR, end, value=value, n=n)


@dataclass
class Feeding:
    """The flows of feeds over a world."""

    world: World
    objectives: tuple[Objective, ...] = (ACCURACY, RECALL, ANSWERS, AUC)
    versions: str = "any"
    source: ObservedSource = field(init=False)

    def __post_init__(self) -> None:
        self.world.objectives = self.objectives
        self.world.open()
        self.source = self.source_of(HOUR)

    def source_of(self, step: int) -> ObservedSource:
        """What was pushed, in slices of so many seconds."""
        record = self.world.record
        return ObservedSource(
            "labels",
            lambda feed, a, b: record.read(lambda books: reaching(books, feed, a, b)),
            step=step,
        )

    def catalog(self) -> Catalog:
        """With a source of type push."""
        spec = SourceSpec("labels", "push", {"step": HOUR, "versions": self.versions})
        return replace(self.world.catalog(), sources={"labels": spec})

    def push(
        self,
        feed: str,
        *rows: Observation,
        atomic: bool = False,
        once: str = "",
        digest: str = "",
        caller: Caller = PUSHER,
    ) -> Facts:
        """What was taken."""
        flow = Receive(self.world.record, self.world.clock, self.catalog, self.world.ops)
        batch = Batch(feed, list(enumerate(rows)), (), atomic, once, digest)
        return flow.run(batch, caller)

    def poll(self, hours: float = 0) -> int:
        """One poll, so many hours from now."""
        self.world.clock.advance(hours * HOUR)
        return self.flow().run(self.source, force=True)

    def release(self, version: str, kind: NoteKind = NoteKind.SHARE, ago: float = 0) -> None:
        """Somebody tells the journal of the ranker, so many hours late; a share is a half."""
        at = self.world.clock.now() - timedelta(hours=ago)
        key = f"{version}:{kind}:{at.isoformat()}"
        share = Fraction(1, 2) if kind is NoteKind.SHARE else None
        note = Note(0, key, "ranker", version, kind, at, "kubernetes", share)
        self.world.record.write(lambda books: books.journal.add(note))

    def count(self, hours: float = 0) -> int:
        """The accounts of live versions, so many hours from now."""
        self.world.clock.advance(hours * HOUR)
        return CountVersions(self.world.record, self.world.clock, self.catalog).run(self.source)

    def served(self, one: Objective, version: str) -> Balances | None:
        """All rows of a version's account; None if it has none."""
        name = of_version(one, version, 0).id

        def look(books: Books) -> Balances | None:
            account = books.ledger.accounts([name]).get(name)
            return None if account is None else books.ledger.rows(account.id, 0, 2**40)

        return self.world.record.read(look)

    def flow(self) -> Evaluate:
        return Evaluate(self.world.record, self.world.clock, self.catalog, self.world.ops)

    def balances(self, one: Objective = ACCURACY) -> Balances:
        """All rows of its account."""

        def look(books):  # type: ignore[no-untyped-def] # Books
            account = books.ledger.accounts([one.id])[one.id]
            return books.ledger.rows(account.id, 0, 2**40)

        found = self.world.record.read(look)
        assert found is not None
        return found

    def totals(self, one: Objective = ACCURACY, hour: int = 10_000) -> tuple[float, float, int]:
        """Eligible, bad and observed seconds up to an hour."""
        found = self.balances(one).at(NOON + hour * HOUR)
        return found.eligible, found.bad, found.observed
