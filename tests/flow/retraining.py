"""A world in which the model of the ranker ages."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from bot.decide.catalog import Catalog
from bot.decide.outside import Hook, Outside, Topic
from bot.decide.people import Actor, Door
from bot.decide.task import Task
from bot.flow.retrain.remind import RemindTasks
from bot.flow.retrain.take import TakeTask
from bot.flow.show.tasks import ListTasks
from bot.judge.indicator import Op, Scored
from bot.judge.objective import Objective
from bot.judge.observation import Observation
from tests.builders import HOUR, objective
from tests.flow.conftest import World
from tests.flow.feeding import ACCURACY, Feeding, fed, labels

DRIFT: Objective = replace(
    fed("drift", Scored("ranker-drift", Op.LTE, Fraction(1, 5), drift=True)),
    title="Drift of the price",
)
TRAINER = Hook("trainer", "https://train.example", "KEY", frozenset({Topic.RETRAIN}))


def psi(end: int, value: float, n: float = 4_000) -> Observation:
    """What a tool said of the hour that ends then."""
    return Observation(
        end - HOUR, end, value=value, n=n, tool="nannyml", metric="price, psi", threshold=0.1
    )


@dataclass
class Retraining:
    """The flows over a world whose ranker is judged by drift and by right answers."""

    world: World
    outside: Outside = Outside()  # noqa: RUF009 - it is frozen
    feeding: Feeding = field(init=False)

    def __post_init__(self) -> None:
        self.feeding = Feeding(self.world, (DRIFT, ACCURACY, objective()))
        plain = self.feeding.catalog
        self.feeding.catalog = lambda: replace(plain(), outside=self.outside)  # type: ignore[method-assign]

    def catalog(self) -> Catalog:
        """With the feeds, and what is outside."""
        return self.feeding.catalog()

    def drift(self, hours: int, value: float, last: float | None = None) -> None:
        """So many hours of drift, told and polled at their end; then one more of `last`, if any."""
        values = [value] * hours + ([] if last is None else [last])
        ends = self._pass(len(values))
        rows = (psi(end, one) for end, one in zip(ends, values, strict=True))
        self.feeding.push("ranker-drift", *rows)
        self.feeding.poll()

    def answers(self, hours: int, wrong: float) -> None:
        """So many hours of labels."""
        row = labels(0, right=100 - wrong, wrong=wrong)
        ends = self._pass(hours)
        rows = (replace(row, start=end - HOUR, end=end) for end in ends)
        self.feeding.push("ranker-labels", *rows)
        self.feeding.poll()

    def _pass(self, hours: int) -> list[int]:
        """They go by; when each of them ended."""
        start = self._now()
        self.world.clock.advance(hours * HOUR)
        return [start + HOUR * number for number in range(1, hours + 1)]

    def _now(self) -> int:
        return int(self.world.clock.now().timestamp()) // HOUR * HOUR

    def tasks(self) -> list[Task]:
        """Those that are open."""
        return self.world.record.read(lambda books: books.tasks.standing())

    def remind(self, zone: str = "UTC") -> int:
        """One look of the ticker."""
        world = self.world
        return RemindTasks(
            world.record, world.clock, self.catalog, world.directory, world.ops, zone
        ).run()

    def taking(self) -> TakeTask:
        """The flow behind the buttons."""
        world = self.world
        return TakeTask(world.record, world.clock, self.catalog, world.directory, world.ops)

    def take(self, who: str = "UADA", number: int = 1) -> str:
        """A click on "I take it"."""
        return self.taking().take(number, Actor(who, who[1:].lower(), Door.SLACK))

    def start(self, who: str = "UADA", number: int = 1) -> str:
        """A click on "Start the pipeline"."""
        return self.taking().start(number, Actor(who, who[1:].lower(), Door.SLACK))

    def listed(self, word: str = "all") -> list[dict[str, object]]:
        """/budget tasks."""
        return ListTasks(self.world.record, self.world.clock, self.catalog).rows(word)
