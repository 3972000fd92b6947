"""Fakes that remember: they satisfy the ports and say afterwards what was asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.decide.people import Person, Rota
from bot.decide.roster import Found
from bot.errors import DeliveryError, Refused, Unclear
from bot.judge.ledger import Slice
from bot.ports import Ask, Reading, Rendered


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)) -> None:
        self.time = now

    def now(self) -> datetime:
        """The time it was set to."""
        return self.time

    def advance(self, seconds: float) -> datetime:
        """Move it on; the new time."""
        self.time += timedelta(seconds=seconds)
        return self.time


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of steady traffic, in whole seconds since 1970: (since, until]."""

    since: int
    until: int
    eligible: float
    """Events a second."""
    bad: float

    def overlap(self, since: int, until: int) -> int:
        """Seconds of (since, until] that fall into this phase."""
        return max(0, min(self.until, until) - max(self.since, since))


class FakeSource:
    """A source with a history of steady phases; seconds in no phase were not observed."""

    def __init__(self, name: str = "fake", delay: int = 0) -> None:
        self.name = name
        self.delay = delay
        self.asks: list[Ask] = []
        self.reads = 0
        """How many requests were made; one carries many asks."""
        self.phases: dict[str, list[Phase]] = {}
        self.fault: str | None = None
        """While set, every answer is this fault."""
        self.faults: dict[str, str] = {}
        """The same for single objectives."""
        self.closed = False

    def steady(
        self, objective: str, since: int, until: int, eligible: float, bad: float = 0.0
    ) -> None:
        """Add a stretch of traffic, in events a second."""
        self.phases.setdefault(objective, []).append(Phase(since, until, eligible, bad))

    def read(self, asks: Sequence[Ask]) -> list[Reading]:
        """Slices by the phases, or the fault."""
        self.reads += 1
        self.asks.extend(asks)
        return [self._answer(ask) for ask in asks]

    def check(self) -> str:
        """Always well."""
        return f"{self.name}: ok"

    def newest(self, now: datetime) -> int:
        """The last whole minute before the delay."""
        return (int(now.timestamp()) - self.delay) // 60 * 60

    def close(self) -> None:
        """Remembered."""
        self.closed = True

    def _answer(self, ask: Ask) -> Reading:
        name, stretch = ask.objective.id, ask.stretch
        fault = self.fault or self.faults.get(name)
        if fault is not None:
            return Reading(name, fault=fault)
        ends = range(stretch.since + stretch.step, stretch.until + 1, stretch.step)
        return Reading(name, tuple(self._slice(name, at, stretch.step) for at in ends))

    def _slice(self, name: str, at: int, step: int) -> Slice:
        shares = [(p, p.overlap(at - step, at)) for p in self.phases.get(name, ())]
        if sum(seconds for _, seconds in shares) < step:
            return Slice(at, 0.0, 0.0, 0)
        eligible = sum(p.eligible * seconds for p, seconds in shares)
        return Slice(at, eligible, sum(p.bad * seconds for p, seconds in shares), step)


@dataclass(slots=True)
class Posted:
    """A message as it stands in a channel; `said` keeps what it said before its edits."""

    channel: str
    ts: str
    message: Rendered
    key: str
    thread: str | None
    broadcast: bool
    said: list[Rendered] = field(default_factory=list)


class FakeMessenger:
    """A Slack that keeps its channels in a list and fails as it is told.

    `fail` holds what happens to the next calls of post and edit, in order: an error is raised and
    nothing is done; `Unclear` after `lose_next_answer` is raised although it was done.
    """

    def __init__(self, channels: Mapping[str, str] | None = None) -> None:
        self.channels = dict(channels or {})
        """Names and the ids that Slack answers with; others are their own id."""
        self.posted: list[Posted] = []
        self.deleted: list[Posted] = []
        self.calls: list[str] = []
        self.fail: list[DeliveryError] = []
        self._lose = 0
        self._clock = 1_772_452_800  # noon of 2026-03-02, as FakeClock

    def lose_next_answer(self, times: int = 1) -> None:
        """The next posts arrive, but their answer does not."""
        self._lose += times

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """Stands in the channel, unless told otherwise."""
        self._call("post")
        self._clock += 1
        home = self.channels.get(channel, channel)
        posted = Posted(home, f"{self._clock}.000100", message, key, thread, broadcast)
        self.posted.append(posted)
        if self._lose:
            self._lose -= 1
            raise Unclear("the answer was lost")
        return posted.channel, posted.ts

    def edit(self, channel: str, ts: str, message: Rendered) -> None:
        """Changes what stands there."""
        self._call("edit")
        posted = self._at(channel, ts)
        posted.said.append(posted.message)
        posted.message = message

    def find(self, channel: str, key: str, since: datetime, thread: str | None) -> list[str]:
        """By key, in one channel and thread, oldest first."""
        self._call("find")
        home = self.channels.get(channel, channel)
        return [
            p.ts
            for p in self.posted
            if (p.channel, p.key) == (home, key)
            and (thread is None or p.thread == thread)
            and float(p.ts) >= since.timestamp()
        ]

    def delete(self, channel: str, ts: str) -> None:
        """Gone from the channel, kept in `deleted`."""
        self._call("delete")
        posted = self._at(channel, ts)
        self.posted.remove(posted)
        self.deleted.append(posted)

    def texts(self, channel: str) -> list[str]:
        """What the channel reads like, threads included."""
        return [p.message.text for p in self.posted if p.channel == channel]

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.fail:
            raise self.fail.pop(0)

    def _at(self, channel: str, ts: str) -> Posted:
        for posted in self.posted:
            if (posted.channel, posted.ts) == (channel, ts):
                return posted
        raise Refused("message_not_found")


class FakeDirectory:
    """People, and rotas that can change between two clicks."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.groups: dict[str, set[str]] = {}
        """By the id of the user group, schedule or escalation policy."""
        self.down = False
        self.silent: set[str] = set()
        """Rotas that do not answer."""
        self.asked: list[Rota] = []

    def add(self, person: Person, *groups: str) -> Person:
        """Somebody, and the rotas they are on."""
        self.people[person.id] = person
        for group in groups:
            self.groups.setdefault(group, set()).add(person.id)
        return person

    def person(self, user: str) -> Person:
        """Raises DeliveryError while down, Refused for nobody we know."""
        self._answer()
        if user not in self.people:
            raise Refused("user_not_found")
        return self.people[user]

    def found(self, rota: Rota) -> Found:
        """Whom it names now. Raises DeliveryError while down or silent."""
        self._answer()
        self.asked.append(rota)
        if rota.id in self.silent:
            raise DeliveryError("HTTP 503")
        return Found(frozenset(self.groups.get(rota.id, ())), f"{rota}, asked live")

    def _answer(self) -> None:
        if self.down:
            raise DeliveryError("Slack does not answer")
