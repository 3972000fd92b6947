"""Forecasts as they were given, and what became of them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.judge.expectation import Forecast, Return
from bot.judge.reason import Code, Reason
from bot.judge.score import Issued, Outcome, Score
from bot.ports.forecasts import Given, Ripe
from bot.record.dialect import Dialect
from bot.record.statements import change, pick
from bot.record.tables import AccountRow, ForecastRow

_ISSUED = ("at", "until", "expected", "low", "high", "probability", "factor")
_FIGURES = [getattr(ForecastRow, name) for name in _ISSUED]
_SCORED = col(ForecastRow.came).is_not(None)


class SqlForecasts:
    """Satisfies bot.ports.forecasts.Forecasts."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def give(self, given: Sequence[Given]) -> None:
        """The first word of an hour stays."""
        known = set(self._keys([(one.account, one.hour) for one in given]))
        fresh = {(one.account, one.hour): one for one in reversed(given)}
        fresh = {key: one for key, one in fresh.items() if key not in known}
        if not fresh:
            return
        self._dialect.load(self._session, ForecastRow, [_cells(one) for one in fresh.values()])
        asked = self._sheet(list(fresh))
        newer = pick(asked.c.a).where(
            asked.c.a == ForecastRow.account_id, asked.c.h > ForecastRow.hour
        )
        outdated = delete(ForecastRow).where(col(ForecastRow.counts).is_(False), newer.exists())
        change(self._session, outdated)

    def newest(self, accounts: Sequence[int]) -> dict[int, Given]:
        """The last word on each."""
        wanted = pick(
            col(ForecastRow.account_id),
            col(ForecastRow.hour),
            col(ForecastRow.said),
            col(ForecastRow.counts),
        ).where(col(ForecastRow.account_id).in_(accounts))
        wanted = wanted.order_by(col(ForecastRow.account_id), col(ForecastRow.hour))
        found = {row[0]: row for row in self._session.connection().execute(wanted)}
        return {
            account: Given(account, hour, _said(text), counts)
            for account, hour, text, counts in found.values()
        }

    def ripe(self, accounts: Sequence[int], limit: int) -> list[Ripe]:
        """The oldest first."""
        wanted = (
            pick(col(ForecastRow.account_id), col(ForecastRow.hour), *_FIGURES)
            .join(AccountRow, col(AccountRow.id) == ForecastRow.account_id)
            .where(
                col(ForecastRow.account_id).in_(accounts),
                col(ForecastRow.counts),
                col(ForecastRow.came).is_(None),
                col(ForecastRow.until) <= col(AccountRow.read_until),
            )
            .order_by(col(ForecastRow.until), col(ForecastRow.account_id))
            .limit(limit)
        )
        rows = self._session.connection().execute(wanted)
        return [Ripe(account, hour, Issued(*figures)) for account, hour, *figures in rows]

    def score(self, outcomes: Sequence[tuple[Ripe, Outcome | None]]) -> None:
        """None: it goes."""
        for one, outcome in outcomes:
            mine = (
                col(ForecastRow.account_id) == one.account,
                col(ForecastRow.hour) == one.hour,
            )
            if outcome is None:
                change(self._session, delete(ForecastRow).where(*mine))
            else:
                facts = {"came": outcome.left, "exhausted": outcome.exhausted}
                change(self._session, update(ForecastRow).where(*mine).values(facts))

    def outcomes(self, accounts: Sequence[int], since: int, until: int) -> dict[int, list[Outcome]]:
        """Oldest first."""
        wanted = (
            pick(
                col(ForecastRow.account_id),
                col(ForecastRow.came),
                col(ForecastRow.exhausted),
                *_FIGURES,
            )
            .where(
                col(ForecastRow.account_id).in_(accounts),
                col(ForecastRow.until) > since,
                col(ForecastRow.until) <= until,
                _SCORED,
            )
            .order_by(col(ForecastRow.until), col(ForecastRow.hour))
        )
        found: defaultdict[int, list[Outcome]] = defaultdict(list)
        for account, came, exhausted, *figures in self._session.connection().execute(wanted):
            found[account].append(Outcome(Issued(*figures), came, exhausted))
        return dict(found)

    def forget(self, before: int) -> int:
        """How many went."""
        old = delete(ForecastRow).where(col(ForecastRow.until) < before, col(ForecastRow.counts))
        return change(self._session, old)

    def _keys(self, keys: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        asked = self._sheet(keys)
        wanted = pick(asked.c.a, asked.c.h).join(
            ForecastRow,
            (col(ForecastRow.account_id) == asked.c.a) & (col(ForecastRow.hour) == asked.c.h),
        )
        return [(account, hour) for account, hour in self._session.connection().execute(wanted)]

    def _sheet(self, keys: Sequence[tuple[int, int]]) -> Any:
        return self._dialect.sheet({"a": [key[0] for key in keys], "h": [key[1] for key in keys]})


def _cells(given: Given) -> tuple[Any, ...]:
    """In the order of the table's columns."""
    said = given.said
    figures: tuple[Any, ...] = (None,) * len(_ISSUED)
    if isinstance(said, Forecast):
        issued = said.issued
        figures = tuple(getattr(issued, name) for name in _ISSUED)
        said = replace(said, path=())
    counts = given.counts and isinstance(said, Forecast)
    text = json.dumps(asdict(said))
    return (given.account, given.hour, counts, *figures, text, None, None)


def _said(text: str) -> Forecast | Reason:
    facts = json.loads(text)
    if "code" in facts:
        return Reason(Code(facts["code"]), facts["text"])
    returns = tuple(Return(**one) for one in facts["returns"])
    said = {"returns": returns, "record": Score(**facts["record"]), "path": ()}
    return Forecast(**facts | said)
