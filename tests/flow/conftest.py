"""A small world for the flows: real database and templates; Slack, sources and time are fakes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.decide.approval import Choice, Request, Ruling, Wish
from bot.decide.catalog import Catalog, Team
from bot.decide.decision import Chained
from bot.decide.freeze import Ending, Freeze
from bot.decide.people import Actor, Door, Group, Person
from bot.decide.policy import DEFAULT, Policy
from bot.decide.service import Service
from bot.flow.ask.insist import Insist
from bot.flow.ask.request import AskFor, Outcome, Plea
from bot.flow.ask.vote import CastVote
from bot.flow.evaluate import Evaluate
from bot.flow.poll.acknowledge import Acknowledge
from bot.flow.show.answer import Answer
from bot.flow.show.browse import Browse, Question
from bot.flow.tell.deliver import Deliver
from bot.flow.tell.sweep import Sweep
from bot.flow.tell.tidy import Tidy
from bot.judge.objective import Objective
from bot.notify.render import TemplateRenderer
from bot.ports import Episode, HistoryFilter
from bot.record import Database
from tests.builders import DAY, MINUTE, NOON, objective, when
from tests.fakes import FakeClock, FakeDirectory, FakeMessenger, FakeSource
from tests.fresh import fresh_sqlite

TEMPLATES = Path(__file__).parents[2] / "templates"
RENDERER = TemplateRenderer([TEMPLATES])
SEARCH, OPS = "#search", "#ops"
QUICK = replace(DEFAULT, resolve_after=120)


@dataclass
class World:
    """Everything a flow needs, and short ways to look at what came of it."""

    record: Database
    policy: Policy = QUICK
    clock: FakeClock = field(default_factory=lambda: FakeClock(when(NOON)))
    source: FakeSource = field(default_factory=FakeSource)
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    objectives: tuple[Objective, ...] = (objective(), objective("recs"))
    ops: str = OPS
    teams: dict[str, Team] = field(
        default_factory=lambda: {
            "search": Team("search", "Search", SEARCH, Group(("S1",)), Group(users=("ULEAD",)))
        }
    )
    insisting: Insist | None = None

    def __post_init__(self) -> None:
        for name, groups in (("ada", ["S1"]), ("ben", ["S1"]), ("eve", [])):
            self.directory.add(Person(f"U{name.upper()}", name, "T1"), *groups)
        self.open()

    def open(self) -> None:
        """Accounts for the objectives of the catalog."""
        self.record.write(lambda b: b.ledger.open(self.objectives, self.clock.now()))

    def catalog(self) -> Catalog:
        """Two services of one team, one without."""
        names = {o.service for o in self.objectives}
        services = {n: Service(n, "", "search" if n != "orphan" else "") for n in names}
        return Catalog(self.objectives, services, self.teams, {"default": self.policy})

    def evaluate(self) -> int:
        """One poll."""
        return Evaluate(self.record, self.clock, self.catalog, self.ops).run(self.source)

    def polls(self, minutes: int) -> None:
        """A poll a minute."""
        for _ in range(minutes):
            self.clock.advance(MINUTE)
            self.evaluate()

    def traffic(self, name: str, bad: float, minutes: int, eligible: float = 100.0) -> None:
        """Traffic from now on, in events a minute, polled as it comes."""
        now = int(self.clock.now().timestamp())
        until = now + minutes * MINUTE
        self.source.steady(name, now, until, eligible / 60, bad / 60)
        for other in self.objectives:
            if other.id != name:
                self.source.steady(other.id, now, until, eligible / 60)
        self.polls(minutes)

    def history_of_calm(self, days: int = 30, eligible: float = 100.0, bad: float = 0.0) -> None:
        """A full window behind us."""
        for each in self.objectives:
            until = NOON
            self.source.steady(each.id, until - days * DAY, until, eligible / 60, bad / 60)
        self.evaluate()

    def deliver(self) -> None:
        """Empty the outbox, at Slack's pace."""
        flow = self.delivery()
        for _ in range(200):
            flow.run()
            unsent, _ = self.record.read(lambda b: b.outbox.backlog(self.clock.now()))
            if not unsent:
                return
            self.clock.advance(1)
        raise AssertionError("the outbox does not empty")

    def delivery(self) -> Deliver:
        """A worker of the outbox."""
        return Deliver(
            self.record, self.clock, self.renderer(), self.messenger, "w1", OPS, lambda: 0.0
        )

    def renderer(self) -> TemplateRenderer:
        """The real templates: facts that they lack would show."""
        return RENDERER

    def ask(
        self,
        wish: Wish,
        who: str = "UADA",
        word: str = "ranker",
        hours: float | None = None,
        until: Ending | None = None,
        reason: str = "because",
    ) -> Outcome:
        """/freeze or /unfreeze by somebody in Slack; `hours` says until when, not for how long."""
        end = until if hours is None else self.clock.now() + timedelta(hours=hours)
        plea = Plea(wish, self.catalog().scope(word), reason, end)
        flow = AskFor(self.record, self.clock, self.catalog, self.directory, self.ops)
        return flow.run(plea, Actor(who, who[1:].lower(), Door.SLACK))

    def vote(self, request: Request | None, who: str, choice: Choice = Choice.APPROVE) -> Ruling:
        """A click."""
        assert request is not None
        flow = CastVote(self.record, self.clock, self.catalog, self.directory, self.ops)
        return flow.run(request.id, who, choice)

    def tidy(self) -> int:
        """Let time tell."""
        return Tidy(self.record, self.clock, self.catalog, self.ops).run()

    def insist(self) -> int:
        """Can the policy's requests be decided?"""
        if self.insisting is None:
            self.insisting = Insist(self.record, self.clock, self.catalog, self.directory, self.ops)
        return self.insisting.run()

    def sweep(self) -> int:
        """Take doubles back."""
        return Sweep(self.record, self.clock, self.messenger).run()

    def answer(self) -> Answer:
        """Questions."""
        return Answer(self.record, self.clock, self.catalog)

    def page(self, word: str = "", before: int | None = None, limit: int = 10) -> dict[str, Any]:
        """A page of the history."""
        asked = Question(word or "all", before=before)
        return Browse(self.record, self.catalog).page(asked, limit)

    def acknowledge(self, episode: int, who: str) -> str:
        """A click on Acknowledge."""
        flow = Acknowledge(
            self.record, self.clock, self.catalog, self.directory, self.answer(), OPS
        )
        return flow.run(episode, Actor(who, who, Door.SLACK))

    def bad(self, service: str = "ranker") -> float:
        """Bad events in the budget window."""
        found = next(j for j in self.answer().judged() if j.objective.service == service)
        assert found.verdict.spend is not None
        return found.verdict.spend.bad

    def freezes(self) -> list[Freeze]:
        """Those that stop releases now."""
        now = self.clock.now()
        return [f for f in self.record.read(lambda b: b.freezes.standing(now)) if f.stops(now)]

    def pending(self) -> list[Request]:
        """Requests that wait."""
        return self.record.read(lambda b: b.requests.pending(self.clock.now()))

    def episode(self, name: str = "ranker/availability") -> Episode | None:
        """The open one."""
        return self.record.read(lambda b: b.episodes.current(name))

    def story(self, *events: str) -> list[Chained]:
        """The history, oldest first, only these events if any are named."""
        rows = self.record.read(lambda b: b.history.find(HistoryFilter(limit=1_000)))
        return [r for r in reversed(rows) if not events or str(r.decision.event) in events]

    def heads(self, channel: str = SEARCH) -> list[str]:
        """Messages that stand in the channel itself."""
        return [
            p.message.text for p in self.messenger.posted if p.channel == channel and not p.thread
        ]

    def replies(self, channel: str = SEARCH) -> list[str]:
        """Messages in threads."""
        posted = [p for p in self.messenger.posted if p.channel == channel]
        return [p.message.text for p in posted if p.thread]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh world on SQLite."""
    database = Database(fresh_sqlite(tmp_path / "burnban.db"))
    yield World(database)
    database.close()
