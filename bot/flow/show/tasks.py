"""Open tasks. Nothing is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.task import Task
from bot.flow.facts import Facts, scope_words
from bot.flow.retrain.card import task_facts
from bot.ports import Books, Clock, Record

SHOWN = 10
"""Tasks in one message."""


@dataclass(frozen=True)
class ListTasks:
    """The flow behind /budget tasks and `burnban tasks`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def rows(self, word: str = "all") -> list[Facts]:
        """Oldest first: what `burnban tasks --json` prints. `now`: what was said of the budget
        last; none: nothing yet. Raises UserError for a word that means no scope."""
        catalog = self.catalog()
        scope = catalog.scope(word)

        def read(books: Books) -> list[Facts]:
            tasks = [one for one in books.tasks.standing() if catalog.covers(scope, one.service)]
            stands = standing_now(books, catalog, tasks)
            return [{**task_facts(catalog, one), "now": stands.get(one.objective)} for one in tasks]

        return self.record.read(read)

    def listing(self, word: str = "all") -> Facts:
        """The facts of `tasks`."""
        catalog = self.catalog()
        rows, scope = self.rows(word), catalog.scope(word)
        return {
            "rows": rows[:SHOWN],
            "hidden": max(0, len(rows) - SHOWN),
            "filter": catalog.word(scope),
            "about": scope_words(scope),
        }


def standing_now(books: Books, catalog: Catalog, tasks: Sequence[Task]) -> dict[str, str]:
    """What was said last of the budgets of these tasks, by objective; those that have left the
    specs are missing."""
    known = {one.id for one in catalog.objectives}
    names = [one.objective for one in tasks if one.objective in known]
    found = books.standings.get(names) if names else {}
    return {name: str(one.kind) for name, one in found.items() if one.kind is not None}
