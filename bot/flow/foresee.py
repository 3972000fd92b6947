"""What is to be expected of budgets: worked out from the accounts, or as said this hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from bot.decide.adjustment import taken_out
from bot.decide.catalog import Catalog
from bot.decide.episode import BLINDING
from bot.decide.freeze import Freeze, Origin
from bot.decide.thaw import rule_for
from bot.flow.facts import Facts
from bot.flow.judging import Taken, near
from bot.judge.dates import instant
from bot.judge.expectation import Forecast
from bot.judge.forecast import asked, dated, forecast
from bot.judge.ledger import Balances, Stretch
from bot.judge.objective import Objective
from bot.judge.outlook_words import foretold
from bot.judge.reason import Code, Reason
from bot.judge.score import UNSCORED, Score, score
from bot.judge.sentences import late
from bot.judge.verdict import Kind, Verdict, patience_of
from bot.ports import Account, Books, Given

HOUR, _WEEK = 3_600, 7 * 86_400
_RECORD = 31 * 86_400
"""Past forecasts that count: services change."""
_OLD = 2 * HOUR
"""Age from which on a forecast of an hour is none of the present."""
_ANEW = 20
"""Budgets that are looked at anew for one answer; others wait for the next tick."""
_NOTHING = Reason(Code.NO_DATA, "nothing has been counted yet")
_SOON = Reason(Code.NO_DATA, "it is worked out within a minute of the next poll")
_HOURLY = Reason(Code.NO_DATA, "too little was on record this hour; the next is made at its end")


def horizon_of(objective: Objective) -> int:
    """Seconds that are looked ahead: a quarter of the window, at least an hour, at most a week."""
    return max(HOUR, min(_WEEK, objective.window_seconds // 4))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A forecast to be made."""

    objective: Objective
    account: Account
    record: Score = UNSCORED
    above: Fraction = Fraction(0)
    """Share of the budget that must be left for it to be back."""


def look_ahead(
    books: Books, wanted: Sequence[Wanted], now: datetime, taken: Taken | None = None
) -> list[Forecast | Reason]:
    """A forecast of each, in their order, or why there is none; from few totals of each account,
    and from every row of one that is to name a date. `taken`: as in `judge_accounts`."""
    held = taken_out(books.adjustments.holding()) if taken is None else taken
    looks = [_Look.of(one, held, int(now.timestamp())) for one in wanted]
    instants = {look.account.id: look.instants for look in looks if look.instants}
    found = books.ledger.balances(instants) if instants else {}
    return [look.said(books, found.get(look.account.id)) for look in looks]


@dataclass(frozen=True, slots=True)
class _Look:
    wanted: Wanted
    now: int
    doubt: Reason | None
    out: Sequence[Stretch]
    instants: Sequence[int]

    @property
    def account(self) -> Account:
        return self.wanted.account

    @classmethod
    def of(cls, wanted: Wanted, taken: Taken, now: int) -> "_Look":
        objective, account = wanted.objective, wanted.account
        last, doubt = account.read_until, _silence(objective, account, now)
        if last is None or account.opened is None or doubt is not None:
            return cls(wanted, now, doubt or _NOTHING, (), ())
        out = near(objective, account, taken)
        bounds = {bound for stretch in out for bound in stretch if bound < last}
        instants = asked(objective, account.opened, last, now, horizon_of(objective))
        return cls(wanted, now, None, out, sorted({*instants, *bounds}))

    def said(self, books: Books, balances: Balances | None) -> Forecast | Reason:
        if self.doubt is not None or balances is None:
            return self.doubt or _NOTHING
        found = self._forecast(balances)
        if isinstance(found, Forecast) and dated(found):
            rows = books.ledger.rows(self.account.id, self.instants[0] - 1, self.instants[-1])
            return found if rows is None else self._forecast(rows)
        return found

    def _forecast(self, balances: Balances) -> Forecast | Reason:
        wanted = self.wanted
        return forecast(
            wanted.objective,
            balances.without(self.out),
            self.account.opened or 0,
            self.now,
            horizon_of(wanted.objective),
            wanted.record,
            wanted.above,
        )


def _silence(objective: Objective, account: Account, now: int) -> Reason | None:
    """From counts that are too old nothing is told of what comes (law 24)."""
    if account.seen_until is None:
        return None
    age = now - account.seen_until
    return late(age) if age > patience_of(objective) else None


