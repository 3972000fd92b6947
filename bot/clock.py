"""The one place that reads the clock."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)


class FastClock:
    """A replayed day: stands at `start` until it is begun, then runs `speed` times as fast as the
    machine's clock, and stops at `end`."""

    def __init__(self, start: datetime, speed: float, end: datetime) -> None:
        self._start = start
        self._speed = speed
        self._end = end
        self._began: float | None = None

    def begin(self) -> None:
        """Let it run."""
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Now in the replayed day."""
        if self._began is None:
            return self._start
        passed = (time.monotonic() - self._began) * self._speed
        return min(self._end, self._start + timedelta(seconds=passed))


def seconds() -> float:
    """Seconds since 1970: for signatures and timestamps that outside protocols define so."""
    return time.time()


def monotonic() -> float:
    """Seconds that never jump: for deadlines and leases held in memory."""
    return time.monotonic()
