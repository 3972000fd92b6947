"""`python -m tests.bench.backtest [--objectives 100] [--days 30] [--database postgres]`: what other
policies would have done to a month of stored counts, from the question to the figures.

The counts are stored as a month of polls leaves them (thinned). The objectives spend from 5 % to
95 % of their budgets, evenly, and each tenth burns it once for three hours. Prints a line for the
policies in force alone, and one for others beside them.
"""

import argparse
import random
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from bot.decide.catalog import Catalog
from bot.decide.policy import DEFAULT, Thaw, Then, Threshold
from bot.flow.show.backtest import Backtest
from bot.judge.ledger import Slice
from bot.judge.thinning import keeps
from bot.record import Database
from tests.bench.ground import DAY, catalog, database, machine
from tests.builders import when
from tests.fakes import FakeClock

END = 1_772_452_800
HOUR, MINUTE = 3_600, 60
STRICT = replace(
    DEFAULT,
    thresholds=(
        Threshold(Fraction(1, 2), Then.CAUTION),
        Threshold(Fraction(1, 4), Then.HOLD),
        Threshold(Fraction(0), Then.FREEZE),
    ),
    on_page=Then.CAUTION,
    thaw=Thaw(dwell=HOUR, cooling=HOUR),
)


def main() -> None:
    """Fill, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", type=int, default=100)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    print(f"{options.objectives} objectives, {options.days} d, {options.database}, {machine()}")
    specs = catalog(options.objectives, "http://127.0.0.1:9")
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as record:
        _fill(record, specs)
        _ask(record, specs, None, options.days, "in force")
        _ask(record, specs, replace(specs, policies={"default": STRICT}), options.days, "beside")


def _fill(record: Database, specs: Catalog) -> None:
    """Two windows of counts, as finely as they would still be kept."""
    kept = [at for at in range(END - 60 * DAY, END + 1, MINUTE) if keeps(at, END, MINUTE)]
    now = when(END)
    record.write(lambda books: books.ledger.open(specs.objectives, now))
    for number, one in enumerate(specs.objectives):
        slices = _slices(kept, number)

        def work(books: object, name: str = one.id, some: list[Slice] = slices) -> None:
            claimed = books.ledger.claim([name], now, 90, 1)  # type: ignore[attr-defined]
            books.ledger.append_many([(claimed[0], some, END)])  # type: ignore[attr-defined]

        record.write(work)


def _slices(kept: list[int], number: int) -> list[Slice]:
    chance = random.Random(number)
    found, before = [], kept[0]
    for at in kept[1:]:
        minutes, before = (at - before) // MINUTE, at
        mean = minutes * 120 * 0.001 * (number % 10 + 0.5) / 10
        bad = float(int(mean) + (chance.random() < mean % 1))
        burns = number % 10 == 0 and END - 20 * DAY < at <= END - 20 * DAY + 3 * HOUR
        found.append(Slice(at, 120.0 * minutes, 60.0 * minutes if burns else bad, minutes * MINUTE))
    return found


def _ask(record: Database, specs: Catalog, candidate: Catalog | None, days: int, name: str) -> None:
    flow = Backtest(record, FakeClock(when(END)), lambda: specs)
    wall, cpu = time.perf_counter(), time.process_time()
    facts = flow.run(timedelta(days=days), candidate, "strict", timedelta(hours=1))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    found = facts["tried"] or facts["present"]
    print(
        f"{name}: {wall:.2f} s wall, {cpu:.2f} s CPU; {found['freezes']} freezes, "
        f"{found['holds']} holds, {found['cautions']} cautions, {found['frozen'] // HOUR} h frozen,"
        f" {found['pages']} pages, {found['requests']} requests"
    )


if __name__ == "__main__":
    main()
