"""`python -m tests.bench.poll --objectives 1000 [--database postgres]`: one poll, all in.

Query, ledger, verdicts and commit against a real Prometheus on the same machine; then a status
table of everything. Prints a line a poll.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from bot.flow.evaluate import Evaluate
from bot.flow.show.answer import Answer
from bot.measure import build
from bot.measure.prometheus import PrometheusSource
from bot.record import Database
from tests.bench.ground import SOURCE, catalog, counters, database, machine
from tests.builders import when
from tests.fakes import FakeClock
from tests.prometheus import PrometheusServer, fill

HISTORY = 3 * 3_600
END = 1_772_452_800


def main() -> None:
    """Fill, back-fill what there is, then poll minute by minute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", type=int, default=1_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--polls", type=int, default=10)
    parser.add_argument("--scrape", type=int, default=15, help="seconds between two scrapes")
    options = parser.parse_args()
    print(f"{options.objectives} objectives, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name:
        _measure(Path(name), options)


def _measure(folder: Path, options: argparse.Namespace) -> None:
    lines = counters(options.objectives, END - HISTORY, END, options.scrape)
    fill(lines, folder / "data")
    start = END - options.polls * 60 - 60
    with PrometheusServer(folder / "data") as server, database(options.database, folder) as record:
        specs = catalog(options.objectives, server.url)
        source = build(specs.sources[SOURCE], str, time.monotonic, folder)
        assert isinstance(source, PrometheusSource)
        clock = FakeClock(when(start))
        record.write(lambda books: books.ledger.open(specs.objectives, clock.now()))
        flow = Evaluate(record, clock, lambda: specs, "")
        began = time.perf_counter()
        flow.run(source)
        print(f"first poll, {HISTORY // 3_600} h of history: {time.perf_counter() - began:.2f} s")
        for number in range(options.polls):
            clock.advance(60)
            _poll(flow, source, record, number)
        began = time.perf_counter()
        rows = Answer(record, clock, lambda: specs).rows()
        print(f"status of {len(rows)}: {time.perf_counter() - began:.2f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:.0f} MiB")
        source.close()


def _rows(record: Database) -> int:
    """Rows of the ledger that there are."""
    with record._engines.reading.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM entries").scalar_one())


def _poll(flow: Evaluate, source: PrometheusSource, record: Database, number: int) -> None:
    before = _rows(record)
    wall, cpu = time.perf_counter(), time.process_time()
    done = flow.run(source)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"poll {number + 1}: {wall:.3f} s wall, {cpu:.3f} s CPU, {source.requests} requests, "
        f"{done} objectives, {_rows(record) - before} rows written to the ledger"
    )


if __name__ == "__main__":
    main()
