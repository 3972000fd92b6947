"""What policies would have done to the counts of the past days, beside those in force. Nothing is
changed, and nobody is told but whoever asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.decide.adjustment import taken_out
from bot.decide.backtest import differences, figures, stopped
from bot.decide.catalog import Catalog
from bot.decide.decision import Event, read_back
from bot.decide.past import Outcome, Past, Question, Stood, looks_of
from bot.decide.policy import Mode
from bot.decide.replay import replay
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.errors import UserError
from bot.flow.facts import Facts, epoch, scope_words
from bot.flow.judging import Taken
from bot.judge.ledger import Balances
from bot.judge.looks import Looks
from bot.judge.objective import Objective
from bot.judge.verdict import instants
from bot.ports import Account, Books, Clock, HistoryFilter, Record

FIRST = "burnban doctor"
SHOWN = 15
"""Freezes in one message."""

_ANSWERS = (Event.RELEASE_ALLOWED, Event.RELEASE_STOPPED)
Progress = Callable[[int, int], None]
Accounts = Mapping[str, tuple[Balances, int]]
"""By objective: its rows, and when its account was opened."""


def _silent(_done: int, _total: int) -> None:
    """Nobody watches how far it is."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """The flow behind `burnban policy backtest` and /budget backtest."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def run(
        self,
        length: timedelta,
        candidate: Catalog | None = None,
        named: str = "",
        answer: timedelta | None = None,
        progress: Progress = _silent,
    ) -> Facts:
        """The facts of `backtest`, with all freezes. `candidate`: specs whose policies are tried,
        called `named`; None: only those in force. `answer`: people approve every request after so
        long. Raises UserError if nothing was counted yet."""
        present, until = self.catalog(), int(self.clock.now().timestamp())
        reading = _Reading(self.record, until - int(length.total_seconds()))
        run = _Run(reading.since, until, answer, present, candidate, reading.questions())
        services = _by_service(present.objectives)
        for done, mine in enumerate(services):
            progress(done, len(services))
            theirs = _by_id(candidate, mine) if candidate is not None else []
            accounts = reading.accounts([*mine, *theirs])
            run.look(mine, theirs, accounts)
        if not reading.objectives:
            raise UserError("Nothing has been counted yet, so there is nothing to replay.", FIRST)
        return _facts(run, reading, named)


def shortened(facts: Facts, most: int = SHOWN) -> Facts:
    """The same for one message."""
    rows = facts["rows"]
    return {**facts, "rows": rows[:most], "more": max(0, len(rows) - most)}


def _by_service(objectives: Iterable[Objective]) -> list[list[Objective]]:
    found: dict[str, list[Objective]] = {}
    for one in objectives:
        found.setdefault(one.service, []).append(one)
    return list(found.values())


def _by_id(catalog: Catalog, objectives: Iterable[Objective]) -> list[Objective]:
    wanted = {one.id for one in objectives}
    return [one for one in catalog.objectives if one.id in wanted]


@dataclass
class _Run:
    """Both replays, service by service."""

    since: int
    until: int
    answer: timedelta | None
    present: Catalog
    candidate: Catalog | None
    questions: Mapping[str, Sequence[Question]]
    """By scope: what the gate was asked."""
    outcomes: list[Outcome] = field(default_factory=list)
    tried: list[Outcome] = field(default_factory=list)

    def look(
        self, mine: Sequence[Objective], theirs: Sequence[Objective], accounts: Accounts
    ) -> None:
        """One service. Where a policy says the same as before, nothing is replayed twice; where the
        alerts do, nothing is judged twice."""
        pasts = self._pasts(self.present, mine, accounts, {})
        asked = self.questions.get(f"service:{mine[0].service}", ())
        self.outcomes.append(self._replayed(pasts, asked))
        if self.candidate is None:
            return
        known = {past.objective.id: past.looks for past in pasts}
        others = self._pasts(self.candidate, theirs, accounts, known)
        same = [(p.looks, _said(p)) for p in pasts] == [(p.looks, _said(p)) for p in others]
        self.tried.append(self.outcomes[-1] if same else self._replayed(others, asked))

    def _replayed(self, pasts: Sequence[Past], asked: Sequence[Question]) -> Outcome:
        outcome = replay(pasts, self.since, self.until, self.answer)
        return replace(outcome, stopped=stopped(outcome, asked))

    def _pasts(
        self,
        catalog: Catalog,
        objectives: Sequence[Objective],
        accounts: Accounts,
        known: Mapping[str, Looks],
    ) -> list[Past]:
        found = []
        for one in objectives:
            if one.id in accounts:
                looks = known.get(one.id)
                if looks is None or not _judged_alike(looks.objective, one):
                    looks = looks_of(one, *accounts[one.id], self.since)
                found.append(Past(catalog.policy_of(one), looks))
        return found


