"""`python -m tests.bench.ack [--database postgres]`: how soon `/budget status` is acknowledged.

A real `burnban web` process, a loopback Slack, signed requests, 32 at once.
"""

import argparse
import asyncio
import hashlib
import hmac
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

import httpx

from bot.config import templates_folder
from bot.playground import seed
from bot.playground.fleet import day
from bot.playground.limits import Limits
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.bench.ground import machine
from tests.postgres import PostgresServer

PORT = 18_766
AT_ONCE = 32


def main() -> None:
    """Start everything, warm up, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--requests", type=int, default=1_600)
    options = parser.parse_args()
    print(f"{options.requests} commands, {AT_ONCE} at once, {options.database}, {machine()}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        day.lay_out(folder, day.day_start(datetime.now(UTC)))
        space = seed.workspace(time.time, limits=Limits.none())
        slack = stack.enter_context(PlaygroundServer(space, templates_folder()))
        url = f"sqlite:///{folder / 'bench.db'}"
        if options.database == "postgres":
            url = stack.enter_context(PostgresServer(durable=True)).create_database()
        stack.enter_context(_web(folder, url, space, slack.api_url))
        _fire(space, slack.url, AT_ONCE * 2)
        times = sorted(_fire(space, slack.url, options.requests))
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        print(f"{name}: {1_000 * times[min(len(times) - 1, int(len(times) * share))]:.0f} ms")
    print(f"mean: {1_000 * statistics.fmean(times):.0f} ms")


@contextmanager
def _web(folder: Path, url: str, space: Workspace, api_url: str) -> Iterator[None]:
    env = os.environ | {
        "BURNBAN_SPECS": str(folder / day.SPECS),
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": space.keys.bot,
        "SLACK_SIGNING_SECRET": space.keys.signing,
        "SLACK_API_URL": api_url,
        "PORT": str(PORT),
    }
    process = subprocess.Popen([sys.executable, "-m", "bot", "web"], env=env)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/healthz", trust_env=False)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _fire(space: Workspace, base: str, count: int) -> list[float]:
    """Seconds from sending to the acknowledgement, one figure a command. A process of its own asks,
    so that its figures do not tell of the loopback Slack's work."""
    requests = [_request(space, base, number) for number in range(count)]
    with ProcessPoolExecutor(1, get_context("spawn")) as asker:
        return asker.submit(_ask_all, requests).result()


def _ask_all(requests: list[bytes]) -> list[float]:
    return asyncio.run(_in_lanes(requests))


async def _in_lanes(requests: list[bytes]) -> list[float]:
    lanes = await asyncio.gather(*(_lane(requests[n::AT_ONCE]) for n in range(AT_ONCE)))
    return [time for lane in lanes for time in lane]


async def _lane(requests: list[bytes]) -> list[float]:
    """One connection: each request follows on the answer to the one before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    times = []
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        times.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
    writer.close()
    return times


def _request(space: Workspace, base: str, number: int) -> bytes:
    """One signed request, as it goes over the wire."""
    body = urlencode(
        {
            "command": "/budget",
            "text": "status",
            "user_id": "U0MIRA",
            "user_name": "mira",
            "team_id": "T0PLAYGRND",
            "channel_id": "C0SEARCH",
            "trigger_id": f"{number}.{time.monotonic_ns()}",
            "response_url": f"{base}/{space.hooks.for_command('U0MIRA', 'C0SEARCH').path}",
        }
    )
    stamp = str(int(time.time()))
    secret = space.keys.signing.encode()
    digest = hmac.new(secret, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1",
        f"host: 127.0.0.1:{PORT}",
        "content-type: application/x-www-form-urlencoded",
        f"content-length: {len(body)}",
        f"x-slack-request-timestamp: {stamp}",
        f"x-slack-signature: v0={digest}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


if __name__ == "__main__":
    main()
