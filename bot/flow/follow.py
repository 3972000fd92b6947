"""What follows from news about an objective: rows of the history, messages, freezes, requests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.episode import Item, Level, News, Standing
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Policy, Then
from bot.decide.scope import Reach, Scope
from bot.decide.thaw import Step, next_step
from bot.flow.announce import announce_freeze, announce_lift, announce_request
from bot.flow.facts import Facts, epoch, evidence, merge, scope_words, verdict_facts
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict
from bot.ports import Act, Books, Episode, Outgoing

_RECORDED = {
    News.OPENED: Event.WARNING_OPENED,
    News.ROSE: Event.WARNING_ROSE,
    News.RESOLVED: Event.WARNING_RESOLVED,
    News.PASSED: Event.THRESHOLD_PASSED,
    News.WENT_BLIND: Event.WENT_BLIND,
    News.SEES_AGAIN: Event.SEES_AGAIN,
}
_WORD = {Level.TICKET: "ticket", Level.PAGE: "page", Level.EXHAUSTED: "exhausted"}


@dataclass
class Told:
    """One poll's surroundings, and the notices that are better told together than one by one."""

    catalog: Catalog
    source: str
    ops: str
    now: datetime
    blind: list[tuple[Objective, Verdict]] = field(default_factory=list)
    seeing: list[tuple[Objective, Verdict]] = field(default_factory=list)

    def channel(self, objective: Objective) -> str:
        """Where the objective's team listens."""
        team = self.catalog.team_of(objective.service)
        return team.channel if team is not None and team.channel else self.ops

    def speak_for_many(self, books: Books) -> None:
        """One notice per channel for all that went blind, or see again, in this poll."""
        for template, found in (("blind", self.blind), ("sees_again", self.seeing)):
            for channel in sorted({self.channel(objective) for objective, _ in found} - {""}):
                some = [(o, v) for o, v in found if self.channel(o) == channel]
                reasons = sorted({reason.text for _, v in some for reason in v.reasons})
                services = sorted({o.service for o, _ in some})
                facts = {
                    "service": _shortlist(services),
                    "title": some[0][0].title or some[0][0].name
                    if len(some) == 1
                    else f"{len(some)} objectives",
                    "reasons": reasons[:5],
                    "source": self.source,
                    "since": epoch(some[0][1].as_of),
                }
                key = f"{template}:{self.source}:{channel}:{self.now.isoformat()}"
                books.outbox.put(Outgoing(key, channel, key, Act.POST, template, facts), self.now)


def _shortlist(names: Sequence[str], most: int = 4) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def follow(
    books: Books,
    told: Told,
    objective: Objective,
    verdict: Verdict,
    before: Standing,
    news: Sequence[Item],
) -> None:
    """Record what changed and put into the outbox what people need to know of it."""
    policy = told.catalog.policy_of(objective)
    case = Case(books, told, objective, verdict, policy)
    if before.kind is not verdict.kind:
        was = before.kind or "not judged yet"
        case.note(Event.VERDICT_CHANGED, f"{was} → {verdict.kind}")
    for item in news:
        case.handle(item)
    case.thaw()


