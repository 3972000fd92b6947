"""One objective in one poll: its surroundings, its facts, and the way its news is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.decide.approval import Request, RequestState
from bot.decide.catalog import Catalog
from bot.decide.consequence import NOTHING, Plan
from bot.decide.decision import Decision, Event
from bot.decide.episode import Item, Level, Standing
from bot.decide.freeze import Freeze
from bot.decide.people import BURNBAN
from bot.decide.policy import Policy
from bot.decide.scope import Reach, Scope
from bot.decide.task import retrains
from bot.flow.asked import freezes_among
from bot.flow.facts import (
    Facts,
    channel_of,
    covering,
    epoch,
    evidence,
    merge,
    shortlist,
    verdict_facts,
)
from bot.flow.freeze.over import Over
from bot.flow.odds import odds_facts
from bot.flow.releases import releases_facts
from bot.flow.suspects import suspect_facts
from bot.judge.objective import Objective
from bot.judge.verdict import Kind, Verdict
from bot.ports import Act, Books, Episode, Outgoing

WORD = {Level.TICKET: "ticket", Level.PAGE: "page", Level.EXHAUSTED: "exhausted"}
"""A level as messages name it."""


@dataclass
class Told:
    """One poll's surroundings, and the notices that are better told together than one by one."""

    catalog: Catalog
    source: str
    ops: str
    now: datetime
    blind: list[tuple[Objective, Verdict]] = field(default_factory=list)
    seeing: list[tuple[Objective, Verdict]] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    """Objectives whose episode shares a message: what is new of them has been told there."""
    called: set[str] = field(default_factory=set)
    """Who has been mentioned in a request of this poll: many of them wake nobody but once."""
    asked: list[int] = field(default_factory=list)
    """Requests of this transaction: they are told at its end, and many of them as one."""
    frozen: list[Freeze] = field(default_factory=list)
    """The same of freezes that it sets."""
    over: list[Over] = field(default_factory=list)
    """The same of freezes that it lets thaw."""
    edited: dict[str, Facts] = field(default_factory=dict)
    """What warnings of this transaction say now, by their topic."""
    _freezes: list[Freeze] | None = None
    _pending: dict[int, Request] | None = None
    _sure: bool = False
    """Nobody else asks for anything until the transaction ends."""

    def pending(self, books: Books, *, sure: bool = False) -> list[Request]:
        """The requests that wait, oldest first, asked once for all objectives: of hundreds that go
        bad together each looked at all. With `sure` nobody else asks for anything meanwhile."""
        if sure and not self._sure:
            books.history.hold()
            self._sure, self._pending = True, None
        if self._pending is None:
            self._pending = {one.id: one for one in books.requests.pending(self.now)}
        return list(self._pending.values())

    def changed(self, request: Request) -> None:
        """One was made, or changed, or closed."""
        if self._pending is None:
            return
        self._pending[request.id] = request
        if request.state(self.now) is not RequestState.PENDING:
            del self._pending[request.id]

    def freezes(self, books: Books) -> list[Freeze]:
        """The freezes in force or to come, asked once for all objectives of the transaction."""
        if self._freezes is None:
            self._freezes = books.freezes.standing(self.now)
        return self._freezes

    def forget_freezes(self) -> None:
        """One was set or lifted: ask again."""
        self._freezes = None

    def channel(self, objective: Objective) -> str:
        """Where the objective's team listens."""
        return channel_of(self.catalog, objective.service, self.ops)

    def speak_for_many(self, books: Books) -> None:
        """One notice per channel for all that went blind, or see again, in this poll."""
        for template, found in (("blind", self.blind), ("sees_again", self.seeing)):
            for channel in sorted({self.channel(objective) for objective, _ in found} - {""}):
                some = [(o, v) for o, v in found if self.channel(o) == channel]
                key = f"{template}:{self.source}:{channel}:{self.now.isoformat()}"
                facts = self._summary(some)
                books.outbox.put(Outgoing(key, channel, key, Act.POST, template, facts), self.now)

    def _summary(self, some: Sequence[tuple[Objective, Verdict]]) -> Facts:
        first, verdict = some[0]
        alone = first.title or first.name
        return {
            "service": shortlist(sorted({o.service for o, _ in some})),
            "title": alone if len(some) == 1 else f"{len(some)} objectives",
            "reasons": sorted({reason.text for _, v in some for reason in v.reasons})[:5],
            "source": self.source,
            "since": epoch(verdict.as_of),
        }


