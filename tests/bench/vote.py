"""`python -m tests.bench.vote [--database postgres] [--rounds 30]`: how long a vote takes from the
click to the committed decision, with twenty people who click at once.

Each round has twenty requests that one approval decides, and twenty people who click at the same
moment, each on another one: every click is judged, recorded, carried out, and what is to be told of
it stored. Then twenty click on the same request. Then, what people do not do, twenty who each click
on the next request as soon as the last is decided. Who is who is answered from memory, as a
directory that takes no time.
"""

import argparse
import gc
import itertools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.decide.approval import Answer, Choice
from bot.decide.catalog import Catalog
from bot.decide.quorum import Quorum
from bot.decide.service import Service
from bot.flow.ask.vote import CastVote
from bot.record import Database
from tests.bench.ground import database, machine
from tests.builders import objective, person
from tests.deciding import OPS, POLICY, V38, Stage, user

AT_ONCE = 20
BUSY: list[float] = []
"""Seconds of a processor that each round of clicks took in this process."""
GOAL = 50.0
"""Milliseconds, p99."""


_clicks = itertools.count()


class Crowd(Stage):
    """As many deciders as click, and a hundred services with an objective each."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.directory.groups["S1"] |= {user(name) for name in CLICKERS}
        for name in CLICKERS:
            self.directory.add(person(name))
        base = super().catalog()
        names = [*base.services, *(f"model-{n:03d}" for n in range(100))]
        mine = self.policy.name
        self._catalog = replace(
            base,
            services={n: Service(n, "", "search", policy=mine) for n in names},
            objectives=tuple(objective(n, policy=mine) for n in names),
        )

        self.flow = CastVote(self.record, self.clock, self.catalog, self.directory, OPS)

    def catalog(self) -> Catalog:
        return self._catalog

    def click(self, number: int, by: str) -> Answer:
        """As it comes from Slack: with what makes it that one click."""
        once = f"click:{next(_clicks)}"
        return self.flow.run(number, user(by), Choice.APPROVE, once).answer


CLICKERS = [f"clicker{n}" for n in range(AT_ONCE)]


def main() -> None:
    """Prepare, warm up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    sys.setswitchinterval(0.001)  # as `burnban` has it
    gc.freeze()  # likewise
    print(f"{options.rounds} rounds of {AT_ONCE} clicks, {options.database}, {machine()}")
    with (
        tempfile.TemporaryDirectory() as folder,
        database(options.database, Path(folder)) as record,
    ):
        stage = crowd(record)
        each_its_own(stage, 2)
        for what, clicks in (
            ("each another request", each_its_own),
            ("all the same request", all_the_same),
            ("each another request, again and again without a pause", in_a_loop),
        ):
            BUSY.clear()
            report(what, clicks(stage, options.rounds), sum(BUSY))


def crowd(record: Database) -> Crowd:
    approvals = replace(POLICY.approvals, override=Quorum.of(1), expires=86_400)
    stage = Crowd(record, replace(POLICY, approvals=approvals))
    stage.freeze()
    return stage


def each_its_own(stage: Crowd, rounds: int) -> list[float]:
    """Seconds of each click that decided."""
    times: list[float] = []
    for turn in range(rounds):
        mark = f"{time.monotonic_ns()}"
        numbers = [
            stage.asked(replace(V38, version=f"{mark}-{turn}-{n}")).id for n in range(AT_ONCE)
        ]
        works = [
            lambda n=number, w=who: stage.click(n, w)
            for number, who in zip(numbers, CLICKERS, strict=True)
        ]
        found = at_once(works)
        if {answer for answer, _ in found} != {Answer.DECIDED}:
            raise RuntimeError(found)
        times += [seconds for _, seconds in found]
    return times


def all_the_same(stage: Crowd, rounds: int) -> list[float]:
    """Seconds of each click, of which one decides and the others come too late."""
    times: list[float] = []
    for turn in range(rounds):
        number = stage.asked(replace(V38, version=f"{time.monotonic_ns()}-{turn}")).id
        found = at_once([lambda n=number, w=who: stage.click(n, w) for who in CLICKERS])
        if [answer for answer, _ in found].count(Answer.DECIDED) != 1:
            raise RuntimeError(found)
        times += [seconds for _, seconds in found]
    return times


def in_a_loop(stage: Crowd, rounds: int) -> list[float]:
    """Seconds of each click of twenty who never pause."""
    mark, times = time.monotonic_ns(), list[float]()
    numbers = [
        [stage.asked(replace(V38, version=f"{mark}-{turn}-{n}")).id for turn in range(rounds)]
        for n in range(AT_ONCE)
    ]

    def clicks(mine: Sequence[int], who: str) -> Answer:
        for number in mine:
            began = time.perf_counter()
            answer = stage.click(number, who)
            times.append(time.perf_counter() - began)
        return answer

    works = [
        lambda m=mine, w=who: clicks(m, w) for mine, who in zip(numbers, CLICKERS, strict=True)
    ]
    found = at_once(works)
    if {answer for answer, _ in found} != {Answer.DECIDED}:
        raise RuntimeError(found)
    return times


def at_once(works: Sequence[Callable[[], Answer]]) -> list[tuple[Answer, float]]:
    """What each came to, and how long it took from the common beginning of all."""
    gate = threading.Barrier(len(works))
    found: list[tuple[Answer, float]] = []

    def run(work: Callable[[], Answer]) -> None:
        gate.wait()
        began = time.perf_counter()
        answer = work()
        found.append((answer, time.perf_counter() - began))

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    before = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    BUSY.append(time.process_time() - before)
    return found


def report(what: str, times: Sequence[float], busy: float) -> None:
    """p50, p95, p99 and the slowest, in milliseconds; and what each click takes of a processor in
    this process, which says more on a busy machine."""
    ordered = sorted(times)
    shares = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    figures = [
        f"{name} {1_000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]:.0f} ms"
        for name, share in shares
    ]
    print(f"{what}: {', '.join(figures)} (goal: p99 {GOAL:.0f} ms), {len(ordered)} clicks")
    load = os.getloadavg()[0]
    each = 1_000 * busy / len(ordered)
    print(f"  {each:.1f} ms of a processor each; load of the machine {load:.1f}")


if __name__ == "__main__":
    main()
