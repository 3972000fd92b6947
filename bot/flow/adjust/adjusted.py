"""What an adjustment does to budgets: each objective with its verdict before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.decide.adjustment import Adjustment, seconds_of, taken_out
from bot.decide.approval import Stretch, Wish
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, Origin
from bot.decide.thaw import rule_for
from bot.flow.facts import Facts, number, scope_words
from bot.flow.grounds import judge_now
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict
from bot.ports import Books

SHOWN = 8
"""Objectives that a message names one by one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One objective with and without the adjustment."""

    objective: Objective
    before: Verdict
    after: Verdict


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
    before = judge_now(books, objectives, now, taken_out(held))
    after = judge_now(books, objectives, now, taken_out(then))
    found = [Figure(o, one, other) for (o, one), (_, other) in zip(before, after, strict=True)]
    return sorted(found, key=_change)


def _change(figure: Figure) -> tuple[float, str]:
    before, after = figure.before.left, figure.after.left
    moved = 0.0 if before is None or after is None else abs(float(after - before))
    return -moved, figure.objective.id


def figure_row(figure: Figure) -> Facts:
    """One objective with both figures, for messages and evidence. Nothing is rounded."""
    before, after = figure.before.spend, figure.after.spend
    known = before is not None and after is not None
    return {
        "objective": figure.objective.id,
        "service": figure.objective.service,
        "title": figure.objective.title or figure.objective.name,
        "before": number(figure.before.left),
        "after": number(figure.after.left),
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
    enough = all(
        one.after.left is not None and one.after.left > rule.left
        for one, rule in zip(mine, rules, strict=True)
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
