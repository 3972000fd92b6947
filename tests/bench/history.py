"""`python -m tests.bench.history [--rows 100000] [--database postgres]`: a long history.

Append one decision at a time, verify all of them, ask for pages as `/budget history` does, and
export them, on a database that is as durable as in production. Prints a line a figure.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.decide.catalog import Catalog, Service, Team
from bot.decide.decision import OUTAGES, Decision, Event
from bot.decide.people import BURNBAN, Actor, Door, Group
from bot.entrypoints.exports import SHEETS
from bot.flow.history.export import Export, Take
from bot.flow.history.prove import examine
from bot.flow.show.browse import Browse, Question
from bot.ports import Record
from bot.record.seals import KeyedSeals
from tests.bench.ground import database, machine
from tests.builders import NOON, when

SERVICES, PEOPLE, TEAMS, EVERY = 300, 200, 20, 300
"""So many of each; a decision every five minutes: 100,000 are a year."""
START = when(NOON)
EVENTS = [e for e in Event if e not in (*OUTAGES, Event.HISTORY_PRUNED)]
OUTAGES_IN = 0.03
"""Of all decisions: each of a tenth of the fleet."""
NAMES = [f"model-{n:03d}" for n in range(SERVICES)]
EVIDENCE = {
    "service": "model",
    "bad": 1_203.0,
    "eligible": 1_204_000.0,
    "query": 'sum(rate(http_requests_total{job="model",code=~"5.."}[5m]))',
    "windows": [
        {"seconds": 300 * 6**n, "rate": 1.25, "bad": 12.0, "eligible": 1e5, "coverage": 1.0}
        for n in range(4)
    ],
    "votes": [["U00001", "approve", "2026-03-02T12:00:00+00:00", "user group S1, asked live"]],
}


def main() -> None:
    """Fill, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{options.rows} decisions, {options.database}, {machine()}, load {load:.1f}")
    with (
        tempfile.TemporaryDirectory() as name,
        database(options.database, Path(name)) as record,
    ):
        made = decisions()
        _fill(record, made, options.rows)
        _append(record, made)
        _verify(record)
        _pages(record, options.rows)
        _exports(record, Path(name))


def decisions() -> Iterator[Decision]:
    """Of a busy fleet: nine of ten by Burnban or about one service."""
    dice, at = random.Random(7), START
    people = [Actor(f"U{n:05d}", f"person{n}", Door.SLACK) for n in range(PEOPLE)]
    while True:
        at += timedelta(seconds=EVERY)
        scope = f"service:{dice.choice(NAMES)}" if dice.random() < 0.9 else f"team:team-{at.day}"
        by = BURNBAN if dice.random() < 0.7 else dice.choice(people)
        event = dice.choice(EVENTS)
        said = EVIDENCE
        if dice.random() < OUTAGES_IN:
            event, scope = dice.choice(OUTAGES), "source:prom"
            said = {**EVIDENCE, "services": dice.sample(NAMES, 30)}
        yield Decision(event, at, by, scope, "errors since release 38", said, "policy v1")


def catalog() -> Catalog:
    """The fleet that the decisions are about."""
    teams = {f"team-{n}": Team(f"team-{n}", "", "", Group(), Group()) for n in range(TEAMS)}
    services = {
        name: Service(name, "", f"team-{n % TEAMS}", "prod" if n % 2 else "test")
        for n, name in enumerate(NAMES)
    }
    return Catalog(services=services, teams=teams)


def _fill(record: Record, made: Iterator[Decision], rows: int) -> None:
    began = time.perf_counter()
    for start in range(0, rows, 1_000):
        some = [next(made) for _ in range(min(1_000, rows - start))]
        record.write(lambda books, each=some: [books.history.append(one) for one in each])
    print(f"filled, 1,000 a transaction: {time.perf_counter() - began:.1f} s")


def _append(record: Record, made: Iterator[Decision], times: int = 500) -> None:
    """One decision a transaction, and beside it the least that a transaction can write: what the
    disk takes."""
    walls, cpus, least = [], [], []
    for n in range(times):
        one, cpu = next(made), time.process_time()
        walls.append(_timed(partial(_add, record, one)))
        cpus.append(1e3 * (time.process_time() - cpu))
        least.append(_timed(partial(_receipt, record, str(n))))
    p99 = statistics.quantiles(walls, n=100)[98]
    print(
        f"append, a transaction each: p50 {statistics.median(walls):.2f} ms, p99 {p99:.2f} ms, "
        f"{statistics.median(cpus):.2f} ms CPU of ours; "
        f"the least transaction: p50 {statistics.median(least):.2f} ms"
    )


def _add(record: Record, decision: Decision) -> None:
    record.write(lambda books: books.history.append(decision))


def _receipt(record: Record, key: str) -> None:
    record.write(lambda books: books.receipts.first_time(key, START))


def _verify(record: Record) -> None:
    began = time.perf_counter()
    found = examine(record, KeyedSeals())
    assert not found.problem
    print(f"verify {found.proof.rows} decisions: {time.perf_counter() - began:.2f} s")


def _pages(record: Record, rows: int) -> None:
    browse = Browse(record, catalog)
    late = START + timedelta(seconds=EVERY * (rows - 500))
    early = START + timedelta(seconds=EVERY * 500)
    everywhere = {
        "all": Question(),
        "a service": Question("model-007"),
        "a team": Question("team-3"),
        "an environment": Question("env:prod"),
        "a kind": Question(kinds=(Event.FROZEN,)),
        "a person": Question(by="person7"),
        "a service by a person": Question("model-007", by="person7"),
        "nothing there": Question("model-007", kinds=(Event.HISTORY_PRUNED,), by="person7"),
    }
    asked = {
        **everywhere,
        "since lately": Question(since=late),
        "until early": Question(until=early),
        "an environment until early": Question("env:prod", until=early),
        "the oldest page": Question("team-3", before=400),
        "the page before": Question("team-3", after=400),
    }
    took = {name: _page(browse, question) for name, question in asked.items()}
    slowest = max(took, key=lambda name: took[name])
    for name, each in took.items():
        print(f"page of {name}: {each:.1f} ms")
    print(f"the slowest page: {took[slowest]:.1f} ms ({slowest})")


def _page(browse: Browse, question: Question) -> float:
    """Milliseconds, the median of five."""
    return statistics.median(_timed(lambda: browse.page(question)) for _ in range(5))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)


def _exports(record: Record, folder: Path) -> None:
    for form, sheet in SHEETS.items():
        path = folder / f"history.{form}"
        before = _peak(fresh=True)
        began = time.perf_counter()
        with path.open("w", encoding="utf-8", newline="") as out:
            take = sheet(out).take
            gone = Export(record, catalog).run(Question(), partial(_begun, take))
        took = time.perf_counter() - began
        more = (_peak() - before) / 1024
        size = path.stat().st_size / 1e6
        print(
            f"export of {gone.count} as {form}: {took:.1f} s, {size:.0f} MB, "
            f"{more:.0f} MiB more memory at the peak"
        )


def _peak(*, fresh: bool = False) -> int:
    """KiB of memory at the most, since it was asked with `fresh` (as Linux counts it)."""
    if fresh:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _begun(take: Take) -> Take:
    return take


if __name__ == "__main__":
    main()