@dataclass(frozen=True)
class Case:
    """One objective in one poll."""

    books: Books
    told: Told
    objective: Objective
    verdict: Verdict
    policy: Policy

    @property
    def scope(self) -> Scope:
        return Scope(Reach.SERVICE, self.objective.service)

    def note(self, event: Event, reason: str) -> None:
        self.books.history.append(
            Decision(
                event,
                self.told.now,
                BURNBAN,
                str(self.scope),
                reason,
                evidence(self.objective, self.verdict, self.told.source),
                self.policy.version,
                self.objective.id,
            )
        )

    def handle(self, item: Item) -> None:
        if item.news in _RECORDED:
            self.note(_RECORDED[item.news], self._why(item))
        tell: dict[News, Callable[[Item], None]] = {
            News.OPENED: self._opened,
            News.ROSE: self._rose,
            News.CHANGED: self.edit,
            News.RESOLVED: self._resolved,
            News.PASSED: self._passed,
            News.WENT_BLIND: self._blind,
            News.SEES_AGAIN: self._sees,
        }
        tell[item.news](item)
        if item.then is not None:
            self._then(item.then)

    def _why(self, item: Item) -> str:
        if item.threshold is not None:
            return f"{float(item.threshold.left):.0%} of the budget left, or less"
        return "; ".join(reason.text for reason in self.verdict.reasons)

    def _opened(self, item: Item) -> None:
        episode = self.books.episodes.open(self.objective.id, item.level, self.told.now)
        self._send(f"episode:{episode.id}", Act.POST, "burn_warning", self.facts(episode), "open")

    def _rose(self, item: Item) -> None:
        episode = self.books.episodes.current(self.objective.id)
        if episode is None:
            return
        topic = f"episode:{episode.id}"
        facts = merge(self.facts(episode), {"before": _WORD.get(Level(episode.level), "")})
        self.books.episodes.raise_to(episode.id, item.level)
        self._send(topic, Act.REPLY, "burn_rose", facts, f"rose:{item.level}", broadcast=True)
        self.edit()

    def edit(self, _: Item | None = None) -> None:
        """Bring the warning in the channel up to date."""
        episode = self.books.episodes.current(self.objective.id)
        if episode is not None:
            topic = f"episode:{episode.id}"
            self._send(topic, Act.EDIT, "burn_warning", self.facts(episode), "edit")

    def _resolved(self, _: Item) -> None:
        episode = self.books.episodes.current(self.objective.id)
        if episode is None:
            return
        self.books.episodes.close(episode.id, self.told.now)
        over = {"state": "resolved", "resolved_at": epoch(self.told.now)}
        facts = merge(self.facts(episode), over)
        topic = f"episode:{episode.id}"
        self._send(topic, Act.EDIT, "burn_warning", facts, "edit")
        self._send(topic, Act.REPLY, "resolved", facts, "resolved")

    def _passed(self, item: Item) -> None:
        if item.threshold is None or item.threshold.left <= 0:
            return  # exhaustion has its own, louder message
        facts = merge(
            verdict_facts(self.objective, self.verdict),
            {"threshold": float(item.threshold.left), "then": str(item.threshold.then)},
        )
        episode = self.books.episodes.current(self.objective.id)
        mark = f"threshold:{item.threshold.left}:{epoch(self.told.now)}"
        if episode is None:
            topic = f"{self.objective.id}:{mark}"
            self._send(topic, Act.POST, "threshold_passed", facts, mark)
        else:
            self._send(f"episode:{episode.id}", Act.REPLY, "threshold_passed", facts, mark)

    def _blind(self, _: Item) -> None:
        self.told.blind.append((self.objective, self.verdict))

    def _sees(self, _: Item) -> None:
        self.told.seeing.append((self.objective, self.verdict))

    def facts(self, episode: Episode) -> Facts:
        """What the warning of an episode says now."""
        frozen = [f for f in self._covering() if f.stops(self.told.now)]
        team = self.told.catalog.team_of(self.objective.service)
        return merge(
            verdict_facts(self.objective, self.verdict),
            {
                "team": team.title or team.name if team else "",
                "state": "open",
                "severity": _WORD.get(Level(max(episode.level, self._level())), "ticket"),
                "peak": _WORD.get(Level(episode.level), "ticket"),
                "acknowledged_by": episode.acknowledged_by,
                "since": epoch(episode.opened_at),
                "episode": episode.id,
                "resolved_at": None,
                "frozen": bool(frozen),
                "freezing": scope_words(frozen[0].scope) if frozen else "",
                "releases_line": _releases_line(frozen, self.told.now),
            },
        )

    def _level(self) -> int:
        words = {word: level for level, word in _WORD.items()}
        return words.get(verdict_facts(self.objective, self.verdict)["severity"], Level.QUIET)

    def _covering(self) -> list[Freeze]:
        service = self.objective.service
        standing = self.books.freezes.standing(self.told.now)
        return [f for f in standing if self.told.catalog.covers(f.scope, service)]

    def _send(
        self, topic: str, act: Act, template: str, facts: Facts, mark: str, broadcast: bool = False
    ) -> None:
        channel = self.told.channel(self.objective)
        if channel:
            key = f"{topic}:{mark}"
            message = Outgoing(key, channel, topic, act, template, facts, broadcast)
            self.books.outbox.put(message, self.told.now)

    def _then(self, then: Then) -> None:
        """Freeze, or ask people to; never twice for one cause."""
        if then is Then.WARN:
            return
        causes = {f.cause for f in self._covering()}
        asked = {
            r.cause for r in self.books.requests.pending(self.told.now) if r.wish is Wish.FREEZE
        }
        if self.objective.id in causes | asked:
            return
        if then is Then.FREEZE:
            self._freeze()
        else:
            self._ask()

    def _reason(self) -> str:
        title = self.objective.title or self.objective.name
        why = self.verdict.reasons[0].text
        return f"error budget of “{title}”: {why}"

    def _freeze(self) -> None:
        freeze = Freeze(
            0, self.scope, self._reason(), Origin.POLICY, BURNBAN, self.told.now,
            cause=self.objective.id,
        )  # fmt: skip
        stored = self.books.freezes.add(freeze)
        self.note(Event.FROZEN, stored.reason)
        announce_freeze(self.books, self.told.catalog, self.told.ops, stored, (), self.told.now)

    def _ask(self) -> None:
        now = self.told.now
        request = Request(
            0, Wish.FREEZE, self.scope, self._reason(), BURNBAN, Origin.POLICY,
            max(1, self.policy.approvals.freeze), now,
            now + timedelta(seconds=self.policy.approvals.expires), cause=self.objective.id,
        )  # fmt: skip
        stored = self.books.requests.add(request)
        self.note(Event.FREEZE_REQUESTED, stored.reason)
        figures = verdict_facts(self.objective, self.verdict)
        announce_request(
            self.books, self.told.catalog, self.told.ops, stored, [], now, evidence=figures
        )

    def thaw(self) -> None:
        """Automatic freezes of this objective: cool, relapse, thaw (law 12)."""
        now = self.told.now
        for freeze in self._covering():
            if freeze.origin is not Origin.POLICY or freeze.cause != self.objective.id:
                continue
            match next_step(freeze, self.verdict, self.policy.thaw, now):
                case Step.HOLD:
                    pass
                case Step.START_COOLING:
                    self.books.freezes.cooling(freeze.id, now)
                case Step.RELAPSE:
                    self.books.freezes.cooling(freeze.id, None)
                case Step.THAW:
                    if self.books.freezes.lift(freeze.id, now):
                        self.note(Event.THAWED, "the budget has recovered and stayed so")
                        announce_lift(
                            self.books, self.told.catalog, self.told.ops, freeze, BURNBAN, (), now,
                            template="thawed", reason="",
                        )  # fmt: skip


def _releases_line(frozen: Sequence[Freeze], now: datetime) -> str:
    """What it means for releases, in one sentence."""
    if not frozen:
        return "Releases may go on; each one adds to the burn."
    until = frozen[0].ends_at
    when = "until somebody lifts the freeze" if until is None else f"until {until:%a %H:%M} UTC"
    cooling = frozen[0].recovering_since is not None and frozen[0].stops(now)
    extra = " It is recovering." if cooling else ""
    return f"Releases are stopped {when}.{extra}"
