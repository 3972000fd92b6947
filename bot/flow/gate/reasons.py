"""What an answer of the gate is told to people as: each budget once, by its title."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.change import Change
from bot.decide.gate_answer import Answer, Ground, Why
from bot.flow.facts import Facts, epoch, number, window_words
from bot.flow.verdicts import Judged
from bot.ports import Books

MOST = 4
"""Reasons and budgets in one message."""
_OF_BUDGETS = (Why.BUDGET_BURNING, Why.BUDGET_EXHAUSTED, Why.NO_FRESH_DATA)


def reason_facts(answer: Answer, judged: Sequence[Judged]) -> Facts:
    """Reasons and budgets, and of each how many more there are. A budget that stops nothing by
    itself stands among the budgets alone; one that does, among the reasons alone. An override that
    lets the release through is told apart."""
    said = [one for one in answer.grounds if one.code is not Why.OVERRIDE]
    stops = [one for one in said if one.code in _OF_BUDGETS and not one.outcome.goes]
    reasons = [one for one in said if one.code not in _OF_BUDGETS or one in stops]
    told = [_titled(one, judged) for one in reasons]
    others = [pair for pair in judged if not any(_speaks_of(one, pair) for one in stops)]
    return {
        "reasons": told[:MOST],
        "hidden": max(0, len(told) - MOST),
        "budgets": [_line(pair) for pair in others[:MOST]],
        "budgets_hidden": max(0, len(others) - MOST),
    }


def pending_override(books: Books, change: Change, now: datetime) -> Facts | None:
    """The override for this very release that waits for its approval, if one does."""
    return waiting_override(books.requests.pending(now), change, now)


def waiting_override(pending: Iterable[Request], change: Change, now: datetime) -> Facts | None:
    """The same, among requests that were read already."""
    for request in pending:
        mine = request.wish is Wish.OVERRIDE and request.state(now) is RequestState.PENDING
        if mine and request.change is not None and request.change.pins(change):
            return {"request": request.id, "asked": epoch(request.created_at)}
    return None


def _speaks_of(ground: Ground, pair: Judged) -> bool:
    return ground.objective == pair[0].id


def _titled(ground: Ground, judged: Sequence[Judged]) -> str:
    for pair in judged:
        if _speaks_of(ground, pair):
            title = pair[0].title or pair[0].name
            return f"“{title}”{ground.message.removeprefix(pair[0].id)}"
    return ground.message


def _line(pair: Judged) -> Facts:
    objective, verdict = pair
    return {
        "title": objective.title or objective.name,
        "left": number(verdict.left),
        "window": window_words(objective.window),
        "reason": verdict.reasons[0].text,
    }
