"""Observations by a statement of SQL: labels live in warehouses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.measure.credentials import Secrets
from bot.measure.places.database import Database
from bot.measure.places.patience import Patient
from bot.measure.places.row import Unfit, observations
from bot.ports import Fetched

T = TypeVar("T")
TIMEOUT = 20
MOST = 10_000
"""Seconds for all feeds of one fetch; rows of one feed."""
_GRACE = 2.0
"""Seconds by which we wait longer than the database was told to take."""


class SqlPlace:
    """Satisfies Place. Every feed has a statement with the bound values `since` and `until`."""

    def __init__(
        self,
        name: str,
        details: Mapping[str, Any],
        secrets: Secrets,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self._feeds: Mapping[str, Mapping[str, Any]] = details["feeds"]
        self._zone = ZoneInfo(details["timeZone"]) if "timeZone" in details else None
        self._timeout = float(details.get("timeout", TIMEOUT))
        most = int(details.get("maxRows", MOST))
        self._database = Database(details["urlEnv"], secrets, monotonic, most)
        self._monotonic = monotonic
        self._patient = Patient(name)

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        """One answer per feed, in order."""
        deadline = self._monotonic() + self._timeout
        return [self._fetched(feed, since, until, deadline) for feed in feeds]

    def check(self) -> str:
        """Asks the simplest of questions. Raises SourceError."""
        deadline = self._monotonic() + self._timeout
        self._within(lambda: self._database.ask("SELECT 1", {}, deadline), deadline)
        return f"{self.name}: the database answers, {len(self._feeds)} feeds are read from it"

    def close(self) -> None:
        """Close what is open."""
        self._database.close()

    def _fetched(self, feed: str, since: int, until: int, deadline: float) -> Fetched:
        if feed not in self._feeds:
            return Fetched(feed, fault=f"{self.name} has no feed {feed}: add it to its feeds")
        statement = str(self._feeds[feed]["query"])

        def work() -> Fetched:
            values = self._values(since, until)
            found = self._database.ask(statement, values, deadline)
            rows = observations(found.columns, found.rows, self._zone, since, until)
            return Fetched(feed, rows)

        try:
            return self._within(work, deadline)
        except Unfit as error:
            return Fetched(feed, fault=f"{self.name} gave what is no observation: {error}")
        except SourceError as error:
            return Fetched(feed, fault=f"{self.name} {error}")

    def _within(self, work: Callable[[], T], deadline: float) -> T:
        return self._patient.run(work, max(0.0, deadline - self._monotonic()) + _GRACE)

    def _values(self, since: int, until: int) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, at in (("since", since), ("until", until)):
            found[f"{name}_epoch"] = at
            instant = datetime.fromtimestamp(at, self._zone or UTC)
            if self._database.instants_as_text:
                found[name] = f"{instant:%Y-%m-%d %H:%M:%S}"
            else:
                found[name] = instant.replace(tzinfo=None) if self._zone else instant
        return found
