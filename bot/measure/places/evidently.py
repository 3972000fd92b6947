"""Reports of Evidently: files in a folder, or what a web server gives."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from typing import Any
from zoneinfo import ZoneInfo

from bot.judge.observation import Observation
from bot.measure.places.asking import Asking
from bot.measure.places.documents import Documents, Named
from bot.measure.places.evidently_results import Result, read
from bot.measure.places.evidently_scores import scores
from bot.measure.places.row import sound
from bot.ports import Fetched


class EvidentlyPlace:
    """Satisfies Place. Every report is one score for the time before it."""

    def __init__(
        self, name: str, details: Mapping[str, Any], documents: Documents, asking: Asking
    ) -> None:
        self.name = name
        self._feeds: Mapping[str, Mapping[str, Any]] = details["feeds"]
        self._zone = ZoneInfo(details["timeZone"]) if "timeZone" in details else None
        self._documents = documents
        self._asking = asking

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        """One answer per feed, in order. Of two reports of one instant the last by name counts."""
        listed: list[list[Named]] = []
        known: dict[str, Result] = {}

        def rows(feed: str, deadline: float) -> tuple[Observation, ...]:
            wanted = self._feeds[feed]
            if not listed:
                listed.append(self._documents.since(since, deadline))
            results = _named(wanted, listed[0], known)
            found = scores(wanted, results, self._zone, since, until)
            kept = {one.key: one for one in found}
            for one in kept.values():
                sound(one, until)
            return tuple(kept[key] for key in sorted(kept, key=lambda k: (k[1], k[0], k[2])))

        return self._asking.each(feeds, self._feeds, rows)

    def check(self) -> str:
        """Whether the folder or the server is there. Raises SourceError."""
        count = len(self._asking.once(lambda deadline: self._documents.since(0, deadline)))
        return f"{self.name}: {'1 result is' if count == 1 else f'{count:,} results are'} there"

    def close(self) -> None:
        """Close what is open."""
        self._documents.close()


def _named(
    wanted: Mapping[str, Any], documents: Sequence[Named], known: dict[str, Result]
) -> Iterator[tuple[str, Result]]:
    """The results whose file or own name is as wanted; each is read once. Raises Unfit."""
    pattern = str(wanted.get("name", "*"))
    for name, load in documents:
        fits = fnmatch(name, pattern)
        if not fits and set("*?[/") & set(pattern):
            continue  # it speaks of files: others need not be read
        if name not in known:
            known[name] = read(load(), name)
        if fits or known[name].name == pattern:
            yield name, known[name]
