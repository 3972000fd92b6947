"""`python -m tests.bench.releases [--releases 500] [--objectives 5] [--database postgres]`: what
`/budget releases SERVICE` takes, from the question to its facts and the message made of them.

500 releases in 30 days, a quarter of them counted apart, divided among the budgets of 5 objectives,
two windows of counts: 1.0 to 1.1 s on SQLite and on PostgreSQL, the message 4 ms; none counted
apart: 0.5 s (`--own 0`); 60 releases: 0.6 s (2 cores, Python 3.11, x86_64, load 4).
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from bot.decide.catalog import Catalog
from bot.decide.release import Note, NoteKind
from bot.flow.show.releases import ShowReleases
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.thinning import keeps
from bot.judge.version import of_version
from bot.notify.render import TemplateRenderer
from bot.ports import Books
from bot.record import Database
from tests.bench.ground import WINDOW, catalog, database, machine
from tests.builders import when
from tests.fakes import FakeClock

END = 1_772_452_800
MINUTE = 60
SERVICE = "model-0000"
TEMPLATES = Path(__file__).parents[2] / "templates"


def main() -> None:
    """Fill, then ask five times and show the middle one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=500)
    parser.add_argument("--objectives", type=int, default=5)
    parser.add_argument("--own", type=int, default=25, help="per cent of them counted apart")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    print(f"{options.releases} releases, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as record:
        specs = _specs(options.objectives)
        _fill(record, specs, options.releases, options.own)
        flow = ShowReleases(record, FakeClock(when(END)), lambda: specs)
        renderer = TemplateRenderer([TEMPLATES])
        asked, made = [], []
        for _ in range(5):
            begun = time.perf_counter()
            facts = flow.facts(SERVICE)
            between = time.perf_counter()
            renderer.message("releases", facts)
            asked.append(between - begun)
            made.append(time.perf_counter() - between)
        rows, total = facts["rows"], facts["total"]
        print(
            f"{total} releases of {len(specs.objectives)} objectives, {len(rows)} on the page: "
            f"{1_000 * sorted(asked)[2]:.0f} ms, the message {1_000 * sorted(made)[2]:.0f} ms; "
            f"first {1_000 * asked[0]:.0f} ms"
        )


def _specs(count: int) -> Catalog:
    """So many objectives of one service."""
    found = catalog(1, "http://localhost:9090")
    (one,) = found.objectives
    mine = [replace(one, name=f"slo-{n}", version_label="version") for n in range(count)]
    return replace(found, objectives=tuple(mine))


def _fill(record: Database, specs: Catalog, releases: int, own: int) -> None:
    """Two windows of counts, thinned as they are; a release every so often, each fourth begins as a
    canary."""
    every = WINDOW // releases
    kept = [at for at in range(END - 2 * WINDOW, END + 1, MINUTE) if keeps(at, END, MINUTE)]
    _count(record, specs.objectives, kept, 120.0)
    for n in range(releases):
        began = END - WINDOW + n * every
        kinds = [NoteKind.SHARE] if n % 4 == 3 else []
        kinds.append(NoteKind.BEGAN)
        notes = [_note(n, kind, began + place * every // 2) for place, kind in enumerate(kinds)]
        record.write(lambda books, notes=notes: books.journal.add_all(notes))  # type: ignore[misc] # mypy cannot infer a default
        if n * own % 100 < own:
            span = [at for at in kept if began - 3_600 <= at <= began + every + 3_600]
            apart = [of_version(one, f"v{n}", 0) for one in specs.objectives]
            if len(span) > 1:
                _count(record, apart, span, 12.0)


def _note(n: int, kind: NoteKind, at: int) -> Note:
    share = Fraction(1, 10) if kind is NoteKind.SHARE else None
    return Note(0, f"{n} {kind}", SERVICE, f"v{n}", kind, when(at), "api bench", share)


def _count(record: Database, some: Sequence[Objective], kept: Sequence[int], events: float) -> None:
    last, chance = when(kept[-1]), random.Random(len(kept))
    pieces = [
        Slice(at, events * (at - before) / MINUTE, float(chance.random() < 0.05), at - before)
        for before, at in pairwise(kept)
    ]

    def work(books: Books) -> None:
        books.ledger.open(some, last)
        held = books.ledger.claim([one.id for one in some], last, 90, len(some))
        books.ledger.append_many([(one, pieces, kept[-1]) for one in held])
        books.ledger.release_many(held, last + timedelta(days=1))

    record.write(work)


if __name__ == "__main__":
    main()
