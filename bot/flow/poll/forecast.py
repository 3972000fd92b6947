"""Every hour each budget is looked ahead from, and what was said before is held against what came:
after the poll, by one replica, some objectives at a time."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.adjustment import taken_out
from bot.decide.catalog import Catalog
from bot.flow.foresee import HOUR, horizon_of, look_ahead, wanted_of
from bot.flow.judging import near
from bot.judge.objective import Objective
from bot.judge.realised import needed, outcome_of
from bot.judge.score import Outcome
from bot.ports import Account, Books, Clock, Given, Record, Ripe

log = logging.getLogger(__name__)

LEASE = 300.0
"""Seconds after which a look that nobody finished falls to another replica."""
CHUNK = 100
"""Objectives looked ahead for and stored in one transaction."""
SCORED = 500
"""Forecasts scored at a time."""
KEPT = 62 * 86_400
"""Seconds for which it is known what became of a forecast: the report of last month needs it."""
_CHORE = "forecasts"
_APART = 6 * HOUR


@dataclass(frozen=True)
class ForecastBudgets:
    """The flow of the ticker."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    chunk: int = CHUNK

    def run(self) -> int:
        """How many objectives were looked ahead for, by this replica: those of which nothing was
        said this hour."""
        catalog, now = self.catalog(), self.clock.now()
        due = self.record.read(lambda books: _due(books, catalog, now))
        if not due or not self._claim(now):
            return 0
        self._score(catalog, now)
        for start in range(0, len(due), self.chunk):
            given = self._look(catalog, due[start : start + self.chunk], now)
            self.record.write(lambda books, given=given: books.forecasts.give(given))  # type: ignore[misc] # mypy cannot infer a default
        self.record.write(lambda books: books.chores.done(_CHORE, _turn(now), now))
        return len(due)

    def _claim(self, now: datetime) -> bool:
        return self.record.write(lambda b: b.chores.claim(_CHORE, _turn(now), now, LEASE))

    def _look(self, catalog: Catalog, some: Sequence[Objective], now: datetime) -> list[Given]:
        hour = _hour(now)

        def work(books: Books) -> list[Given]:
            accounts = books.ledger.accounts([one.id for one in some])
            wanted = wanted_of(books, catalog, some, accounts, now)
            return [
                Given(one.account.id, hour, said, _counts(one.account.id, hour, one.objective))
                for one, said in zip(wanted, look_ahead(books, wanted, now), strict=True)
            ]

        return self.record.read(work)

    def _score(self, catalog: Catalog, now: datetime) -> None:
        by_id = {one.id: one for one in catalog.objectives}
        outcomes = self.record.read(lambda books: list(_outcomes(books, by_id)))

        def work(books: Books) -> int:
            books.forecasts.score(outcomes)
            return books.forecasts.forget(_hour(now) - KEPT)

        gone = self.record.write(work)
        log.info("forecasts: %d scored, %d forgotten", len(outcomes), gone)


def _turn(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M}"


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // HOUR * HOUR


def _due(books: Books, catalog: Catalog, now: datetime) -> list[Objective]:
    accounts = books.ledger.accounts([one.id for one in catalog.objectives])
    given = books.forecasts.newest([account.id for account in accounts.values()])
    said = {account for account, one in given.items() if one.hour >= _hour(now)}
    open_ones = {a.objective for a in accounts.values() if a.opened and a.id not in said}
    return [one for one in catalog.objectives if one.id in open_ones]


def _counts(account: int, hour: int, objective: Objective) -> bool:
    """Forecasts that overlap tell of the same events: one in six hours is scored, or of those for a
    week one in twelve; each account in an hour of its own."""
    apart = max(_APART, horizon_of(objective) // 14) // HOUR
    return (hour // HOUR + account) % apart == 0


def _outcomes(
    books: Books, objectives: Mapping[str, Objective]
) -> Iterator[tuple[Ripe, Outcome | None]]:
    accounts = books.ledger.accounts(list(objectives))
    by_number = {account.id: account for account in accounts.values()}
    ripe = books.forecasts.ripe(list(by_number), SCORED)
    taken = taken_out(books.adjustments.holding())
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for one in ripe:
        account = by_number[one.account]
        objective = objectives[account.objective]
        wanted[account.id] |= {*needed(one.issued, objective, _last(account))}
        wanted[account.id] |= {b for some in near(objective, account, taken) for b in some}
    instants = {number: sorted(some) for number, some in wanted.items()}
    found = books.ledger.balances(instants) if instants else {}
    for one in ripe:
        account = by_number[one.account]
        objective = objectives[account.objective]
        balances = found.get(account.id)
        if balances is None or balances.last.at < one.issued.until:
            continue
        counted = balances.without(near(objective, account, taken))
        yield one, outcome_of(one.issued, objective, counted, account.opened or 0)


def _last(account: Account) -> int:
    return account.read_until or 0
