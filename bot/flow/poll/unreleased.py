"""Versions that feeds speak of and nobody ever released."""

from collections.abc import Iterator, Sequence

from bot.decide.catalog import Catalog
from bot.judge.indicator import feed_of
from bot.judge.observation import Observation, Wrong
from bot.ports import Books


def unreleased(
    books: Books, catalog: Catalog, feed: str, rows: Sequence[tuple[int, Observation]]
) -> Iterator[tuple[int, Wrong]]:
    """Unless the source wants released ones only, what is said of no version is believed, and of
    any from before the journal of releases began: late labels speak of what is older than it."""
    fed = [one for one in catalog.objectives if feed_of(one.indicator) == feed]
    asked = {catalog.sources[one.source].versions for one in fed if one.source in catalog.sources}
    strict = "released" in asked
    if not strict and "known" not in asked:
        return
    services = sorted({one.service for one in fed})
    begun = _begun(books, services)
    if begun is None and not strict:
        return
    before = 0.0 if strict or begun is None else begun
    named = sorted({row.version for _, row in rows})
    known = {told for one in services for told in books.journal.knows(one, named)}
    if not strict:
        known.add("")
    for index, row in rows:
        if row.version not in known and row.end > before:
            yield index, Wrong("version", _rule(services[0], row.version))


def _begun(books: Books, services: Sequence[str]) -> float | None:
    told = [found for one in services if (found := books.journal.began(one)) is not None]
    return min(told).timestamp() if told else None


def _rule(service: str, version: str) -> str:
    tell = f"burnban released {service} {version or 'VERSION'}"
    said = f"{version or '(none)'} was never released, as far as is known"
    return f"{said}: tell of it first ({tell}), or say `versions: any` in the DataSource"
