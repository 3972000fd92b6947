"""`python -m tests.bench.gate [--database postgres]`: how many decisions and looks a second.

A real server process over HTTP, 1,000 services with an account each, 50 freezes; the questions come
from another process on the same machine. Each decision is another release, and is on record when it
is answered.
"""

import argparse
import asyncio
import gc
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import uvicorn

from bot.clock import SystemClock
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import Actor, Door
from bot.decide.scope import Reach, Scope
from bot.entrypoints.api.app import build_api
from bot.flow.gate.decide import DecideGate
from bot.flow.gate.tokens import KeepTokens
from bot.judge.ledger import Slice
from bot.ports import Books, HistoryFilter
from bot.record import Database, migrate
from bot.wiring.gate import gate
from bot.wiring.serve import listen
from tests.bench.ground import catalog, machine, served
from tests.builders import HOUR, Part, slices
from tests.postgres import PostgresServer

SERVICES, FREEZES = 1_000, 50
PEOPLE = Actor("U0BENCH", "bench", Door.SLACK)


def main() -> None:
    """Fill, serve, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--lanes", type=int, default=8, help="connections that ask at once")
    parser.add_argument("--rate", type=float, help="questions a second, at moments of chance")
    parser.add_argument("--serve", default="", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port)
        return
    print(f"{SERVICES} services, {FREEZES} freezes, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name, _database(options.database, Path(name)) as url:
        token = _fill(url)
        with served("tests.bench.gate", url, "/openapi.json") as (port, pid):
            _measure("decisions", port, pid, options, lambda n: _decision(n, port, token))
            _measure("status", port, pid, options, lambda n: _status(n, port, token))
        _checked(url)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'bench.db'}"
        migrate(url)
        yield url
        return
    with PostgresServer(durable=True) as server:
        url = server.create_database()
        migrate(url)
        yield url


def _specs() -> Catalog:
    return catalog(SERVICES, "http://127.0.0.1:9")


def _fill(url: str) -> str:
    """Three days of counts, the freezes, a token."""
    specs, clock = _specs(), SystemClock()
    with Database(url) as record:
        now = clock.now()
        until = int(now.timestamp()) // 60 * 60
        rows = slices(Part(3 * 24 * HOUR, 120, 0.06), until=until)
        record.write(lambda books: books.ledger.open(specs.objectives, now))
        for start in range(0, SERVICES, 200):
            names = [one.id for one in specs.objectives[start : start + 200]]
            record.write(lambda books, names=names: _count(books, names, rows, until, now))
        record.write(lambda books: _freeze(books, now))
        keep = KeepTokens(record, clock)
        return keep.create("bench", ["gate:decide:*", "read"], timedelta(days=1), PEOPLE)[0]


def _count(books: Books, names: list[str], rows: list[Slice], until: int, now: datetime) -> None:
    claimed = books.ledger.claim(names, now, 90.0, len(names))
    kept = books.ledger.append_many([(account, rows, until) for account in claimed])
    books.ledger.release_many(kept, now + timedelta(hours=1))


def _freeze(books: Books, now: datetime) -> None:
    for number in range(FREEZES):
        scope = Scope(Reach.SERVICE, f"model-{number * (SERVICES // FREEZES):04d}")
        end = now + timedelta(hours=2) if number % 2 else None
        books.freezes.add(Freeze(0, scope, "bench", Origin.MANUAL, PEOPLE, now, end))


def serve(url: str, port: int) -> None:
    """The server process: the API over a filled database, as `burnban web` has it."""
    sys.setswitchinterval(0.001)
    specs, clock = _specs(), SystemClock()
    with Database(url) as record:
        built = gate(record, clock, lambda: specs, "#ops")
        over = threading.Event()
        keeper = threading.Thread(target=_keep, args=(built.decide, over))
        keeper.start()
        gc.collect()
        gc.freeze()  # as `burnban web` does
        config = uvicorn.Config(
            build_api(built.api), log_level="warning", access_log=False, lifespan="off"
        )
        try:
            uvicorn.Server(config).run(sockets=[listen(port, "127.0.0.1")])
        finally:
            over.set()
            keeper.join()


def _keep(decide: DecideGate, over: threading.Event) -> None:
    while not over.wait(1.0):
        decide.keep()


def _measure(what, port: int, pid: int, options: argparse.Namespace, make) -> None:  # type: ignore[no-untyped-def]
    """Warm up for two seconds, then ask for as long as is wanted."""
    asyncio.run(_lanes(port, options, 2.0, make))
    began, spent = time.perf_counter(), _cpu(pid)
    times = sorted(asyncio.run(_lanes(port, options, options.seconds, make)))
    rate = len(times) / (time.perf_counter() - began)
    spent, load = _cpu(pid) - spent, os.getloadavg()[0]
    how = "by chance" if options.rate else f"{options.lanes} at once"
    at = {share: times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.99)}
    print(
        f"{what}: {rate:,.0f}/s, {how}; mean {1e3 * statistics.fmean(times):.1f},"
        f" p50 {1e3 * at[0.5]:.1f}, p99 {1e3 * at[0.99]:.1f}, max {1e3 * times[-1]:.1f} ms;"
        f" the server's CPU {1e3 * spent / len(times):.2f} ms each; load of the machine {load:.1f}"
    )


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used: how fast it is on a machine that others use too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_numbers = iter(range(10**9))
_MOST = 64
"""Connections that wait for questions which come by chance."""


async def _lanes(port: int, options: argparse.Namespace, seconds: float, make) -> list[float]:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    due = _moments(began, began + seconds, options.rate)
    lanes = options.lanes if options.rate is None else _MOST
    found = await asyncio.gather(*(_lane(port, due, make) for _ in range(lanes)))
    return [took for lane in found for took in lane]


def _moments(began: float, end: float, rate: float | None) -> Iterator[float]:
    """When somebody asks: as soon as there is an answer to the question before; or, at a rate, as
    people do who know nothing of each other (a Poisson process), whatever became of the others'."""
    chance, at = Random(38), began
    while True:
        at = time.perf_counter() if rate is None else at + chance.expovariate(rate)
        if at >= end:
            return
        yield at


async def _lane(port: int, due: Iterator[float], make) -> list[float]:  # type: ignore[no-untyped-def]
    """One connection. Whoever finds none free has waited since the moment of the question."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    for at in due:
        request = make(next(_numbers))
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        body = await reader.readexactly(int(length[1]) if length else 0)
        times.append(time.perf_counter() - at)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode() + body.decode())
    writer.close()
    return times


def _decision(number: int, port: int, token: str) -> bytes:
    service = f"model-{number * 7 % SERVICES:04d}"
    question = {
        "subject": {"service": service, "model_version": str(number)},
        "change": {"kind": "retrain", "commit": f"{number:040x}"},
        "run": {"system": "github", "id": str(number)},
    }
    body = json.dumps(question).encode()
    head = (
        "POST /gate/decisions HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        f"authorization: Bearer {token}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


def _status(number: int, port: int, token: str) -> bytes:
    head = (
        f"GET /gate/status?service=model-{number * 7 % SERVICES:04d} HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        f"authorization: Bearer {token}",
    )
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def _checked(url: str) -> None:
    """Each decision stands in the history, and the chain is whole."""
    with Database(url) as record:
        proof = record.read(lambda books: books.history.verify())
        newest = record.read(lambda books: books.history.find(HistoryFilter(limit=1)))
        print(f"{proof.rows:,} rows of history, broken: {proof.broken}, newest {newest[0].seq}")
        assert proof.broken is None


if __name__ == "__main__":
    main()
