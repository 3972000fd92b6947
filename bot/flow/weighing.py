"""May a release be afforded, and is it worth it? From what it did beside another version, or from
what people say that it does. Advice, never a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from statistics import median

from bot.decide.adjustment import taken_out
from bot.decide.catalog import Catalog
from bot.decide.release import Release
from bot.flow.attributing import releases_of
from bot.flow.beside import LATELY, Beside, Found, beside
from bot.flow.foresee import look_ahead, wanted_of
from bot.flow.grounds import judge_now
from bot.flow.judging import near
from bot.judge.budget import budget_of, window_at
from bot.judge.expectation import Forecast
from bot.judge.indicator import Counted, Labelled, Ratio, Recorded
from bot.judge.objective import Objective, Rolling
from bot.judge.reason import span
from bot.judge.stake import Change, Loss, Ruling, Stake
from bot.judge.tradeoff import Tradeoff, weigh
from bot.judge.verdict import Kind
from bot.ports import Account, Books

_WEIGHED = (Ratio, Recorded, Counted, Labelled)
"""What counts requests or answers one by one."""
_SEVERAL = 3
"""Releases from which on it is known how often there are any."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One objective that was weighed, and on what."""

    objective: Objective
    found: Found | None
    """Both counts; None: people gave the change by hand."""
    change: Change


@dataclass(frozen=True, slots=True)
class Weighed:
    """The answer for one release."""

    service: str
    version: str
    beside: str
    """The version that it is compared with; empty: none served beside it."""
    price: Fraction
    reserve: Fraction
    result: Tradeoff | None
    """None: nothing could be weighed."""
    measured: tuple[Measured, ...]
    left_out: tuple[tuple[Objective, str], ...]
    """Objectives that were not weighed, and why."""
    missing: Loss | None
    """The side of the trade that nothing tells of: then only the cost is weighed."""


def weighing(
    books: Books,
    catalog: Catalog,
    service: str,
    version: str,
    now: datetime,
    given: Mapping[str, Change] | None = None,
) -> Weighed:
    """`given`: by the name of an objective, how a release changes its rate of bad events, instead
    of what was measured."""
    policy = catalog.policy_for(catalog.scope(service))
    mine = [one for one in catalog.objectives if one.service == service]
    releases = releases_of(books, service, now - LATELY)
    found = beside(books, service, version, now)
    changes, left_out = _changes(books, mine, found, given or {}, version)
    stakes, more = _stakes(books, catalog, changes, releases, now)
    missing = _missing(stakes)
    result = None
    if stakes:
        # With one side alone there is no trade: what remains to be asked is what it costs.
        alone = [replace(one, loss=Loss.REQUEST) for one in stakes]
        price = policy.request_price if missing is None else Fraction(0)
        result = weigh(stakes if missing is None else alone, price, policy.reserve)
    kept = {stake.objective for stake in stakes}
    return Weighed(
        service,
        version,
        found.other if found is not None else "",
        policy.request_price,
        policy.reserve,
        result,
        tuple(one for one in changes if one.objective.name in kept),
        (*left_out, *more),
        missing if stakes else None,
    )


def worth_it(found: Weighed) -> bool:
    """Whether what the release brings is worth its failures, by the team's price, and affordable:
    then it stays although it fails more."""
    result = found.result
    return result is not None and result.exchange is not None and result.ruling is Ruling.ACCEPT


def weighable(objective: Objective) -> bool:
    """Whether it counts requests or answers one by one."""
    return isinstance(objective.indicator, _WEIGHED)


def loss_of(objective: Objective) -> Loss:
    """What a bad event of it costs: a wrong answer where predictions are held against labels, or
    where the specs say so (label `loss: answer`); else a request."""
    wrong = isinstance(objective.indicator, Labelled) or objective.labels.get("loss") == "answer"
    return Loss.ANSWER if wrong else Loss.REQUEST


def _missing(stakes: Sequence[Stake]) -> Loss | None:
    known = {one.loss for one in stakes}
    return next((loss for loss in Loss if loss not in known), None)


