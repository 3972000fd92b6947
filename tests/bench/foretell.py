"""`python -m tests.bench.foretell [--objectives 1000] [--database postgres]`: what the tick of an
hour takes, all in: totals read, forecasts made, scored and stored; 30 days of accounts, thinned as
they are.

1,000 objectives, 1 in 20 burning too fast, SQLite: 1.7 s, a tick with nothing to do 0.1 s (2 cores,
Python 3.11, x86_64; limit: 2 s).
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from bot.flow.poll.forecast import ForecastBudgets
from bot.judge.ledger import Slice
from bot.judge.thinning import keeps
from bot.ports import Books
from bot.record import Database
from tests.bench.ground import WINDOW, catalog, database, machine
from tests.builders import when
from tests.fakes import FakeClock

END = 1_772_452_800
HOUR, MINUTE = 3_600, 60
SOME = 50
"""Accounts filled in one transaction."""


def main() -> None:
    """Fill, then look ahead hour by hour."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", type=int, default=1_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--hot", type=int, default=20, help="one in so many burns too fast")
    options = parser.parse_args()
    print(f"{options.objectives} objectives, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as opened:
        _measure(opened, options)


def _measure(record: Database, options: argparse.Namespace) -> None:
    found = catalog(options.objectives, "http://localhost:9090")
    clock = FakeClock(when(END))
    kept = [at for at in range(END - WINDOW - MINUTE, END + 1, MINUTE) if keeps(at, END, MINUTE)]
    record.write(lambda books: books.ledger.open(found.objectives, clock.now()))
    for start in range(0, len(found.objectives), SOME):
        names = [one.id for one in found.objectives[start : start + SOME]]

        def fill(books: Books, names: list[str] = names, start: int = start) -> None:
            accounts = books.ledger.claim(names, clock.now(), 600, len(names))
            rows = [
                (one, _slices(kept, start + n, (start + n) % options.hot == 0), END)
                for n, one in enumerate(accounts)
            ]
            books.ledger.append_many(rows)

        record.write(fill)
    flow = ForecastBudgets(record, clock, lambda: found)
    begun, cpu = time.perf_counter(), time.process_time()
    done = flow.run()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    again = time.perf_counter()
    flow.run()
    idle = time.perf_counter() - again
    print(f"{done} forecasts, {len(kept)} rows each: {wall:.2f} s wall, {cpu:.2f} s CPU")
    print(f"a tick with nothing to do: {1_000 * idle:.0f} ms")


def _slices(kept: list[int], seed: int, hot: bool) -> list[Slice]:
    chance = random.Random(seed)
    share = 0.0011 if hot else chance.uniform(0.0001, 0.0007)
    pieces, before = [], kept[0]
    for at in kept[1:]:
        eligible = 120.0 * (at - before) / MINUTE
        bad = max(0.0, chance.gauss(eligible * share, (eligible * share) ** 0.5))
        pieces.append(Slice(at, eligible, min(eligible, bad), at - before))
        before = at
    return pieces


if __name__ == "__main__":
    main()
