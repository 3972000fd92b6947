"""Freezes of schedules in memory."""

from dataclasses import replace
from datetime import datetime

from bot.decide.freeze import Freeze, Origin
from bot.ports import Coming, Tenure, Told
from tests.fake_record_state import State, stored


class MemorySchedules:
    """Satisfies Schedules."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, freeze: Freeze) -> Freeze | None:
        """Once an occurrence."""
        self._state.write()
        if freeze.occurrence is not None and any(
            _key(known) == _key(freeze) for known in self._state.freezes.values()
        ):
            return None
        new = stored(replace(freeze, id=len(self._state.freezes) + 1))
        self._state.freezes[new.id] = new
        return new

    def withdraw(self, freeze: int, now: datetime) -> bool:
        """Only what has not begun."""
        self._state.write()
        known = self._state.freezes.get(freeze)
        if known is None or known.lifted_at is not None or known.starts_at <= now:
            return False
        gone = replace(known, lifted_at=now, occurrence=None)
        self._state.freezes[freeze] = stored(gone)
        return True

    def coming(self, now: datetime, until: datetime) -> list[Coming]:
        """Untold, in order."""
        return [
            Coming(freeze, self._state.told.get(freeze.id) == "noticed")
            for freeze in self._state.freezes.values()
            if freeze.origin is Origin.SCHEDULE
            and self._state.told.get(freeze.id) != "announced"
            and freeze.lifted_at is None
            and freeze.starts_at <= until
            and (freeze.ends_at is None or freeze.ends_at > now)
        ]

    def noticed(self, freeze: int) -> None:
        """Its coming."""
        self._state.write()
        self._state.told[freeze] = "noticed"

    def announced(self, freeze: int) -> None:
        """Its beginning."""
        self._state.write()
        self._state.told[freeze] = "announced"

    def told(self, freeze: int) -> Told:
        """As far as people know."""
        known = self._state.freezes.get(freeze)
        if known is None:
            return Told.NOTHING
        if known.origin is not Origin.SCHEDULE:
            return Told.BEGUN
        stages = {"noticed": Told.COMING, "announced": Told.BEGUN}
        return stages.get(self._state.told.get(freeze, ""), Told.NOTHING)

    def tenure(self) -> Tenure | None:
        """Whose it is."""
        return self._state.tenure.get(1)

    def hold(self, version: str, now: datetime) -> None:
        """From now on."""
        self._state.write()
        self._state.tenure[1] = stored(Tenure(version, now))


def _key(freeze: Freeze) -> tuple[str, datetime | None, str]:
    return freeze.schedule, freeze.occurrence, str(freeze.scope)
