"""Observations by a statement of SQL: labels live in warehouses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.judge.observation import Observation
from bot.measure.credentials import Secrets
from bot.measure.places.asking import TIMEOUT, Asking
from bot.measure.places.database import Database
from bot.measure.places.row import observations
from bot.ports import Fetched

MOST = 10_000
"""Rows of one feed."""


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
        most = int(details.get("maxRows", MOST))
        self._database = Database(details["urlEnv"], secrets, monotonic, most)
        self._asking = Asking(name, monotonic, float(details.get("timeout", TIMEOUT)))

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        """One answer per feed, in order."""

        def read(feed: str, deadline: float) -> tuple[Observation, ...]:
            values = self._values(since, until)
            found = self._database.ask(str(self._feeds[feed]["query"]), values, deadline)
            return observations(found.columns, found.rows, self._zone, since, until)

        return self._asking.each(feeds, self._feeds, read)

    def check(self) -> str:
        """Asks the simplest of questions. Raises SourceError."""
        self._asking.once(lambda deadline: self._database.ask("SELECT 1", {}, deadline))
        count = len(self._feeds)
        feeds = "1 feed is" if count == 1 else f"{count} feeds are"
        return f"{self.name}: the database answers, {feeds} read from it"

    def close(self) -> None:
        """Close what is open."""
        self._database.close()

    def _values(self, since: int, until: int) -> dict[str, object]:
        instants = {"since": since, "until": until}
        found = {name: self._database.bound(at, self._zone) for name, at in instants.items()}
        return found | {f"{name}_epoch": at for name, at in instants.items()}
