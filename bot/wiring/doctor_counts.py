"""Whether anything is counted at all: a query that finds no series looks sound everywhere else."""

from collections.abc import Iterator

from bot import record
from bot.config import Settings
from bot.decide.catalog import Catalog
from bot.errors import BurnbanError
from bot.notify.checkup import Check

_MOST = 10
"""Lines; the rest is counted."""


def check_counts(settings: Settings, catalog: Catalog) -> Iterator[Check]:
    """One line for each objective of which no poll has ever found anything. Says nothing before
    the first poll, or of a database that cannot be read: others say that."""
    url = settings.database_url.get_secret_value()
    try:
        silent = [] if record.pending(url) else _silent(url, catalog)
    except BurnbanError:
        return
    queries = {objective.id: objective for objective in catalog.objectives}
    for name in silent[:_MOST]:
        one = queries[name]
        text = (
            f"none by any poll so far: see whether this finds a series in {one.source}: "
            f"{one.indicator}. Once it does: `burnban poll --once`"
        )
        yield Check(f"counts of {name}", False, text)
    if len(silent) > _MOST:
        yield Check("counts", False, f"none of {len(silent) - _MOST} more either")


def _silent(url: str, catalog: Catalog) -> list[str]:
    names = [objective.id for objective in catalog.objectives]
    with record.Database(url) as database:
        accounts = database.read(lambda books: books.ledger.accounts(names))
    return [
        name
        for name in names
        if (account := accounts.get(name)) is not None
        and account.read_until is not None
        and account.seen_until is None
    ]
