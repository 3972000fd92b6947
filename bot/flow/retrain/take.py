"""Somebody says that a task is theirs, or asks for its pipeline to be started."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Origin
from bot.decide.outside import Topic
from bot.decide.people import Actor
from bot.decide.quorum import needs_words
from bot.decide.scope import Reach, Scope
from bot.decide.task import Task
from bot.errors import UserError
from bot.flow.announce import announce_request
from bot.flow.ask.asking import check_channel, groups_of_asker
from bot.flow.facts import Facts
from bot.flow.once import once_only
from bot.flow.retrain.card import refresh
from bot.ports import Books, Clock, Directory, Record

_LIST = "/budget tasks"


@dataclass(frozen=True)
class TakeTask:
    """The flow behind the two buttons. `directory` is asked live."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops: str

    def take(self, number: int, who: Actor, once: str = "") -> str:
        """It is theirs; a sentence for them. Raises UserError; Repeated for a click that was acted
        upon."""
        catalog = self.catalog()
        self._known_person(catalog, number, who)

        def work(books: Books) -> str:
            books.history.hold()
            now = self.clock.now()
            task = _open_task(books, number)
            if not books.tasks.take(number, who.id, who.name, now):
                raise UserError("It is yours already.", _LIST)
            mine = replace(task, owner=who.id, owner_name=who.name, taken_at=now)
            evidence: Facts = {"task": number, "instead_of": task.owner}
            self._note(books, catalog, mine, Event.RETRAIN_TAKEN, who, evidence, now)
            refresh(books, catalog, self.ops, mine, now)
            return (
                f"The retraining of {task.service} is yours. You hear of it once a day, in working"
                " hours, until its budget has recovered; it closes by itself then."
            )

        return self.record.write(once_only(once, self.clock, work))

    def start(self, number: int, who: Actor, once: str = "") -> str:
        """Put the start of the pipeline before others. Raises UserError, Repeated."""
        catalog = self.catalog()
        task = self._known_person(catalog, number, who)
        if not any(Topic.RETRAIN in hook.topics for hook in catalog.outside.hooks.values()):
            sentence = "No Webhook of the specs is told of `retrain`, so nothing could be started."
            raise UserError(sentence, "start the pipeline by hand, or add a Webhook to the specs")
        check_channel(catalog, Scope(Reach.SERVICE, task.service), self.ops)

        def work(books: Books) -> str:
            books.history.hold()
            now = self.clock.now()
            current = _open_task(books, number)
            known = books.requests.get(current.request) if current.request else None
            if known is not None and known.state(now) is RequestState.PENDING:
                sentence = f"That is asked already (request {known.id}); it waits for its approval."
                raise UserError(sentence, "its message names those who decide")
            request = _request(books, catalog, current, who, now)
            books.tasks.ask(number, request.id)
            needed = needs_words(request.quorum.needs)
            evidence: Facts = {"task": number, "request": request.id, "needed": needed}
            self._note(books, catalog, current, Event.RETRAIN_REQUESTED, who, evidence, now)
            announce_request(books, catalog, self.ops, request, [], now)
            refresh(books, catalog, self.ops, replace(current, request=request.id), now)
            return (
                f"Asked to start the retraining of {task.service} (request {request.id}). Somebody"
                " else approves; then the webhook is told."
            )

        return self.record.write(once_only(once, self.clock, work))

    def _known_person(self, catalog: Catalog, number: int, who: Actor) -> Task:
        """The task, once it is sure that they are no outsider."""
        task = self.record.read(lambda books: _open_task(books, number))
        groups_of_asker(self.directory, catalog, Scope(Reach.SERVICE, task.service), who, ())
        return task

    def _note(
        self,
        books: Books,
        catalog: Catalog,
        task: Task,
        event: Event,
        who: Actor,
        evidence: Facts,
        now: datetime,
    ) -> None:
        scope = Scope(Reach.SERVICE, task.service)
        policy = catalog.policy_for(scope).version
        reason = f"retraining of {task.service}, for {task.objective}"
        books.history.append(
            Decision(
                event, now, catalog.known(who), str(scope), reason, evidence, policy,
                task.objective,
            )
        )  # fmt: skip


def _open_task(books: Books, number: int) -> Task:
    task = books.tasks.get(number)
    if task is None:
        raise UserError("I do not know this task any more.", _LIST)
    if task.closed_at is not None:
        raise UserError("This task is closed: its budget has recovered.", _LIST)
    return task


def _request(books: Books, catalog: Catalog, task: Task, who: Actor, now: datetime) -> Request:
    scope = Scope(Reach.SERVICE, task.service)
    approvals = catalog.policy_for(scope).approvals
    title = str(task.evidence.get("title") or task.objective)
    reason = f"the budget of “{title}” burns (task {task.id})"
    facts: Facts = {"task": task.id, "objective": task.objective, "service": task.service}
    return books.requests.add(
        Request(
            0, Wish.RETRAIN, scope, reason, who, Origin.MANUAL, approvals.retrain, now,
            now + timedelta(seconds=approvals.expires), evidence=facts,
        )
    )  # fmt: skip


def carry_out(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    evidence: Facts,
    now: datetime,
) -> None:
    """People have agreed: webhooks follow the history."""
    said = dict(request.evidence)
    task = books.tasks.get(int(said["task"]))
    grounds = dict(task.evidence) if task is not None else {}
    facts = {**evidence, **said, "said": grounds}
    policy = catalog.policy_for(request.scope).version
    books.history.append(
        Decision(
            Event.RETRAIN_GRANTED, now, votes[-1].voter, str(request.scope), request.reason, facts,
            policy, str(said["objective"]),
        )
    )  # fmt: skip
