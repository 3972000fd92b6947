"""The one place that reads the clock."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)


class FastClock:
    """A replayed day: starts at `start` and runs `speed` times as fast as the machine's clock."""

    def __init__(self, start: datetime, speed: float) -> None:
        self._start = start
        self._speed = speed
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Now in the replayed day."""
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)


def seconds() -> float:
    """Seconds since 1970: for signatures and timestamps that outside protocols define so."""
    return time.time()


def monotonic() -> float:
    """Seconds that never jump: for deadlines and leases held in memory."""
    return time.monotonic()
