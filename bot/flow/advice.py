"""What a trade-off says of a release that is about to be decided: advice, never the decision."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.errors import RecordError
from bot.flow.facts import Facts
from bot.flow.show.tradeoff import serving_of, weighed_facts
from bot.flow.weighing import weighing
from bot.judge.stake import Ruling
from bot.judge.version import tells_versions
from bot.ports import Books, Clock, Record

KEEP = timedelta(seconds=60)
"""For so long an advice is given again as it was."""
_MOST = 1_000


def advice(
    books: Books, catalog: Catalog, service: str, version: str, now: datetime
) -> Facts | None:
    """`ruling` (`accept`, `reject`, `hold`; `reject` also where it is to be rolled back), `text`,
    `missing` (the side that nothing tells of, or empty), `beside` (the version that it was measured
    against). None where nothing was measured."""
    mine = [one for one in catalog.objectives if one.service == service]
    if not version or not any(map(tells_versions, mine)):
        return None
    weighed = weighing(books, catalog, service, version, now)
    # The same as the canary's card beside it: nobody is told to accept what is to go back.
    serving = serving_of(books, catalog, weighed, now)
    found = weighed_facts(weighed, back=serving["back"])
    if found["ruling"] == "unknown":
        return None
    fails = serving["fails"]
    if serving["back"]:
        found["ruling"] = str(Ruling.REJECT)
    elif fails is not None:
        found["text"] += f" It fails more than {fails['to']}: the evidence is {fails['odds']}."
    return {name: found[name] for name in ("ruling", "text", "missing", "beside")}


class Advising:
    """The same for whoever asks often; it never stands in the way of an answer."""

    def __init__(self, record: Record, clock: Clock, catalog: Callable[[], Catalog]) -> None:
        self._record, self._clock, self._catalog = record, clock, catalog
        self._known: dict[tuple[str, str], tuple[Facts | None, datetime]] = {}
        self._measured: tuple[Catalog, frozenset[str]] | None = None

    def of(self, service: str, version: str) -> Facts | None:
        """At most a minute old; None where nothing was measured, or the database does not say."""
        catalog = self._catalog()
        if not version or not self.measures(service):
            return None  # without a journey to the database: most services measure no versions
        now, key = self._clock.now(), (service, version)
        kept = self._known.get(key)
        if kept is not None and now < kept[1]:
            return kept[0]
        try:
            found = self._record.read(lambda b: advice(b, catalog, service, version, now))
        except RecordError:
            return None
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = found, now + KEEP
        return found

    def measures(self, service: str) -> bool:
        """Whether some objective of it tells versions apart; looked up once for each loading of the
        specs."""
        kept, catalog = self._measured, self._catalog()
        if kept is None or kept[0] is not catalog:
            told = (one.service for one in catalog.objectives if tells_versions(one))
            self._measured = kept = catalog, frozenset(told)
        return service in kept[1]
