"""What an adjustment does to budgets: each objective with what it has before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from bot.decide.adjustment import Adjustment, seconds_of, taken_out
from bot.decide.approval import Stretch, Wish
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, Origin
from bot.decide.thaw import rule_for
from bot.flow.facts import Facts, number, scope_words
from bot.flow.judging import Taken, near
from bot.judge.budget import Budget, budget_of
from bot.judge.objective import Objective
from bot.judge.verdict import instants
from bot.ports import Books

SHOWN = 8
"""Objectives that a message names one by one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One objective with and without the adjustment."""

    objective: Objective
    before: Budget | None
    """None: nothing was ever counted."""
    after: Budget | None


def figures(
    books: Books,
    catalog: Catalog,
    names: Iterable[str],
    now: datetime,
    *,
    more: Sequence[Stretch] = (),
    less: int | None = None,
) -> list[Figure]:
    """What the objectives of these names have left now, and what they would have with `more` taken
    out, or without the adjustment `less`; those that change most first. Those that have left the
    specs are passed over."""
    wanted = set(names)
    objectives = [one for one in catalog.objectives if one.id in wanted]
    held = books.adjustments.holding()
    then = [one for one in held if one.id != less]
    then += [Adjustment(0, 0, stretch, "", now) for stretch in more]
    found = _budgets(books, objectives, taken_out(held), taken_out(then))
    return sorted(found, key=_change)


def _budgets(
    books: Books, objectives: Sequence[Objective], before: Taken, after: Taken
) -> list[Figure]:
    """Both from one look into the ledger, and the budgets alone: an adjustment of everything weighs
    hundreds of them while all who decide wait."""
    accounts = books.ledger.accounts([one.id for one in objectives])
    wanted: dict[int, list[int]] = {}
    for one in objectives:
        account = accounts.get(one.id)
        if account is not None and account.read_until is not None:
            both = [*near(one, account, before), *near(one, account, after)]
            wanted[account.id] = instants(one, account.read_until, both)
    rows = books.ledger.balances(wanted) if wanted else {}

    def budget(one: Objective, taken: Taken) -> Budget | None:
        account = accounts.get(one.id)
        counted = rows.get(account.id) if account is not None else None
        if account is None or counted is None:
            return None
        mine = counted.without(near(one, account, taken))
        return budget_of(one, mine, account.opened or 0)

    return [Figure(one, budget(one, before), budget(one, after)) for one in objectives]


def _left(budget: Budget | None) -> Fraction | None:
    return None if budget is None else budget.left


def _change(figure: Figure) -> tuple[float, str]:
    before, after = _left(figure.before), _left(figure.after)
    moved = 0.0 if before is None or after is None else abs(float(after - before))
    return -moved, figure.objective.id


def figure_row(figure: Figure) -> Facts:
    """One objective with both figures, for messages and evidence. Nothing is rounded."""
    before = figure.before.spend if figure.before else None
    after = figure.after.spend if figure.after else None
    known = before is not None and after is not None
    return {
        "objective": figure.objective.id,
        "service": figure.objective.service,
        "title": figure.objective.title or figure.objective.name,
        "before": number(_left(figure.before)),
        "after": number(_left(figure.after)),
        "bad": before.bad if before else None,
        "eligible": before.eligible if before else None,
        "bad_taken": before.bad - after.bad if known and before and after else None,
        "eligible_taken": before.eligible - after.eligible if known and before and after else None,
    }


def stretch_facts(stretch: Stretch | None) -> Facts | None:
    """Which time of which objectives, for messages."""
    if stretch is None:
        return None
    start, end = seconds_of(stretch)
    return {
        "start": start,
        "end": end,
        "seconds": end - start,
        "cause": stretch.cause,
        "reverses": stretch.reverses,
        "objectives": list(stretch.objectives),
    }


def stretch_evidence(stretch: Stretch) -> Facts:
    """The same for the history."""
    return {
        "from": stretch.start.isoformat(),
        "until": stretch.end.isoformat(),
        "cause": stretch.cause,
        "reverses": stretch.reverses,
        "objectives": list(stretch.objectives),
    }


def held_by(
    books: Books, catalog: Catalog, found: Sequence[Figure], now: datetime
) -> list[Mapping[str, Any]]:
    """The automatic freezes that these budgets are the cause of, each with what it takes to thaw:
    it goes its usual way, and is never lifted by an adjustment itself."""
    after = {figure.objective.id: figure for figure in found}
    standing = [f for f in books.freezes.standing(now) if f.in_force(now)]
    ours = [f for f in standing if f.origin is Origin.POLICY and set(f.causes) & set(after)]
    return [_thaw(catalog, freeze, after) for freeze in ours]


def _thaw(catalog: Catalog, freeze: Freeze, after: Mapping[str, Figure]) -> Mapping[str, Any]:
    mine = [after[name] for name in freeze.causes if name in after]
    rules = [rule_for(catalog.policy_of(one.objective), freeze.effect) for one in mine]
    lefts = [_left(one.after) for one in mine]
    enough = all(
        left is not None and left > rule.left for left, rule in zip(lefts, rules, strict=True)
    )
    return {
        "id": freeze.id,
        "scope": scope_words(freeze.scope),
        "effect": str(freeze.effect),
        "left": number(max(rule.left for rule in rules)),
        "lasts": max(rule.lasts for rule in rules),
        "thaws": enough,
    }


def kept(books: Books, now: datetime) -> set[int]:
    """Instants whose rows the ledger must keep: the bounds of time that is taken out, or asked to
    be."""
    asked = [r.stretch for r in books.requests.pending(now) if r.wish is Wish.ADJUST and r.stretch]
    held = [one.stretch for one in books.adjustments.holding()]
    return {bound for stretch in (*asked, *held) for bound in seconds_of(stretch)}


def reversed_already(books: Books, stretch: Stretch) -> bool:
    """Whether it asks for an adjustment to be undone that is undone."""
    if stretch.reverses is None:
        return False
    held = books.adjustments.get(stretch.reverses)
    return held is None or held.reversed_at is not None