def wanted_of(
    books: Books,
    catalog: Catalog,
    objectives: Sequence[Objective],
    accounts: Mapping[str, Account],
    now: datetime,
) -> list[Wanted]:
    """Those that have an account, each with the record of its past forecasts, and what must be left
    before a freeze that it caused thaws."""
    held = [one for one in objectives if one.id in accounts]
    freezes = books.freezes.standing(now)
    marks = {cause: _above(catalog, one, cause) for one in freezes for cause in _causes(one, now)}
    at = int(now.timestamp())
    ids = [accounts[one.id].id for one in held]
    past = books.forecasts.outcomes(ids, at - _RECORD, at) if ids else {}
    return [
        Wanted(
            one,
            accounts[one.id],
            score(past.get(accounts[one.id].id, ())),
            marks.get(one.id, Fraction(0)),
        )
        for one in held
    ]


def _causes(freeze: Freeze, now: datetime) -> Iterable[str]:
    acts = freeze.origin is Origin.POLICY and freeze.ends_at is None and freeze.in_force(now)
    return freeze.causes if acts else ()


def _above(catalog: Catalog, freeze: Freeze, cause: str) -> Fraction:
    objective = next((one for one in catalog.objectives if one.id == cause), None)
    if objective is None:
        return Fraction(0)
    return rule_for(catalog.policy_of(objective), freeze.effect).left


def foreseen(
    books: Books, catalog: Catalog, judged: Sequence[tuple[Objective, Verdict]], now: datetime
) -> dict[str, Facts]:
    """By objective, what messages and JSON say of what is to come. What was said this hour holds,
    unless the budget has gone or come back since, or began to burn, or nothing could be said: then
    it is looked anew."""
    accounts = books.ledger.accounts([one.id for one, _ in judged])
    given = books.forecasts.newest([account.id for account in accounts.values()])
    episodes = books.episodes.currents([one.id for one, _ in judged])
    began = {name: one.opened_at.timestamp() for name, one in episodes.items()}
    found: dict[str, Forecast | Reason] = {}
    anew: list[Objective] = []
    for objective, verdict in judged:
        account = accounts.get(objective.id)
        kept = given.get(account.id) if account is not None else None
        blind = [one for one in verdict.reasons if one.code in BLINDING]
        if blind:
            found[objective.id] = blind[0]
        elif kept is not None and _holds(kept, verdict, now, began.get(objective.id)):
            found[objective.id] = kept.said
        else:
            anew.append(objective)
            found[objective.id] = _meanwhile(kept)
    wanted = wanted_of(books, catalog, anew[:_ANEW], accounts, now) if anew else []
    for one, said in zip(wanted, look_ahead(books, wanted, now), strict=True):
        found[one.objective.id] = said
    return {
        one.id: forecast_facts(found[one.id], burning=verdict.kind is Kind.BURNING)
        for one, verdict in judged
    }


def _holds(kept: Given, verdict: Verdict, now: datetime, began: float | None) -> bool:
    """`began`: when the warning opened that is open."""
    if now.timestamp() - kept.hour > _OLD or isinstance(kept.said, Reason):
        return False
    if began is not None and kept.said.at <= began:
        return False
    return verdict.left is None or (kept.said.left <= 0) == (verdict.left <= 0)


def _meanwhile(kept: Given | None) -> Reason:
    """Why nothing is said where too many are to be looked at anew."""
    if kept is None or isinstance(kept.said, Reason):
        return _SOON if kept is None else _HOURLY
    return Reason(Code.STALE, f"the last one is of {instant(kept.said.at)}, and much changed since")


def forecast_facts(said: Forecast | Reason, *, burning: bool = False) -> Facts:
    """`text`: in words, for people; figures as shares of the budget; times as ISO 8601, UTC.
    `unknown`: why nothing can be said; empty if something can. `burning`: it burns too fast."""
    if isinstance(said, Reason):
        end = "" if said.text.endswith("?") else "."
        return {"unknown": said.text, "text": f"No forecast: {said.text}{end}"}
    return {
        "unknown": "",
        "probability": said.probability,
        "by": _iso(said.until),
        "expected": said.expected,
        "low": said.low,
        "high": said.high,
        "gone": _iso(said.gone),
        "earliest": _iso(said.earliest),
        "latest": _iso(said.latest),
        "back": _iso(said.back),
        "as_of": _iso(said.at),
        "record": {
            "forecasts": said.record.count,
            "hits": said.record.hits,
            "coverage": said.record.coverage,
            "error": said.record.error,
            "brier": said.record.brier,
        },
        "text": foretold(said, burning=burning),
    }


def _iso(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
