"""Open tasks are brought to mind once a day, in the working hours of whoever has them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.decide.scope import Reach, Scope
from bot.decide.task import Task, remindable
from bot.errors import DeliveryError
from bot.flow.facts import Facts
from bot.flow.retrain.card import refresh, tell
from bot.flow.show.tasks import standing_now
from bot.ports import Act, Books, Clock, Directory, Record

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RemindTasks:
    """The flow of the ticker. `zone`: the IANA zone in which a team without an owner is thought to
    work, and an owner of whom Slack does not say; `shown`: who is who, perhaps minutes ago."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    shown: Directory
    ops: str
    zone: str

    def run(self) -> int:
        """How many were reminded, by this replica."""
        now, known = self.clock.now(), {one.id for one in self.catalog().objectives}
        tasks = self.record.read(lambda books: books.tasks.standing())
        for task in tasks:
            if task.objective not in known:
                self._leave(task)
        mine = [one for one in tasks if one.objective in known]
        return sum(self._remind(one, now) for one in mine if remindable(one, now, self._zone(one)))

    def _leave(self, task: Task) -> None:
        """Nobody judges its budget any more: nothing could ever close it."""

        def work(books: Books) -> None:
            books.history.hold()
            now = self.clock.now()
            if not books.tasks.close(task.id, now):
                return
            reason = f"{task.objective} has left the specs"
            scope = str(Scope(Reach.SERVICE, task.service))
            evidence: Facts = {"task": task.id, "owner": task.owner}
            books.history.append(
                Decision(
                    Event.RETRAIN_CLOSED, now, BURNBAN, scope, reason, evidence, "", task.objective
                )
            )
            closed = replace(task, closed_at=now)
            refresh(books, self.catalog(), self.ops, closed, now)

        self.record.write(work)

    def _zone(self, task: Task) -> str:
        if not task.owner:
            return self.zone
        try:
            return self.shown.person(task.owner).zone or self.zone
        except DeliveryError as error:
            log.warning("where the owner of task %d works is not known: %s", task.id, error)
            return self.zone

    def _remind(self, task: Task, now: datetime) -> bool:
        def work(books: Books) -> bool:
            if not books.tasks.remind(task.id, now, task.reminded_at):
                return False
            catalog = self.catalog()
            more: Facts = {
                "news": "reminder",
                "days": max(1, (now - task.opened_at).days),
                "now": standing_now(books, catalog, [task]).get(task.objective),
            }
            mark = f"reminder:{now:%F}"
            tell(books, catalog, self.ops, task, Act.REPLY, "retrain_news", mark, now, more)
            return True

        return self.record.write(work)
