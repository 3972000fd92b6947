"""`python -m tests.bench.versions [--days 365] [--each 20] [--rows 50] [--database postgres]`: what
the accounts of versions weigh that one objective gathers: so many releases a day, each with so many
rows left of it; then what it takes to delete those that are of no more use.

A year of 20 a day with 50 rows each, SQLite: 7,320 accounts, 14 MiB, and 0.17 s for each look at
what is to be thinned (once a minute). Of these 5,479 are of no more use to a window of 30 days and
the reports after it: deleted in 0.19 s; 1,841 stay (3.5 MiB for each objective), 0.04 s a look
(2 cores, Python 3.11, x86_64, load 4).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.flow.poll.versions import worth
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.version import of_version
from bot.ports import Books
from bot.record import Database
from tests.bench.ground import catalog, database, machine
from tests.builders import when

END = 1_772_452_800
DAY, HOUR = 86_400, 3_600
SOME = 200
"""Accounts filled in one transaction."""


def main() -> None:
    """A year of releases, a look at all that is thinned, and the old ones gone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--each", type=int, default=20, help="releases a day")
    parser.add_argument("--rows", type=int, default=50, help="rows of each")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as record:
        _measure(record, options, Path(name))


def _measure(record: Database, options: argparse.Namespace, folder: Path) -> None:
    (plain,) = catalog(1, "http://localhost:9090").objectives
    whole = replace(plain, version_label="version")
    apart = [
        (of_version(whole, f"{day}.{n}", 0), END - day * DAY - n * DAY // options.each)
        for day in range(options.days, -1, -1)
        for n in range(options.each)
    ]
    _timed("filled", lambda: _fill(record, apart, options.rows))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size:
        print(f"{len(apart):,} accounts of {options.rows} rows: {size / 2**20:.0f} MiB")
    now = when(END)
    _timed("thinned the first time", lambda: _thin(record, now))
    _timed("thinned, nothing left to do", lambda: _thin(record, now))
    gone = _timed("old ones deleted", lambda: _forget(record, now, whole))
    print(f"{gone:,} of {len(apart):,} accounts deleted")
    _timed("thinned after that", lambda: _thin(record, now))
    _timed("an hour without any to delete", lambda: _forget(record, now, whole))


def _fill(record: Database, apart: list[tuple[Objective, int]], rows: int) -> int:
    for start in range(0, len(apart), SOME):
        some = apart[start : start + SOME]

        def work(books: Books, some: list[tuple[Objective, int]] = some) -> None:
            ends = {one.id: end for one, end in some}
            books.ledger.open([one for one, _ in some], when(some[-1][1]))
            held = books.ledger.claim(list(ends), when(END), 90, len(ends))
            books.ledger.append_many(
                [(one, _slices(ends[one.objective], rows), ends[one.objective]) for one in held]
            )
            for one in held:
                books.ledger.release_many([one], when(ends[one.objective]))

        record.write(work)
    return len(apart)


def _slices(end: int, rows: int) -> list[Slice]:
    """Rows an hour apart: what the tiers leave of a release after some days."""
    last = end // HOUR * HOUR
    return [Slice(last - n * HOUR, 7_200.0, 7.0, HOUR) for n in range(rows - 1, -1, -1)]


def _thin(record: Database, now: datetime) -> int:
    return record.write(lambda books: books.ledger.thin(now, 20_000))


def _forget(record: Database, now: datetime, whole: Objective) -> int:
    before, gone = now - worth([whole]), 0
    while some := record.write(lambda books: books.ledger.forget_versions(before, 2_000)):
        gone += some
    return gone


def _timed(what: str, work: Callable[[], int]) -> int:
    begun = time.perf_counter()
    found = work()
    print(f"{what}: {time.perf_counter() - begun:.2f} s")
    return found


if __name__ == "__main__":
    main()
