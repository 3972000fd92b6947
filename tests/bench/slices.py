"""`python -m tests.bench.slices [--database postgres] [--versions]`: 10,000 slices in one batch
over HTTP, counted by three objectives (accuracy, precision, recall).

New: nothing of them was known. Again: the same batch once more. Late: one more wrong answer in each
of them, after all were read: 10,000 differences in each of two accounts (recall stays as it was).
With --versions the release that all rows are of serves, and its two accounts move as well. Client
and server share the machine and the process; the time is that of the client, with making and
reading JSON.
"""

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx

from bot.clock import SystemClock
from bot.decide.catalog import Catalog, SourceSpec
from bot.decide.people import Actor, Door
from bot.decide.release import Note, NoteKind
from bot.decide.service import Service
from bot.entrypoints.api.app import build_api
from bot.flow.evaluate import Evaluate
from bot.flow.gate.tokens import KeepTokens
from bot.flow.poll.restate import reaching
from bot.flow.poll.versions import CountVersions
from bot.judge.burn import default_alerts
from bot.judge.indicator import Labelled
from bot.judge.objective import Method, Objective, Rolling
from bot.judge.tally import Quality
from bot.measure.observed import ObservedSource
from bot.record import Database
from bot.wiring.gate import gate
from tests.bench.ground import database, machine
from tests.served import served

COUNT, STEP, DAYS = 10_000, 300, 40
FEED = "ranker-labels"
PEOPLE = Actor("U0BENCH", "bench", Door.SLACK)


def specs() -> Catalog:
    """Three objectives over one feed."""
    window, target = Rolling(DAYS * 86_400, f"{DAYS}d"), Fraction(9, 10)
    objectives = tuple(
        Objective(
            "ranker",
            str(quality),
            target,
            window,
            Method.OCCURRENCES,
            Labelled(FEED, quality),
            "labels",
            STEP,
            default_alerts(target, window.seconds),
        )
        for quality in Quality
    )
    source = SourceSpec("labels", "push", {"step": STEP})
    return Catalog(objectives, {"ranker": Service("ranker", "", "")}, sources={"labels": source})


def batch(until: int, wrong: int) -> dict[str, Any]:
    """Stretches of five minutes up to now."""

    def iso(at: int) -> str:
        return datetime.fromtimestamp(at, UTC).isoformat()

    ends = range(until - (COUNT - 1) * STEP, until + 1, STEP)
    counts = {"tp": 90, "fp": wrong, "fn": 4, "tn": 400, "positives": 120, "negatives": 420}
    rows = [{"start": iso(a - STEP), "end": iso(a), "version": "38", **counts} for a in ends]
    return {"feed": FEED, "slices": rows}


def measure(record: Database, *, versions: bool) -> None:
    """Push, poll, push again."""
    clock, catalog = SystemClock(), specs()
    record.write(lambda books: books.ledger.open(catalog.objectives, clock.now()))
    parts = gate(record, clock, lambda: catalog, "").api
    word, _ = KeepTokens(record, clock).create(
        "bench", [f"slices:push:{FEED}"], timedelta(days=1), PEOPLE
    )
    until = int(clock.now().timestamp()) // STEP * STEP
    source = ObservedSource(
        "labels",
        lambda feed, a, b: record.read(lambda books: reaching(books, feed, a, b)),
        step=STEP,
    )
    headers = {"Authorization": f"Bearer {word}"}
    with (
        served(build_api(parts, within=60)) as url,
        httpx.Client(base_url=url, headers=headers, timeout=120, trust_env=False) as client,
    ):
        print(f"body: {len(json.dumps(batch(until, 10))) / 1e6:.1f} MB")
        _push(client, "new", batch(until, 10))
        _push(client, "again", batch(until, 10))
        began = time.perf_counter()
        Evaluate(record, clock, lambda: catalog, "").run(source)
        print(f"poll of all three: {time.perf_counter() - began:.2f} s")
        if versions:
            note = Note(0, "38", "ranker", "38", NoteKind.BEGAN, clock.now(), "bench")
            record.write(lambda books: books.journal.add(note))
            began = time.perf_counter()
            read = CountVersions(record, clock, lambda: catalog).run(source)
            print(f"accounts of 38: {read} in {time.perf_counter() - began:.2f} s")
        _push(client, "late", batch(until, 11))


def _push(client: httpx.Client, what: str, body: dict[str, Any]) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    answer = client.post("/slices", json=body)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    said = answer.json()
    assert answer.status_code == 200, said
    restated = [one["slices"] for one in said["restated"]]
    print(
        f"{what}: {took:.2f} s ({used:.2f} s CPU); {said['taken']} taken, {said['changed']} "
        f"changed, {len(said['refused'])} refused, restated {restated}"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--versions", action="store_true")
    options = parser.parse_args()
    print(f"{COUNT} slices, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name, database(options.database, Path(name)) as record:
        measure(record, versions=options.versions)


if __name__ == "__main__":
    main()
