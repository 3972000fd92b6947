"""Estimates of the same without labels: the feed, and the DataSource that it lies in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.decide.catalog import SourceSpec
from bot.spec.metric import Sources
from bot.spec.nodes import Table
from bot.spec.spot import Spot, nearest, record
from bot.spec.values import name, text


@dataclass(frozen=True, slots=True)
class Estimated:
    """A feed of estimates."""

    feed: str
    source: str = ""
    """Empty: where the labels lie."""
    at: Spot | None = None
    """Where the feed is named."""


def estimated(sources: Sources) -> Callable[[Spot], Estimated | None]:
    """Reads `ranker-cbpe`, or `{feed: ranker-cbpe, source: monitoring}`."""

    def read(spot: Spot) -> Estimated | None:
        if not isinstance(spot.node, Table):
            feed = name(spot)
            return None if feed is None else Estimated(feed, at=spot)
        found = record(spot, "feed", "source")
        if found is None:
            return None
        feed = found.need("feed", name, "feed: my-estimates")
        at = found.need("source", named(sources), "source: my-monitoring")
        if feed is None or at is None:
            return None
        return Estimated(feed, at.name, found.get("feed"))

    return read


def named(sources: Sources) -> Callable[[Spot], SourceSpec | None]:
    """Reads the name of a DataSource that has feeds."""

    def read(spot: Spot) -> SourceSpec | None:
        if sources.index.refer("DataSource", spot) is None:
            return None
        found = sources.by_name.get(text(spot) or "")
        if found is not None and not found.fed:
            spot.fault(f"The DataSource `{found.name}` has no feeds.", "Name one of type push.")
            return None
        return found

    return read


def declared(found: Estimated, source: SourceSpec) -> bool:
    """Whether a DataSource that declares its feeds has this one; a fault if not. Others are pushed
    to, whatever comes."""
    feeds = source.details.get("feeds")
    if not isinstance(feeds, Mapping) or found.feed in feeds or found.at is None:
        return True
    hint = nearest(found.feed, feeds) or f"Add it to the feeds of {source.name}."
    elsewhere = "If it lies in another one, write estimate: {feed: …, source: …}."
    found.at.fault(
        f"The DataSource `{source.name}` has no feed `{found.feed}`.", f"{hint} {elsewhere}"
    )
    return False
