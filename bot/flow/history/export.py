"""Decisions on their way out of the database: for auditors, and for a shelf outside."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.decide.catalog import Catalog
from bot.decide.decision import GENESIS
from bot.decide.proof import Link, Place
from bot.decide.seal import Purpose, Seal, written
from bot.flow.facts import Facts
from bot.flow.show.browse import Question, meant
from bot.ports import Books, HistoryFilter, Record, Seals

Take = Callable[[Link], None]
Begin = Callable[[], Take]
"""Begins a sheet, from its first row: what broke off in the middle is asked for once more."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What went out: how many, from where to where, and how the history stood then."""

    count: int
    first: int
    """Sequence numbers; 0 where nothing went out."""
    last: Place
    before: str
    """The hash that the first row is chained to."""
    head: Place
    checkpoint: Seal | None

    @property
    def complete(self) -> bool:
        """Whether no decision is left out between the first and the last."""
        return self.count == (self.last[0] - self.first + 1 if self.count else 0)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the rows are now: the name of the file, how it is written, and the SHA-256 of it."""

    file: str
    form: str
    sha256: str


@dataclass(frozen=True)
class Export:
    """The flow behind `burnban history export`. Rows go to a sheet one by one, oldest first, while
    the database stands still for us; a handful is in memory at a time."""

    record: Record
    catalog: Callable[[], Catalog]

    def run(self, asked: Question, begin: Begin) -> Gone:
        """All that the question means. Raises UserError for words nobody knows."""
        catalog = self.catalog()

        def work(books: Books) -> Gone:
            return send(books, meant(books, catalog, asked, limit=0), begin)

        return self.record.read(work)


def send(books: Books, wanted: HistoryFilter, begin: Begin) -> Gone:
    """Hand over what is wanted."""
    take = begin()
    count, first, before, last = 0, 0, GENESIS, (0, GENESIS)
    for link in books.history.walk(wanted):
        if not count:
            first, before = link.seq, link.previous
        count, last = count + 1, (link.seq, link.hash)
        take(link)
    return Gone(count, first, last, before, books.history.head(), books.checkpoints.newest())


def manifest(
    gone: Gone, filters: Mapping[str, str], shelf: Shelf, seals: Seals, now: datetime
) -> Facts:
    """What is said of an export beside it: what was asked for, how much it is, how the history
    stood then; signed if there is a key."""
    return {
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "file": shelf.file,
        "format": shelf.form,
        "sha256": shelf.sha256,
        "filters": dict(filters),
        "count": gone.count,
        "first_seq": gone.first,
        "last_seq": gone.last[0],
        "complete": gone.complete,
        "before_first": gone.before,
        "last_hash": gone.last[1],
        "head": {"seq": gone.head[0], "hash": gone.head[1]},
        "checkpoint": json.loads(written(gone.checkpoint)) if gone.checkpoint else None,
        "seal": json.loads(written(seals.seal(Purpose.EXPORT, gone.last[0], shelf.sha256, now))),
    }


def filters_of(asked: Question) -> dict[str, str]:
    """What was asked for, by name."""
    known = {
        "scope": asked.word,
        "kinds": ",".join(asked.kinds),
        "by": asked.by,
        "since": asked.since.isoformat() if asked.since else "",
        "until": asked.until.isoformat() if asked.until else "",
        "before": str(asked.before or ""),
        "after": str(asked.after or ""),
    }
    return {name: value for name, value in known.items() if value}