@dataclass(frozen=True)
class Case:
    """One objective with its verdict, in the transaction that concludes its poll."""

    books: Books
    told: Told
    objective: Objective
    verdict: Verdict
    policy: Policy
    before: Standing | None = None
    """What had been said about the objective before this poll."""
    after: Standing | None = None
    """What has been said about it with this poll."""
    news: Sequence[Item] = ()
    """What is new since then."""
    coming: Plan = NOTHING
    """What the policy is about to do in this very transaction."""

    @property
    def now(self) -> datetime:
        """The time of this poll."""
        return self.told.now

    @property
    def scope(self) -> Scope:
        """The scope of everything that follows: the objective's service."""
        return Scope(Reach.SERVICE, self.objective.service)

    @property
    def word(self) -> str:
        """What people type for this scope."""
        return self.told.catalog.word(self.scope)

    def note(self, event: Event, reason: str, more: Facts | None = None) -> None:
        """A row of the history, with the evidence; `more`: what it says beside the figures."""
        self.books.history.append(
            Decision(
                event,
                self.now,
                BURNBAN,
                str(self.scope),
                reason,
                evidence(self.objective, self.verdict, self.told.source) | (more or {}),
                self.policy.version,
                self.objective.id,
            )
        )

    def covering(self) -> list[Freeze]:
        """The freezes that reach this service, now or later."""
        standing = self.told.freezes(self.books)
        return [f for f in standing if self.told.catalog.covers(f.scope, self.objective.service)]

    def send(
        self,
        topic: str,
        act: Act,
        template: str,
        facts: Facts,
        mark: str,
        *,
        broadcast: bool = False,
        patient: bool = False,
    ) -> None:
        """Into the outbox; `mark` makes the key unique within the topic."""
        channel = self.told.channel(self.objective)
        if channel and act is Act.EDIT:
            self.told.edited[topic] = facts
        if channel:
            key = f"{topic}:{mark}"
            message = Outgoing(key, channel, topic, act, template, facts, broadcast, patient)
            self.books.outbox.put(message, self.now)

    def edit(self, *, patient: bool = False) -> None:
        """Bring the warning of the open episode up to date; nobody is told. `patient`: only its
        figures have changed."""
        episode = self.books.episodes.current(self.objective.id)
        if episode is not None:
            topic, facts = topic_of(episode), self.facts(episode)
            self.send(topic, Act.EDIT, "burn_warning", facts, "edit", patient=patient)

    def facts(self, episode: Episode) -> Facts:
        """What the warning of an episode says now."""
        service = self.objective.service
        frozen = covering(self.told.catalog, self.told.freezes(self.books), service, self.now)
        team = self.told.catalog.team_of(service)
        return merge(
            verdict_facts(self.objective, self.verdict),
            {
                "team": team.title or team.name if team else "",
                "word": self.word,
                "task": retrains(self.objective),
                "state": "open",
                "severity": self._severity(episode),
                "peak": WORD.get(Level(episode.level), "ticket"),
                "acknowledged_by": episode.acknowledged_by,
                "since": epoch(episode.opened_at),
                "episode": episode.id,
                "resolved_at": None,
                "odds": self._odds(episode),
                "suspect": suspect_facts(self.books, self.objective, self.now, episode.opened_at),
                **releases_facts(service, frozen, self.coming, asked=self._asked()),
            },
        )

    def _odds(self, episode: Episode) -> Facts | None:
        """Only of what burns still."""
        if self.verdict.kind is not Kind.BURNING:
            return None
        books, catalog = self.books, self.told.catalog
        return odds_facts(books, catalog, self.objective, self.verdict, episode.opened_at, self.now)

    def _severity(self, episode: Episode) -> str:
        """As it is now; while it calms down, as it last was."""
        if self.verdict.kind is Kind.EXHAUSTED:
            return "exhausted"
        return str(self.verdict.severity or WORD.get(Level(episode.level), "ticket"))

    def _asked(self) -> bool:
        """Whether a request to freeze this service waits for its approval."""
        service, catalog = self.objective.service, self.told.catalog
        return bool(freezes_among(self.told.pending(self.books), catalog, service))


def topic_of(episode: Episode) -> str:
    """The topic under which an episode's message and thread stand."""
    return f"episode:{episode.id}"
