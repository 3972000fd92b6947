"""Answers to questions: status, show, the details of an episode. Nothing is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from bot.decide.catalog import Catalog
from bot.decide.freeze import Effect, Freeze
from bot.decide.schedule import fold
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.errors import UserError
from bot.flow.asked import freezes_asked
from bot.flow.facts import (
    Facts,
    adjusted_facts,
    covering,
    epoch,
    scope_words,
    status_row,
    verdict_facts,
    windows,
)
from bot.flow.foresee import foreseen
from bot.flow.freeze.row import freeze_rows
from bot.flow.judging import judge_accounts
from bot.flow.releases import releases_line, strictest
from bot.flow.show.quality import labels_facts
from bot.flow.suspects import suspect_facts
from bot.judge.objective import Objective
from bot.judge.verdict import Kind, Verdict, judge
from bot.ports import Books, Clock, Record

PAGE = 15
"""Rows of a table in Slack that still read well on a telephone."""
_ORDER = {Kind.EXHAUSTED: 0, Kind.BURNING: 1, Kind.UNKNOWN: 2, Kind.HEALTHY: 3}


@dataclass(frozen=True, slots=True)
class Judged:
    """One objective with its present verdict, and what its releases are under."""

    objective: Objective
    verdict: Verdict
    effect: Effect | None
    forecast: Facts
    """See `bot.flow.foresee.forecast_facts`; empty if it was not asked for."""

    @property
    def frozen(self) -> bool:
        """Whether none of its releases goes."""
        return self.effect is Effect.FREEZE

    @property
    def stops(self) -> Facts:
        """For tables: whether its releases are frozen, and what else they are under."""
        return {"frozen": self.frozen, "effect": str(self.effect or "")}


@dataclass(frozen=True)
class Answer:
    """The flow behind the questions of /budget and of the terminal."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def judged(self, scope: Scope = EVERYTHING, *, ahead: bool = False) -> list[Judged]:
        """Everything in a scope, worst first; `ahead`: with what is to be expected of it."""
        catalog = self.catalog()
        objectives = catalog.objectives_in(scope)
        now = self.clock.now()
        found = self.record.read(lambda books: _judge(books, catalog, objectives, now, ahead=ahead))
        return sorted(found, key=_worst_first)

    def rows(self, scope: Scope = EVERYTHING) -> list[Facts]:
        """The list that `burnban status --json` prints."""
        return [
            status_row(j.objective, j.verdict) | j.stops | {"forecast": j.forecast}
            for j in self.judged(scope, ahead=True)
        ]

    def status(self, word: str = "all", page: int = 1) -> Facts:
        """The facts of the status table: one page of it."""
        catalog = self.catalog()
        scope = catalog.scope(word)
        judged = self.judged(scope)
        pages = max(1, -(-len(judged) // PAGE))
        page = min(max(1, page), pages)
        shown = judged[(page - 1) * PAGE : page * PAGE]
        return {
            "rows": [_table_row(j) for j in shown],
            "shown": len(shown),
            "total": len(judged),
            "page": page,
            "pages": pages,
            "filter": catalog.word(scope),
            "scope": scope_words(scope),
            "worst_first": True,
            "frozen_count": _services_under(judged, Effect.FREEZE),
            "held_count": _services_under(judged, Effect.HOLD),
            "cautioned_count": _services_under(judged, Effect.CAUTION),
            "counts": {str(kind): sum(j.verdict.kind is kind for j in judged) for kind in Kind},
            **_filters(catalog),
        }

    def show(self, word: str) -> Facts:
        """One service: every objective with its windows, and what stops its releases."""
        catalog = self.catalog()
        scope = catalog.scope(word)
        if scope.reach is not Reach.SERVICE:
            asked = catalog.word(scope)
            raise UserError(
                f"`show` takes one service; `{asked}` is {scope_words(scope)}.",
                f"/budget status {asked}",
            )
        service = catalog.services[scope.name]
        team = catalog.team_of(service.name)
        now = self.clock.now()
        freezes = self.record.read(lambda books: books.freezes.standing(now))
        held = covering(catalog, freezes, service.name, now)
        coming = [f for f in freezes if f not in held and catalog.covers(f.scope, service.name)]
        return {
            "service": service.name,
            "word": catalog.word(scope),
            "title": service.title or service.name,
            "team": team.title or team.name if team else "",
            "environment": service.environment,
            "model": service.model,
            "releases_line": releases_line(service.name, held),
            "objectives": self._details(self.judged(scope, ahead=True)),
            "freezes": self._freezes([*held, *(f for f, _ in fold(coming, now))], now),
        }

    def _freezes(self, some: Sequence[Freeze], now: datetime) -> list[Facts]:
        rows = self.record.read(lambda books: freeze_rows(books, self.catalog(), some))
        return [
            row | {"state": str(one.state(now)), "monitored": one.monitored}
            for one, row in zip(some, rows, strict=True)
        ]

    def _details(self, judged: Sequence[Judged]) -> list[Facts]:
        """With what is known of labels that are on their way."""
        now = self.clock.now()

        def work(books: Books) -> list[Facts]:
            return [
                _detail(one) | {"labels": labels_facts(books, one.objective, one.verdict, now)}
                for one in judged
            ]

        return self.record.read(work)

    def details(self, episode_id: int) -> Facts:
        """The evidence behind a warning, as it stands now."""
        episode = self.record.read(lambda books: books.episodes.get(episode_id))
        known = {o.id: o for o in self.catalog().objectives}
        if episode is None or episode.objective not in known:
            raise UserError("That objective is not in the spec files any more.", "/budget status")
        objective = known[episode.objective]
        scope = Scope(Reach.SERVICE, objective.service)
        found = self.judged(scope, ahead=True)
        one = next(j for j in found if j.objective.id == objective.id)
        catalog, now, opened = self.catalog(), self.clock.now(), episode.opened_at
        around = self.record.read(lambda books: _around(books, catalog, objective, opened, now))
        names = {"word": catalog.word(scope), "team": catalog.services[objective.service].team}
        return self._details([one])[0] | names | around


def _around(
    books: Books, catalog: Catalog, objective: Objective, opened: datetime, now: datetime
) -> Facts:
    """The release to blame for a warning that `opened` then, the requests for a freeze that wait
    already, and what it means for releases."""
    service = objective.service
    held = covering(catalog, books.freezes.standing(now), service, now)
    return {
        "suspect": suspect_facts(books, objective, now, opened),
        "asked": freezes_asked(books, catalog, service, now),
        "releases_line": releases_line(service, held),
    }


_MENU = 4_000
"""Characters of the menu: Slack counts them with the message, which the table must fit in."""
_AROUND = 6
"""Characters beside each word of it."""


def _filters(catalog: Catalog) -> Facts:
    """The words of the menu under the status table, and how many teams it has no room for."""
    teams = [catalog.word(Scope(Reach.TEAM, name)) for name in sorted(catalog.teams)]
    sizes = accumulate(len(team) + _AROUND for team in teams)
    shown = [team for team, size in zip(teams, sizes, strict=True) if size <= _MENU]
    return {"filters": ["all", *shown], "filters_hidden": len(teams) - len(shown)}


def _services_under(judged: Sequence[Judged], effect: Effect) -> int:
    return len({one.objective.service for one in judged if one.effect is effect})


def _judge(
    books: Books,
    catalog: Catalog,
    objectives: Sequence[Objective],
    now: datetime,
    *,
    ahead: bool,
) -> list[Judged]:
    ids = [objective.id for objective in objectives]
    accounts = books.ledger.accounts(ids)
    standings = books.standings.get(ids)
    faults = {name: standing.fault for name, standing in standings.items()}
    held = [o for o in objectives if o.id in accounts]
    pairs = [(o, accounts[o.id]) for o in held]
    verdicts = dict(zip(ids_of(held), judge_accounts(books, pairs, now, faults), strict=True))
    freezes = books.freezes.standing(now)
    judged = [(o, verdicts.get(o.id) or _unseen(o, now)) for o in objectives]
    coming = foreseen(books, catalog, judged, now) if ahead else {}
    return [
        Judged(
            objective,
            verdict,
            strictest(covering(catalog, freezes, objective.service, now)),
            coming.get(objective.id, {}),
        )
        for objective, verdict in judged
    ]


def ids_of(objectives: Sequence[Objective]) -> list[str]:
    """Their account names."""
    return [objective.id for objective in objectives]


def _unseen(objective: Objective, now: datetime) -> Verdict:
    return judge(objective, None, 0, now)


def _worst_first(judged: Judged) -> tuple[int, int, float, str]:
    verdict = judged.verdict
    severity = -verdict.severity.rank if verdict.severity else 0
    left = float(verdict.left) if verdict.left is not None else 2.0
    return _ORDER[verdict.kind], severity, left, judged.objective.id


def _table_row(judged: Judged) -> Facts:
    verdict, objective = judged.verdict, judged.objective
    hour = next((b for b in verdict.burns if b.seconds >= 3_600), None)
    return {
        "service": objective.service,
        "objective": objective.name,
        "title": objective.title or objective.name,
        "target": float(objective.target),
        "window": objective.window.text,
        "left": float(verdict.left) if verdict.left is not None else None,
        "projected_since": _projected_since(verdict),
        "burn": float(hour.rate) if hour is not None and hour.rate is not None else None,
        "verdict": str(verdict.kind),
        "severity": str(verdict.severity or ""),
        **judged.stops,
        "reason": verdict.reasons[0].text if verdict.reasons else "",
        "as_of": epoch(verdict.as_of),
        "adjusted": adjusted_facts(verdict),
    }


def _projected_since(verdict: Verdict) -> int | None:
    """Since when it was counted, where what is left is projected to a whole window."""
    spend = verdict.spend
    return spend.since if spend is not None and verdict.projected is not None else None


def _detail(judged: Judged) -> Facts:
    return verdict_facts(judged.objective, judged.verdict) | {
        "windows": windows(judged.objective, judged.verdict),
        "source": judged.objective.source,
        "forecast": judged.forecast,
        **judged.stops,
    }
