"""`python -m tests.bench.admission [--database postgres]`: how long an API server waits.

A real server process over HTTP, 1,000 services with an account each, 50 freezes; reviews of
Deployments as an API server sends them (5 kB, with the object before and after), from another
process on the same machine. Each is another release, and is on record when it is answered.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from bot.clock import SystemClock
from bot.decide.cluster import Cluster
from bot.decide.outside import Outside
from bot.entrypoints.kubernetes.admission import build_admission
from bot.entrypoints.kubernetes.parts import ClusterParts
from bot.flow.canary.show import ShowCanary
from bot.flow.gate.admit import Admit
from bot.flow.gate.note_glass import NoteGlass
from bot.flow.override.break_glass import BreakGlass
from bot.record import Database
from bot.wiring.core import NoDirectory
from bot.wiring.gate import gate
from bot.wiring.serve import listen
from tests.admission import review, scaled, workload
from tests.bench.gate import FREEZES, SERVICES, _checked, _database, _fill, _keep, _measure, _specs
from tests.bench.ground import machine, served


def main() -> None:
    """Fill, serve, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--lanes", type=int, default=2, help="connections that ask at once")
    parser.add_argument("--serve", default="", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port)
        return
    print(f"{SERVICES} services, {FREEZES} freezes, {options.database}, {machine()}")
    with tempfile.TemporaryDirectory() as name, _database(options.database, Path(name)) as url:
        token = _fill(url)
        with served("tests.bench.admission", url) as (port, pid):
            _measure("releases", port, pid, options, lambda n: _asked(port, token, *_release(n)))
            _measure("dry runs", port, pid, options, lambda n: _asked(port, token, *_dry(n)))
            _measure("scaling", port, pid, options, lambda n: _asked(port, token, *_scaling(n)))
        _checked(url)


def serve(url: str, port: int) -> None:
    """The server process: the webhook over a filled database, as `burnban web` has it."""
    sys.setswitchinterval(0.001)
    outside = Outside(clusters={"prod": Cluster("prod")})
    specs, clock = replace(_specs(), outside=outside), SystemClock()
    with Database(url) as record:
        built = gate(record, clock, lambda: specs, "#ops")
        glass = BreakGlass(record, clock, lambda: specs, NoDirectory(), "#ops")
        notes = NoteGlass(record, clock, lambda: specs, "#ops")
        admit = Admit(built.decide, glass, lambda: specs, clock, notes)
        canary, note = ShowCanary(record, clock, lambda: specs), built.api.note
        parts = ClusterParts(admit, built.decide, built.api.callers, lambda: specs, canary, note)
        over = threading.Event()
        keeper = threading.Thread(target=_keep, args=(built.decide, over))
        keeper.start()
        gc.collect()
        gc.freeze()  # as `burnban web` does
        config = uvicorn.Config(
            build_admission(parts), log_level="warning", access_log=False, lifespan="off"
        )
        try:
            uvicorn.Server(config).run(sockets=[listen(port, "127.0.0.1")])
        finally:
            over.set()
            keeper.join()


def _object(number: int, version: int) -> dict[str, Any]:
    """The Deployment of a service, with what the API server keeps beside it; each service comes up
    again once all others did."""
    fields = {f"f:field-{n}": {"f:name": {}, "f:value": {}} for n in range(40)}
    manager = {"manager": "argocd-controller", "operation": "Apply", "fieldsV1": fields}
    return workload(
        f"registry.example/model:{version}",
        service=f"model-{number * 7 % SERVICES:04d}",
        generation=number // SERVICES + 1,
        managedFields=[manager],
    )


def _release(number: int) -> tuple[dict[str, Any], dict[str, Any], bool]:
    turn = number // SERVICES
    return _object(number, turn + 1), _object(number, turn), False


def _dry(number: int) -> tuple[dict[str, Any], dict[str, Any], bool]:
    return _object(number, number + 1), _object(number, number), True


def _scaling(number: int) -> tuple[dict[str, Any], dict[str, Any], bool]:
    old = _object(number, number)
    return scaled(old), old, False


def _asked(port: int, token: str, new: dict[str, Any], old: dict[str, Any], dry: bool) -> bytes:
    body = json.dumps(review(new, old, uid=os.urandom(16).hex(), dry_run=dry)).encode()
    head = (
        f"POST /prod/review/{token}?timeout=5s HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


if __name__ == "__main__":
    main()
