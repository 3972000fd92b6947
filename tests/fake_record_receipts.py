"""The receipts in memory."""

from collections.abc import Collection
from datetime import datetime

from tests.fake_record_state import State


class MemoryReceipts:
    """Satisfies Receipts."""

    def __init__(self, state: State) -> None:
        self._state = state

    def first_time(self, key: str, now: datetime) -> bool:
        """Once a key."""
        self._state.write()
        if key in self._state.receipts:
            return False
        self._state.receipts[key] = now
        return True

    def first_times(self, keys: Collection[str], now: datetime) -> set[str]:
        """One after the other."""
        return {key for key in keys if self.first_time(key, now)}

    def forget(self, before: datetime) -> int:
        """The old ones."""
        self._state.write()
        old = [key for key, at in self._state.receipts.items() if at < before]
        for key in old:
            del self._state.receipts[key]
        return len(old)
