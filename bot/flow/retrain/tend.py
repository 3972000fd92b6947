"""A budget of quality or drift that burns opens a task; one that has recovered closes it. Never a
page: a model that has aged waits until morning."""

from dataclasses import replace

from bot.decide.decision import Event
from bot.decide.task import Task, Turn, dwell_of, retrains, turn
from bot.flow.facts import epoch
from bot.flow.poll.case import Case
from bot.flow.retrain.card import evidence_of, left_now, refresh, tell
from bot.ports import Act


def tend(case: Case) -> None:
    """One look, in the transaction of the poll."""
    if not retrains(case.objective):
        return
    task = case.books.tasks.currents([case.objective.id]).get(case.objective.id)
    dwell = dwell_of(case.objective, case.policy.thaw.dwell)
    found = turn(task, case.verdict.kind, case.now, dwell)
    if found is not Turn.STAY:
        case.books.history.hold()  # before the task, as whoever takes it does
    match found:
        case Turn.OPEN:
            _open(case)
        case Turn.RECOVER:
            _recovering(case, task, since=True)
        case Turn.RELAPSE:
            _recovering(case, task, since=False)
        case Turn.CLOSE:
            _close(case, task)
        case Turn.STAY:
            pass


def _open(case: Case) -> None:
    team = case.told.catalog.team_of(case.objective.service)
    fresh = Task(
        0,
        case.objective.id,
        case.objective.service,
        case.now,
        evidence_of(case.books, case.objective, case.verdict),
        team.owner if team is not None else "",
    )
    task = case.books.tasks.open(fresh)
    if task is None:
        return
    why = "; ".join(reason.text for reason in case.verdict.reasons)
    more = {"task": task.id, "owner": task.owner, "said": dict(task.evidence)}
    case.note(Event.RETRAIN_OPENED, why, more)
    tell(case.books, case.told.catalog, case.told.ops, task, Act.POST, "retrain", "open", case.now)


def _recovering(case: Case, task: Task | None, *, since: bool) -> None:
    if task is None:
        return
    at = case.now if since else None
    case.books.tasks.recovering(task.id, at)
    known = replace(task, recovering_since=at)
    refresh(case.books, case.told.catalog, case.told.ops, known, case.now)


def _close(case: Case, task: Task | None) -> None:
    if task is None or not case.books.tasks.close(task.id, case.now):
        return
    closed = replace(task, closed_at=case.now)
    took = int((case.now - task.opened_at).total_seconds())
    more = {"task": task.id, "owner": task.owner, "seconds": took}
    case.note(Event.RETRAIN_CLOSED, "the budget has recovered and stayed so", more)
    catalog, ops = case.told.catalog, case.told.ops
    refresh(case.books, catalog, ops, closed, case.now)
    said = {"news": "closed", "at": epoch(case.now), "left": left_now(case.verdict)}
    tell(case.books, catalog, ops, closed, Act.REPLY, "retrain_news", "closed", case.now, said)
