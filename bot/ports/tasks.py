"""Tasks that budgets ask for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.decide.task import Task


class Tasks(Protocol):
    """Retrainings, open and closed. At most one of an objective is open."""

    def open(self, task: Task) -> Task | None:
        """Stored, with its id (the given id is ignored); None if one of its objective is open."""
        ...

    def get(self, task: int) -> Task | None: ...

    def currents(self, objectives: Sequence[str]) -> dict[str, Task]:
        """The open ones of these objectives, by objective."""
        ...

    def standing(self) -> list[Task]:
        """All that are open, oldest first."""
        ...

    def take(self, task: int, owner: str, name: str, now: datetime) -> bool:
        """It is theirs from now on, whoever had it; False if it is closed, or theirs by their own
        word already."""
        ...

    def recovering(self, task: int, since: datetime | None) -> None:
        """Since when its budget has been healthy; None: it is not."""
        ...

    def remind(self, task: int, now: datetime, heard: datetime | None) -> bool:
        """Its owner is reminded now; False if that has changed since `heard` (the last time as the
        caller knows it), or it is closed: somebody else was faster."""
        ...

    def ask(self, task: int, request: int) -> None:
        """This request is to start its pipeline."""
        ...

    def close(self, task: int, now: datetime) -> bool:
        """False if it was closed already."""
        ...
