"""One look at all canaries of a fleet: every fourth of the services has had a release a day for two
weeks and holds a canary beside it, with accounts of their own since the last hour.

    python -m tests.bench.canary [--services 200]

200 services, 50 canaries, 700 releases, SQLite: 0.75 s, beside other work (2 cores, Python 3.11,
x86_64).
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from bot.decide.release import Note, NoteKind
from bot.flow.canary.propose import WatchCanaries
from bot.judge.abreast import account_of
from bot.judge.ledger import Slice
from bot.ports import Books
from bot.record import Database
from tests.bench.ground import catalog, machine
from tests.builders import objective
from tests.fakes import FakeClock
from tests.fresh import fresh_sqlite

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = 60
DAYS = 14


def main() -> None:
    """Look five times, show the middle one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=200)
    count = parser.parse_args().services
    specs = catalog(count, "http://127.0.0.1:1")
    with (
        tempfile.TemporaryDirectory() as folder,
        Database(fresh_sqlite(Path(folder) / "burnban.db")) as database,
    ):
        busy = list(specs.services)[::4]
        for name in busy:
            database.write(lambda books, name=name: _fill(books, name))  # type: ignore[misc]
        flow = WatchCanaries(database, FakeClock(NOW), lambda: specs, "")
        took = []
        for _ in range(5):
            begun = time.perf_counter()
            assert flow.run() == 0
            took.append(time.perf_counter() - begun)
        print(
            f"{count} services, {len(busy)} canaries, {len(busy) * DAYS} releases:"
            f" {sorted(took)[2] * 1000:.0f} ms; {machine()}"
        )


def _fill(books: Books, service: str) -> None:
    for day in range(DAYS, 0, -1):
        at, version = NOW - timedelta(days=day), str(100 - day)
        key = f"{service}:{version}"
        books.journal.add(Note(0, key, service, version, NoteKind.BEGAN, at, "bench"))
    began = NOW - timedelta(hours=1)
    share = Fraction(1, 10)
    canary = Note(0, f"{service}:c", service, "c", NoteKind.SHARE, began, "bench", share)
    books.journal.add(canary)
    start = int(began.timestamp())
    for version in ("99", "c"):
        own = objective(service, account_of("availability", version))
        books.ledger.open([own], NOW)
        held = books.ledger.claim([own.id], NOW, 60, 1)
        rows = [Slice(start + n * MINUTE, 100.0, n % 2, MINUTE) for n in range(1, 61)]
        books.ledger.append_many([(held[0], rows, rows[-1].at)])


if __name__ == "__main__":
    main()
