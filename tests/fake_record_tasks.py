"""Tasks in memory."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.decide.task import Task
from tests.fake_record_state import State, stored


class MemoryTasks:
    """Satisfies Tasks."""

    def __init__(self, state: State) -> None:
        self._state = state

    def open(self, task: Task) -> Task | None:
        """None if one of its objective is open."""
        self._state.write()
        if self.currents([task.objective]):
            return None
        evidence = json.loads(json.dumps(dict(task.evidence), allow_nan=False))
        new = stored(replace(task, id=len(self._state.tasks) + 1, evidence=evidence))
        self._state.tasks[new.id] = new
        return new

    def get(self, task: int) -> Task | None:
        """By id."""
        return self._state.tasks.get(task)

    def currents(self, objectives: Sequence[str]) -> dict[str, Task]:
        """The open ones."""
        return {one.objective: one for one in self.standing() if one.objective in objectives}

    def standing(self) -> list[Task]:
        """Oldest first."""
        return [one for one in self._state.tasks.values() if one.closed_at is None]

    def take(self, task: int, owner: str, name: str, now: datetime) -> bool:
        """False if it is closed or theirs."""
        known = self._state.tasks.get(task)
        if known is not None and known.owner == owner and known.taken_at is not None:
            return False
        return self._change(task, owner=owner, owner_name=name, taken_at=now)

    def recovering(self, task: int, since: datetime | None) -> None:
        """None: it is not."""
        self._change(task, recovering_since=since)

    def remind(self, task: int, now: datetime, heard: datetime | None) -> bool:
        """False if somebody else was faster."""
        known = self._state.tasks.get(task)
        return (
            known is not None and known.reminded_at == heard and self._change(task, reminded_at=now)
        )

    def ask(self, task: int, request: int) -> None:
        """The newest counts."""
        self._change(task, request=request)

    def close(self, task: int, now: datetime) -> bool:
        """The first time counts."""
        return self._change(task, closed_at=now)

    def _change(self, task: int, **what: Any) -> bool:
        self._state.write()
        known = self._state.tasks.get(task)
        if known is None or known.closed_at is not None:
            return False
        self._state.tasks[task] = stored(replace(known, **what))
        return True
