"""`python -m tests.bench.backfill --objectives 200 --days 30`: the first back-fill, all in."""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from bot.flow.evaluate import Evaluate
from bot.flow.show.answer import Answer
from bot.measure import build
from bot.measure.prometheus import PrometheusSource
from tests.bench.ground import DAY, SOURCE, catalog, counters, database, machine
from tests.builders import when
from tests.fakes import FakeClock
from tests.prometheus import PrometheusServer, fill

END = 1_772_452_800


def main() -> None:
    """Fill Prometheus with one sample a minute, then read all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", type=int, default=200)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    print(f"{options.objectives} objectives x {options.days} d, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name:
        _measure(Path(name), options)


def _measure(folder: Path, options: argparse.Namespace) -> None:
    began = time.perf_counter()
    lines = counters(options.objectives, END - options.days * DAY, END, 60)
    fill(lines, folder / "data", block="64h")
    print(f"(filling Prometheus took {time.perf_counter() - began:.0f} s)")
    with PrometheusServer(folder / "data") as server, database(options.database, folder) as record:
        specs = catalog(options.objectives, server.url)
        source = build(specs.sources[SOURCE], str, time.monotonic, folder)
        assert isinstance(source, PrometheusSource)
        clock = FakeClock(when(END))
        record.write(lambda books: books.ledger.open(specs.objectives, clock.now()))
        flow = Evaluate(record, clock, lambda: specs, "")
        wall, cpu = time.perf_counter(), time.process_time()
        flow.run(source)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"back-fill: {wall:.1f} s wall, {cpu:.1f} s CPU of ours")
        row = Answer(record, clock, lambda: specs).rows()[0]
        print(f"first row: {row['eligible']:,.0f} eligible, coverage {row['coverage']:.3f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:.0f} MiB")
        source.close()


if __name__ == "__main__":
    main()
