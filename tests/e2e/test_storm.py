"""Two workers are killed at random moments while Slack loses answers: nothing is lost, nothing is
said twice once the sweeper has been by (laws 17, 21 and 22)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.clock import SystemClock
from bot.flow.tell.sweep import Sweep
from bot.notify.client import build_client
from bot.notify.slack import SlackMessenger
from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.model import Message
from bot.ports import Outgoing
from bot.record import Database
from tests.e2e.chaos import KEYS, Plan, edit, notice, reply, rooms, standing
from tests.e2e.nursery import Child, Nursery
from tests.e2e.process import NewDatabase
from tests.e2e.slack import Slack, slack, words
from tests.e2e.waiting import until

pytest_plugins = ["tests.record_stores"]

SECONDS = 8.0
ROOMS = rooms(10)
TROUBLES = [
    ("chat.postMessage", Fault.DROP_AFTER_STORE, 0.0),
    ("chat.postMessage", Fault.DROP_BEFORE_STORE, 0.0),
    ("chat.postMessage", Fault.ERROR_500_AFTER_STORE, 0.0),
    ("chat.postMessage", Fault.ERROR_500_BEFORE_STORE, 0.0),
    ("chat.postMessage", Fault.HANG_AFTER_STORE, 0.6),
    ("chat.postMessage", Fault.HANG_BEFORE_STORE, 0.6),
    ("chat.postMessage", Fault.RATE_LIMITED, 1.0),
    ("chat.postMessage", Fault.LATE_IN_HISTORY, 1.5),
    ("chat.update", Fault.DROP_AFTER_STORE, 0.0),
    ("chat.update", Fault.ERROR_500_BEFORE_STORE, 0.0),
    ("conversations.history", Fault.ERROR_500_BEFORE_STORE, 0.0),
    ("conversations.replies", Fault.HANG_BEFORE_STORE, 0.6),
]


@dataclass
class Storm:
    """Messages go in, workers die, Slack misbehaves; all by one seeded chance."""

    people: Slack
    database: Database
    nursery: Nursery
    plan: Plan
    log: Path
    chance: Random = field(default_factory=lambda: Random(38))
    workers: list[Child] = field(default_factory=list)
    expected: dict[str, set[str]] = field(default_factory=lambda: {r.id: set() for r in ROOMS})
    wording: dict[tuple[str, str], str] = field(default_factory=dict)
    """The last text of each edited head, by channel and key."""
    kills: int = 0
    number: int = 0
    late: int = 0
    """Posts that stand for a while before the history shows them: those alone may double."""

    def rage(self) -> None:
        """Everything at once, for some seconds."""
        self.workers = [self.plan.child(self.nursery, self.log) for _ in range(2)]
        ends = time.monotonic() + SECONDS
        kill_at = time.monotonic() + 1.0
        while time.monotonic() < ends:
            self.feed()
            if self.chance.random() < 0.5:
                method, fault, seconds = self.chance.choice(TROUBLES)
                self.people.space.faults.arm(method, fault, seconds=seconds)
                self.late += fault is Fault.LATE_IN_HISTORY
            if time.monotonic() > kill_at:
                kill_at += self.chance.uniform(0.2, 1.2)
                self.kill()
            time.sleep(self.chance.uniform(0.05, 0.25))  # the storm's own pace

    def kill(self) -> None:
        victim = self.chance.randrange(2)
        self.workers[victim].kill()
        self.workers[victim] = self.plan.child(self.nursery, self.log)
        self.kills += 1

    def feed(self) -> None:
        """A new head, or something about an old one."""
        channel = self.chance.choice(ROOMS).id
        heads = sorted(key for key in self.expected[channel] if ":" not in key)
        self.number += 1
        what = self.chance.random()
        if not heads or what < 0.6:
            self.put(notice(f"n{self.number}", channel))
        elif what < 0.8:
            self.put(reply(f"n{self.number}:reply", self.chance.choice(heads), channel))
        else:
            key, text = self.chance.choice(heads), f"wording {self.number}."
            now = datetime.now(UTC)
            self.database.write(lambda books: books.outbox.put(edit(key, channel, text), now))
            self.wording[channel, key] = text

    def put(self, outgoing: Outgoing) -> None:
        now = datetime.now(UTC)
        assert self.database.write(lambda books: books.outbox.put(outgoing, now))
        self.expected[outgoing.channel].add(outgoing.key)

    def calm(self) -> None:
        """The weather clears up; the workers finish, and the sweeper goes by."""
        self.people.space.faults.disarm()
        until(lambda: self.unsent() == 0, "empty outbox", 60.0, lambda: self.log.read_text())
        for worker in self.workers:
            worker.kill()

    def sweep(self) -> int:
        client = build_client(KEYS.bot, self.plan.api_url, 5.0)
        return Sweep(self.database, SystemClock(), SlackMessenger(client)).run()

    def unsent(self) -> int:
        return self.database.read(lambda books: books.outbox.backlog(datetime.now(UTC)))[0]

    def doubled(self) -> int:
        return sum(n - 1 for room in ROOMS for n in standing(self.people, room.id).values())


@pytest.fixture
def storm(new_database: NewDatabase, nursery: Nursery, tmp_path: Path) -> Iterator[Storm]:
    url = new_database()
    with (
        slack(channels=ROOMS, limits=Limits(tiers=False)) as people,
        Database(url) as database,
    ):
        plan = Plan("work", url, people.server.api_url, lease=1.6, patience=0.7)
        yield Storm(people, database, nursery, plan, tmp_path / "workers.log")


def test_nothing_is_lost_and_nothing_is_said_twice(storm: Storm) -> None:
    storm.rage()
    storm.calm()
    doubled = storm.doubled()
    swept = storm.sweep()
    print(  # noqa: T201 - measured
        f"{sum(map(len, storm.expected.values()))} messages, {storm.kills} kills, "
        f"{doubled} doubled, {swept} swept"
    )
    assert storm.kills >= 5
    assert doubled <= storm.late
    for room in ROOMS:
        said = standing(storm.people, room.id)
        assert set(said) == storm.expected[room.id]
        assert set(said.values()) <= {1}, said
    for (channel, key), text in storm.wording.items():
        (head,) = [m for m in storm.people.heads(channel=channel) if key_of(m) == key]
        assert text in words(head)


def key_of(message: Message) -> str:
    return str((message.metadata or {})["event_payload"]["key"])
