"""What policies would have done: the stored counts of a service looked at again, row by row, by the
same functions that look at the newest row every minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from bot.decide.consequence import plan
from bot.decide.episode import (
    REARM,
    Item,
    Level,
    News,
    Standing,
    advance,
    rearmed,
    still_asks,
    wants,
)
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.past import Outcome, Past, Stood
from bot.decide.people import BURNBAN
from bot.decide.policy import Mode, Thaw
from bot.decide.scope import Reach, Scope
from bot.decide.thaw import Step, all_well, next_step, recovering, shared_rule
from bot.judge.exact import NONE, ONE
from bot.judge.looks import Band, band
from bot.judge.verdict import Kind, Verdict, patience_of


@dataclass
class _Asked:
    """A request for a freeze that nobody has decided yet."""

    causes: tuple[str, ...]
    reason: str
    since: datetime
    expires: datetime

    @property
    def lasts(self) -> timedelta:
        return self.expires - self.since


def replay(
    pasts: Sequence[Past],
    since: int,
    until: int,
    answer: timedelta | None,
    *,
    closely: bool = False,
) -> Outcome:
    """Look at the objectives of one service at every row in since < at <= until (seconds since
    1970). Every policy acts, also one that only watches. `answer`: people approve every request
    after so long; None: nobody ever answers. Freezes by hand and lifts are not replayed.
    `closely`: judge also where nothing can have changed; what comes of it is the same."""
    running = _Replay(pasts, answer, closely)
    for at, rows in groupby(_rows(pasts, since, until), key=itemgetter(0)):
        running.look(at, [(pasts[number], place) for _, number, place in rows])
    return running.outcome(datetime.fromtimestamp(until, UTC))


def _rows(pasts: Sequence[Past], since: int, until: int) -> list[tuple[int, int, int]]:
    """Instant, number of the objective, and place of the row in its account."""
    return sorted(
        (instant, number, place)
        for number, past in enumerate(pasts)
        for place, instant in enumerate(past.looks.instants[past.looks.first :], past.looks.first)
        if since < instant <= until
    )


@dataclass
class _Replay:
    """One service in the course of a replay."""

    pasts: Sequence[Past]
    answer: timedelta | None
    closely: bool
    _standings: dict[str, Standing] = field(default_factory=dict)
    _freezes: list[Freeze] = field(default_factory=list)
    """Those in force."""
    _asked: _Asked | None = None
    _over: list[Stood] = field(default_factory=list)
    _counts: Outcome = field(default_factory=Outcome)
    _numbers: int = 0
    _approved: set[int] = field(default_factory=set)
    _rules: dict[tuple[int, str], Thaw] = field(default_factory=dict)
    _settled: dict[str, Band] = field(default_factory=dict)
    """Objectives about which nothing changes as long as they are calm, and so much is left."""

    def look(self, at: int, rows: Sequence[tuple[Past, int]]) -> None:
        """One poll: first all are judged, then what follows is done for each."""
        if self._asked is not None:
            self._pass_time(datetime.fromtimestamp(at, UTC))
        stirring = [row for row in rows if self._stirs(*row)]
        if not stirring:
            return
        now = datetime.fromtimestamp(at, UTC)
        seen = [self._judge(past, place, now) for past, place in stirring]
        for past, verdict, news in seen:
            self._count(news)
            self._follow(past, verdict, news, now)
            self._thaw(past, verdict, now)
        for past, verdict, news in seen:
            self._settle(past, verdict, news)

    def _stirs(self, past: Past, place: int) -> bool:
        """Whether this row could change anything."""
        settled = self._settled.get(past.objective.id)
        return settled is None or self.closely or not past.looks.calm(place, settled)

    def _judge(
        self, past: Past, place: int, now: datetime
    ) -> tuple[Past, Verdict, tuple[Item, ...]]:
        name, verdict = past.objective.id, past.looks.verdict(place)
        before = self._standings.get(name) or Standing(name)
        self._standings[name], news = advance(before, verdict, past.policy, now)
        return past, verdict, news

    def _settle(self, past: Past, verdict: Verdict, news: Sequence[Item]) -> None:
        """Healthy, nothing open, nothing new, and no freeze on its way to thaw: another calm look
        changes nothing before as much is left as passes the next threshold, arms a passed one
        again, or lets a freeze thaw."""
        name, standing = past.objective.id, self._standings[past.objective.id]
        held = [freeze for freeze in self._freezes if name in freeze.causes]
        still = not news and standing.opened_at is None and not standing.burnt
        if not still or verdict.kind is not Kind.HEALTHY or any(f.recovering_since for f in held):
            self._settled.pop(name, None)
            return
        marks = (mark.left for mark in past.policy.thresholds if mark.left not in standing.passed)
        lowest = max(marks, default=NONE)
        upper = [mark + REARM for mark in standing.passed]
        upper += [self._rule(past, freeze).left for freeze in held]
        self._settled[name] = band(1 - min(upper, default=ONE), 1 - lowest)

    def _count(self, news: Sequence[Item]) -> None:
        for item in news:
            if item.news not in (News.OPENED, News.ROSE):
                continue
            paged = int(item.level >= Level.PAGE)
            self._counts = replace(
                self._counts,
                pages=self._counts.pages + paged,
                tickets=self._counts.tickets + 1 - paged,
            )

    def _follow(self, past: Past, verdict: Verdict, news: Sequence[Item], now: datetime) -> None:
        thens = wants(news)
        if not thens:
            return
        name = past.objective.id
        due = plan(thens, name, self._freezes, Mode.ENFORCE, lambda: self._is_asked(name))
        reason = verdict.reasons[0].text
        for effect in due.effects:
            self._set(effect, (name,), reason, now)
        if due.asks:
            self._ask(past, reason, now)

    def _is_asked(self, name: str) -> bool:
        return self._asked is not None and name in self._asked.causes

    def _set(self, effect: Effect, causes: tuple[str, ...], reason: str, now: datetime) -> Freeze:
        self._numbers += 1
        service, cause = self.pasts[0].objective.service, ", ".join(causes)
        freeze = Freeze(
            self._numbers, Scope(Reach.SERVICE, service), reason, Origin.POLICY, BURNBAN, now,
            cause=cause, effect=effect,
        )  # fmt: skip
        self._freezes.append(freeze)
        self._stir(freeze)
        if effect is Effect.FREEZE:
            self._asked = None
        return freeze

    def _ask(self, past: Past, reason: str, now: datetime) -> None:
        """The objectives of one service ask once."""
        name = past.objective.id
        if self._asked is not None:
            self._asked.causes += (name,)
            return
        lasts = timedelta(seconds=past.policy.approvals.expires)
        self._asked = _Asked((name,), reason, now, now + lasts)
        self._counts = replace(self._counts, requests=self._counts.requests + 1)

    def _pass_time(self, now: datetime) -> None:
        """Requests are answered, or run out and are made again while their cause stands."""
        while (asked := self._asked) is not None:
            answered = asked.since + self.answer if self.answer is not None else None
            if answered is not None and answered < asked.expires:
                if answered <= now:
                    freeze = self._set(Effect.FREEZE, asked.causes, asked.reason, answered)
                    self._approved.add(freeze.id)
                return
            if now < asked.expires:
                return
            causes = tuple(name for name in asked.causes if self._still_asks(name))
            self._asked = None
            if causes:
                start = asked.expires
                self._asked = _Asked(causes, asked.reason, start, start + asked.lasts)
                self._counts = replace(self._counts, requests=self._counts.requests + 1)

    def _still_asks(self, name: str) -> bool:
        past = next(one for one in self.pasts if one.objective.id == name)
        return still_asks(self._standings.get(name) or Standing(name), past.policy)

    def _thaw(self, past: Past, verdict: Verdict, now: datetime) -> None:
        name = past.objective.id
        for place, freeze in enumerate(self._freezes):
            if name not in freeze.causes:
                continue
            patience, length = patience_of(past.objective), past.objective.step
            step = next_step(freeze, verdict, self._rule(past, freeze), now, patience)
            since = recovering(step, freeze, now, length)
            if since != freeze.recovering_since:
                self._freezes[place] = replace(freeze, recovering_since=since)
                self._stir(freeze)
            if step is Step.THAW and all_well(self._kinds(past, freeze)):
                self._freezes[place] = replace(freeze, lifted_at=now)
                self._standings[name] = rearmed(self._standings[name], verdict.left)
        gone = [freeze for freeze in self._freezes if freeze.lifted_at is not None]
        if gone:
            self._over.extend(self._stood(freeze) for freeze in gone)
            self._freezes = [freeze for freeze in self._freezes if freeze.lifted_at is None]

    def _stir(self, freeze: Freeze) -> None:
        """What was settled about its causes is so no longer."""
        for cause in freeze.causes:
            self._settled.pop(cause, None)

    def _rule(self, past: Past, freeze: Freeze) -> Thaw:
        """The same at every look: worked out once."""
        key = freeze.id, past.objective.id
        if key not in self._rules:
            others = [other.policy for other in self._others(past, freeze)]
            self._rules[key] = shared_rule(freeze, past.policy, others)
        return self._rules[key]

    def _others(self, past: Past, freeze: Freeze) -> list[Past]:
        """The other objectives that a freeze is there for."""
        return [p for p in self.pasts if p is not past and p.objective.id in freeze.causes]

    def _kinds(self, past: Past, freeze: Freeze) -> Iterator[Kind | None]:
        for other in self._others(past, freeze):
            standing = self._standings.get(other.objective.id)
            yield standing.kind if standing is not None else None

    def outcome(self, now: datetime) -> Outcome:
        """All that happened until now."""
        self._pass_time(now)
        stood = [*self._over, *map(self._stood, self._freezes)]
        ordered = sorted(stood, key=lambda one: (one.since, -one.effect.rank))
        return replace(self._counts, stood=tuple(ordered))

    def _stood(self, freeze: Freeze) -> Stood:
        return Stood(
            freeze.scope.name, freeze.effect, freeze.causes, freeze.reason, freeze.starts_at,
            freeze.lifted_at, freeze.id in self._approved,
        )  # fmt: skip