def _changes(
    books: Books,
    objectives: Sequence[Objective],
    found: Beside | None,
    given: Mapping[str, Change],
    version: str,
) -> tuple[list[Measured], list[tuple[Objective, str]]]:
    known: list[Measured] = []
    left_out: list[tuple[Objective, str]] = []
    for one in objectives:
        if not weighable(one):
            left_out.append((one, "it counts neither requests nor answers"))
        elif one.name in given:
            known.append(Measured(one, None, given[one.name]))
        elif found is None:
            left_out.append((one, f"nobody told of another version that served beside {version}"))
        elif (counts := found.of(books, one)) is None:
            left_out.append((one, _untold(one, found)))
        else:
            known.append(Measured(one, counts, counts.change))
    return known, left_out


def _untold(objective: Objective, found: Beside) -> str:
    if found.waits(objective):
        taken = span(objective.label_delay)
        return f"labels take {taken}, and {found.version} has not served that long beside another"
    return f"nothing tells {found.version} and {found.other} apart"


def _stakes(
    books: Books,
    catalog: Catalog,
    changes: Sequence[Measured],
    releases: Sequence[Release],
    now: datetime,
) -> tuple[list[Stake], list[tuple[Objective, str]]]:
    objectives = [one.objective for one in changes]
    unknown = _unknown(books, objectives, now)
    accounts = books.ledger.accounts([one.id for one in objectives])
    wanted = wanted_of(books, catalog, objectives, accounts, now)
    coming = {
        one.objective.id: said
        for one, said in zip(wanted, look_ahead(books, wanted, now), strict=True)
    }
    stakes: list[Stake] = []
    left_out: list[tuple[Objective, str]] = []
    usual = _usual_gap(releases)
    spans: list[int] = []
    for one in changes:
        objective, said = one.objective, coming.get(one.objective.id)
        path = said.path if isinstance(said, Forecast) else ()
        account = accounts.get(objective.id)
        stake = _stake(books, one, account, usual) if account is not None else None
        if stake is None:
            left_out.append((objective, "nothing was counted in its budget window"))
        else:
            why = unknown.get(objective.id, "")
            replaced = stake[1] in usual
            stakes.append(
                replace(stake[0], path=path, seconds=stake[1], replaced=replaced, unknown=why)
            )
            spans.append(stake[1])
    common = min(spans, default=0)  # what is traded is traded over the same time
    traded = [
        replace(one, traded=one.events * common / span)
        for one, span in zip(stakes, spans, strict=True)
    ]
    return traded, left_out


def _unknown(books: Books, objectives: Sequence[Objective], now: datetime) -> dict[str, str]:
    """By objective, why its verdict is unknown; the others are missing."""
    judged = judge_now(books, objectives, now)
    return {
        one.id: "; ".join(reason.text for reason in verdict.reasons[:1])
        for one, verdict in judged
        if verdict.kind is Kind.UNKNOWN
    }


def _stake(
    books: Books, one: Measured, account: Account, usual: Sequence[int]
) -> tuple[Stake, int] | None:
    """With the seconds that its events are of. `usual`: those from one release to the next."""
    objective, last = one.objective, account.read_until
    if account.opened is None or last is None:
        return None
    start, end = window_at(objective, last)
    rows = books.ledger.rows(account.id, start, last)
    if rows is None:
        return None
    taken = taken_out(books.adjustments.holding())
    budget = budget_of(objective, rows.without(near(objective, account, taken)), account.opened)
    spend, left = budget.spend, budget.left
    if left is None or spend.observed <= 0:
        return None
    window = (
        objective.window_seconds if isinstance(objective.window, Rolling) else max(0, end - last)
    )
    seconds = max(1, min([window, *usual]))
    eligible = Fraction(spend.eligible)
    stake = Stake(
        objective.name,
        loss_of(objective),
        left,
        budget.allowed,
        Fraction(spend.bad) / eligible,
        eligible / spend.observed * seconds,
        one.change,
    )
    return stake, seconds


def _usual_gap(releases: Sequence[Release]) -> list[int]:
    """Seconds from one release to the next; nothing where there are too few to say."""
    began = sorted(one.began.timestamp() for one in releases)
    gaps = [later - sooner for sooner, later in pairwise(began)]
    return [max(1, int(median(gaps)))] if len(began) >= _SEVERAL else []
