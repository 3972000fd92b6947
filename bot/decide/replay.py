"""What policies would have done: the stored counts of a service looked at again, row by row, by the
same functions that look at the newest row every minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.decide.consequence import plan
from bot.decide.episode import (
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
from bot.decide.past import CALM, Outcome, Past, Stood
from bot.decide.people import BURNBAN
from bot.decide.policy import Mode
from bot.decide.scope import Reach, Scope
from bot.decide.thaw import Step, all_well, next_step, recovering, shared_rule
from bot.judge.calm import calm
from bot.judge.verdict import Kind, Verdict, judge, patience_of


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


def replay(pasts: Sequence[Past], since: int, until: int, answer: timedelta | None) -> Outcome:
    """Look at the objectives of one service at every row in since < at <= until (seconds since
    1970). Every policy acts, also one that only watches. `answer`: people approve every request
    after so long; None: nobody ever answers. Freezes by hand and lifts are not replayed."""
    running = _Replay(pasts, answer)
    for at, rows in groupby(_rows(pasts, since, until), key=lambda row: row[0]):
        running.look(at, [(pasts[place], count) for _, place, count in rows])
    return running.outcome(datetime.fromtimestamp(until, UTC))


def _rows(pasts: Sequence[Past], since: int, until: int) -> list[tuple[int, int, int]]:
    """Instant, place of the objective, and how many rows its account has by then."""
    return sorted(
        (row.at, place, number + 1)
        for place, past in enumerate(pasts)
        for number, row in enumerate(past.account.rows)
        if since < row.at <= until and row.at > past.opened
    )


@dataclass
class _Replay:
    """One service in the course of a replay."""

    pasts: Sequence[Past]
    answer: timedelta | None
    _standings: dict[str, Standing] = field(default_factory=dict)
    _freezes: list[Freeze] = field(default_factory=list)
    """Those in force."""
    _asked: _Asked | None = None
    _over: list[Stood] = field(default_factory=list)
    _counts: Outcome = field(default_factory=Outcome)
    _numbers: int = 0
    _approved: set[int] = field(default_factory=set)
    _settled: set[str] = field(default_factory=set)
    """Objectives of which nothing more is said as long as they are calm."""

    def look(self, at: int, rows: Sequence[tuple[Past, int]]) -> None:
        """One poll: first all are judged, then what follows is done for each."""
        now = datetime.fromtimestamp(at, UTC)
        self._pass_time(now)
        seen = [(past, *self._judge(past, count, now)) for past, count in rows]
        for past, verdict, news in seen:
            self._count(news)
            self._follow(past, verdict, news, now)
            self._thaw(past, verdict, now)

    def _judge(self, past: Past, count: int, now: datetime) -> tuple[Verdict, tuple[Item, ...]]:
        name, balances = past.objective.id, past.account.upto(count)
        held = any(name in freeze.causes for freeze in self._freezes)
        quiet = not held and calm(past.objective, balances, past.opened, past.free)
        if quiet and name in self._settled:
            return CALM, ()
        verdict = CALM if quiet else judge(past.objective, balances, past.opened, now)
        before = self._standings.get(name) or Standing(name)
        after, news = advance(before, verdict, past.policy, now)
        self._standings[name] = after
        # Nothing is open, and a calm look has changed nothing: nor will the next calm one.
        if quiet and after is before and after.opened_at is None:
            self._settled.add(name)
        else:
            self._settled.discard(name)
        return verdict, news

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
        for place, freeze in enumerate(list(self._freezes)):
            if name not in freeze.causes:
                continue
            others = [p for p in self.pasts if p is not past and p.objective.id in freeze.causes]
            rule = shared_rule(freeze, past.policy, [other.policy for other in others])
            step = next_step(freeze, verdict, rule, now, patience_of(past.objective))
            since = recovering(step, freeze, now, past.objective.step)
            self._freezes[place] = replace(freeze, recovering_since=since)
            if step is Step.THAW and all_well(self._kinds(others)):
                self._freezes[place] = replace(freeze, lifted_at=now)
                self._standings[name] = rearmed(self._standings[name], verdict.left)
        gone = [freeze for freeze in self._freezes if freeze.lifted_at is not None]
        if gone:
            self._over.extend(self._stood(freeze) for freeze in gone)
            self._freezes = [freeze for freeze in self._freezes if freeze.lifted_at is None]

    def _kinds(self, others: Sequence[Past]) -> Iterator[Kind | None]:
        for other in others:
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
