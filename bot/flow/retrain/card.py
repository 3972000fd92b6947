"""What is said of a task: in its message, in lists, in the history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.decide.catalog import Catalog
from bot.decide.outside import Topic
from bot.decide.scope import Reach, Scope
from bot.decide.task import Task
from bot.flow.facts import Facts, channel_of, epoch, number, verdict_facts
from bot.judge.feed import requirement_of
from bot.judge.indicator import Scored, feed_of
from bot.judge.objective import Objective
from bot.judge.observation import Observation
from bot.judge.verdict import Verdict
from bot.ports import Act, Books, Outgoing

SHOWN = 5
"""Newest words of the feed that are kept as evidence."""
_MUST = {"gte": "at least", "gt": "above", "lte": "at most", "lt": "below"}


def topic_of(task: int) -> str:
    """The topic under which a task's message and thread stand."""
    return f"task:{task}"


def evidence_of(books: Books, objective: Objective, verdict: Verdict) -> Facts:
    """What a task rests on: how the budget stood, and the newest words of its feed that missed what
    is asked, or simply the newest."""
    said = verdict_facts(objective, verdict)
    kept = ("title", "severity", "verdict", "left", "exhausts_in", "exhausts_over", "burn_long",
            "bad", "eligible", "sli", "target", "window", "reasons")  # fmt: skip
    return {
        **{name: said[name] for name in kept},
        "drift": objective.drift,
        "required": required(objective),
        "feed": feed_of(objective.indicator),
        "rows": [row_of(one) for one in _newest(books, objective)],
    }


def required(objective: Objective) -> str:
    """What a score must be, in words; empty for what is no score."""
    indicator = objective.indicator
    if not isinstance(indicator, Scored):
        return ""
    return f"{_MUST[str(indicator.op)]} {float(indicator.limit):g}"


def _newest(books: Books, objective: Objective) -> Sequence[Observation]:
    feed = feed_of(objective.indicator)
    last = books.observations.newest(feed)
    if last is None:
        return ()
    rows = books.observations.of(feed, last - objective.window_seconds, last)
    return [row for row in reversed(rows) if _misses(objective, row)][:SHOWN]


def _misses(objective: Objective, row: Observation) -> bool:
    indicator = objective.indicator
    if isinstance(indicator, Scored):
        return row.value is not None and not requirement_of(indicator).met_by(row.value)
    return row.labelled > 0


def row_of(row: Observation) -> Facts:
    """One word of a feed: which metric of which tool, value, the tool's own threshold and samples;
    or how many predictions were wrong."""
    wrong = None if row.tp is None else (row.fp or 0.0) + (row.fn or 0.0)
    return {
        "end": row.end,
        "version": row.version,
        "tool": row.tool,
        "metric": row.metric,
        "value": row.value,
        "figure": "" if row.value is None else f"{row.value:.4g}",
        "threshold": row.threshold,
        "limit": "" if row.threshold is None else f"{row.threshold:.4g}",
        "n": row.n if wrong is None else row.labelled,
        "wrong": wrong,
    }


def task_facts(catalog: Catalog, task: Task) -> Facts:
    """What `retrain` says, and a row of `tasks`. `pipeline`: whether a webhook can start it."""
    said: dict[str, Any] = {**_EMPTY, **task.evidence}
    scope = Scope(Reach.SERVICE, task.service)
    hooks = catalog.outside.hooks.values()
    return {
        **said,
        "task": task.id,
        "service": task.service,
        "objective": task.objective,
        "word": catalog.word(scope),
        "owner": task.owner,
        "owner_name": task.owner_name,
        "taken": epoch(task.taken_at),
        "opened": epoch(task.opened_at),
        "recovering": epoch(task.recovering_since),
        "closed": epoch(task.closed_at),
        "request": task.request,
        "pipeline": any(Topic.RETRAIN in hook.topics for hook in hooks),
    }


_EMPTY: Facts = {
    "title": "", "severity": "", "verdict": "", "left": None, "exhausts_in": None,
    "exhausts_over": None, "burn_long": None, "bad": 0.0, "eligible": 0.0, "sli": None,
    "target": 0.0, "window": "", "reasons": [], "drift": False, "required": "", "feed": "",
    "rows": [],
}  # fmt: skip


def refresh(books: Books, catalog: Catalog, ops: str, task: Task, now: datetime) -> None:
    """Bring its message up to date; nobody is told."""
    tell(books, catalog, ops, task, Act.EDIT, "retrain", "edit", now)


def tell(
    books: Books,
    catalog: Catalog,
    ops: str,
    task: Task,
    act: Act,
    template: str,
    mark: str,
    now: datetime,
    more: Facts | None = None,
) -> None:
    """Where its team listens; nowhere, if nobody has a channel. `mark` makes the key unique."""
    channel = channel_of(catalog, task.service, ops)
    if channel:
        topic, facts = topic_of(task.id), {**task_facts(catalog, task), **(more or {})}
        key = f"{topic}:{mark}"
        books.outbox.put(Outgoing(key, channel, topic, act, template, facts), now)


def left_now(verdict: Verdict) -> float | None:
    """What is left of the budget, as a share."""
    return number(verdict.left)
