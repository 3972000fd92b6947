"""Whether anything is counted at all: a query that finds no series looks sound everywhere else."""

from collections.abc import Iterator

from bot import record
from bot.clock import SystemClock
from bot.config import Settings
from bot.decide.catalog import Catalog
from bot.errors import BurnbanError
from bot.judge.dates import instant
from bot.judge.indicator import (
    Indicator,
    Ratio,
    Recorded,
    Threshold,
    Throughput,
    feed_of,
)
from bot.judge.objective import Objective
from bot.judge.refusals import Refusals
from bot.notify.checkup import Check

_MOST = 10
"""Lines; the rest is counted."""


def check_counts(settings: Settings, catalog: Catalog) -> Iterator[Check]:
    """One line for each objective of which no poll has ever found anything, and for each feed of
    which rows are refused. Says nothing before the first poll, or of a database that cannot be
    read: others say that."""
    url = settings.database_url.get_secret_value()
    try:
        silent, refused = ([], []) if record.pending(url) else _looked(url, catalog)
    except BurnbanError:
        return
    for spell in refused[:_MOST]:
        since = instant(spell.since)
        text = f"since {since} {spell.sentence}. Mend them in {_where(catalog, spell.feed)}"
        yield Check(f"rows of {spell.feed}", False, text)
    for one in silent[:_MOST]:
        look = f"see whether {_what(one.indicator)} is there in {one.source}"
        text = f"none by any poll so far: {look}. Once it is: `burnban poll --once`"
        yield Check(f"counts of {one.id}", False, text)
    if len(silent) > _MOST:
        yield Check("counts", False, f"none of {len(silent) - _MOST} more either")


def _what(indicator: Indicator) -> str:
    """Without which nothing is counted, in the words of the source."""
    match indicator:
        case Ratio(total):
            return f"`{total}`"
        case Throughput(served):
            return f"`{served}`"
        case Threshold(query):
            return f"`{query}`"
        case Recorded(series):
            return series
        case _:
            return f"the feed {feed_of(indicator)}"


def _where(catalog: Catalog, feed: str) -> str:
    """The sources that it comes from."""
    theirs = [one for one in catalog.objectives if feed in one.feeds]
    sources = {source for one in theirs for source in (one.source, one.estimate_source)}
    return ", ".join(sorted(s for s in sources if any(feed in one.feeds_in(s) for one in theirs)))


def _looked(url: str, catalog: Catalog) -> tuple[list[Objective], list[Refusals]]:
    names = [objective.id for objective in catalog.objectives]
    feeds = {feed for objective in catalog.objectives for feed in objective.feeds}
    now = int(SystemClock().now().timestamp())
    with record.Database(url) as database:
        accounts = database.read(lambda books: books.ledger.accounts(names))
        refused = database.read(lambda books: books.observations.refused(feeds))
    silent = [
        one
        for one in catalog.objectives
        if (account := accounts.get(one.id)) is not None
        and account.read_until is not None
        and account.seen_until is None
    ]
    return silent, [spell for spell in refused if not spell.over(now)]