def _judged_alike(one: Objective, other: Objective) -> bool:
    """Whether the same counts lead to the same verdicts."""
    return replace(one, policy="") == replace(other, policy="")


def _said(past: Past) -> object:
    """What a policy says, by whatever name."""
    return {**asdict(past.policy), "name": "", "version": ""}


@dataclass
class _Reading:
    """Accounts as they are stored, a service at a time."""

    record: Record
    since: int
    objectives: int = 0
    opened: int | None = None
    """When the oldest of the accounts was opened."""

    def questions(self) -> dict[str, list[Question]]:
        """By scope: the releases about which the gate was asked, with what it answered left out."""
        since = datetime.fromtimestamp(self.since, UTC)
        wanted = HistoryFilter(events=_ANSWERS, since=since)
        found: dict[str, list[Question]] = {}

        def look(books: Books) -> None:
            for link in books.history.walk(wanted):
                one = read_back(link.body)
                named = [str(one.evidence.get(key, "")) for key in ("version", "commit", "digest")]
                found.setdefault(one.scope, []).append(Question(one.at, "/".join(named)))

        self.record.read(look)
        return found

    def accounts(self, objectives: Sequence[Objective]) -> Accounts:
        """Those that have rows, without the time that people took out of the budget. An objective
        may come twice, with windows of its own."""

        def read(books: Books) -> dict[str, tuple[Balances, int]]:
            taken = taken_out(books.adjustments.holding())
            found: dict[str, tuple[Balances, int]] = {}
            for name, account in books.ledger.accounts([one.id for one in objectives]).items():
                mine = [one for one in objectives if one.id == name]
                rows = self._rows(books, account, mine, taken)
                if rows is not None:
                    found[name] = rows, account.opened or 0
            return found

        found = self.record.read(read)
        self.objectives += len(found)
        openings = [opened for _, opened in found.values()]
        known = [] if self.opened is None else [self.opened]
        self.opened = min([*openings, *known], default=None)
        return found

    def _rows(
        self, books: Books, account: Account, objectives: Sequence[Objective], taken: Taken
    ) -> Balances | None:
        if account.opened is None or account.read_until is None:
            return None
        needed = min(instants(one, self.since)[0] for one in objectives)
        rows = books.ledger.rows(account.id, max(needed, account.opened), account.read_until)
        return None if rows is None else rows.without(taken.get(account.objective, ()))


def _facts(run: _Run, reading: _Reading, named: str) -> Facts:
    until = datetime.fromtimestamp(run.until, UTC)
    shown = run.outcomes if run.candidate is None else run.tried
    changes = differences(shown, run.outcomes, until)
    return {
        "scope": scope_words(EVERYTHING),
        "since": run.since,
        "until": run.until,
        "seconds": run.until - run.since,
        "opened": reading.opened,
        "named": named,
        "services": len(run.outcomes),
        "objectives": reading.objectives,
        "watched": _watched(run.present),
        "answer": None if run.answer is None else int(run.answer.total_seconds()),
        "present": asdict(figures(run.outcomes, until)),
        "tried": None if run.candidate is None else asdict(figures(run.tried, until)),
        "rows": [_row(one, until) | {"change": str(change)} for change, one in changes],
        "more": 0,
    }


def _watched(catalog: Catalog) -> list[str]:
    """Services whose policy in force only watches."""
    scopes = {name: Scope(Reach.SERVICE, name) for name in catalog.services}
    found = (n for n, scope in scopes.items() if catalog.policy_for(scope).mode is Mode.MONITOR)
    return sorted(found)


def _row(one: Stood, until: datetime) -> Facts:
    end = one.until or until
    return {
        "service": one.service,
        "effect": str(one.effect),
        "since": epoch(one.since),
        "until": epoch(one.until),
        "seconds": int((end - one.since).total_seconds()),
        "causes": list(one.causes),
        "reason": one.reason,
        "approved": one.approved,
    }
