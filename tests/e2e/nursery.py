"""Many short-lived processes at little cost: a server that has imported everything forks them."""

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from tests.e2e.process import ROOT, clean
from tests.e2e.waiting import until


class Nursery:
    """A process without threads or connections of its own that forks children on demand."""

    def __init__(self, module: str) -> None:
        """`module`: has a `main` that takes a plan as a mapping, and calls `serve(main)`."""
        self._lock = threading.Lock()
        self._server = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=clean({}),
            cwd=ROOT,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(20)
        self._server.stdout.close()

    def child(self, plan: Mapping[str, Any], log: Path) -> "Child":
        """A process that carries out the plan."""
        return Child(self, int(self.ask(start=plan, log=str(log))), log)

    def ask(self, **question: Any) -> Any:
        """One question to the server."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with self._lock:
            self._server.stdin.write(json.dumps(question) + "\n")
            self._server.stdin.flush()
            return json.loads(self._server.stdout.readline())


class Child:
    """One of its processes."""

    def __init__(self, nursery: Nursery, pid: int, log: Path) -> None:
        self._nursery = nursery
        self._pid = pid
        self._log = log

    @property
    def log(self) -> str:
        """All that it said."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def ended(self, seconds: float = 40.0) -> int:
        """Wait until it ends; its exit code (negative: the signal that killed it)."""
        found: list[int] = []

        def gone() -> bool:
            code = self._nursery.ask(poll=self._pid)
            found.extend([] if code is None else [code])
            return bool(found)

        until(gone, f"end of process {self._pid}", seconds, lambda: self.log)
        return found[0]

    def kill(self) -> None:
        """kill -9."""
        os.kill(self._pid, signal.SIGKILL)
        self.ended()


def serve(main: Any) -> None:
    """The server's side: fork when asked, say who has ended, until the questions end."""
    plan = forked()
    if plan is not None:
        _live(main, plan)


def forked() -> Any:
    """Fork when asked, and say who has ended, until the questions end: then None. In each child, it
    gives the child's plan; standard error and output go to its log."""
    codes: dict[int, int | None] = {}
    for line in sys.stdin:
        question = json.loads(line)
        if "start" in question:
            pid = os.fork()
            if pid == 0:
                log = os.open(question["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                for stream in (1, 2):
                    os.dup2(log, stream)
                return question["start"]
            codes[pid] = None
            answer: int | None = pid
        else:
            pid = question["poll"]
            if codes[pid] is None:
                done, status = os.waitpid(pid, os.WNOHANG)
                codes[pid] = os.waitstatus_to_exitcode(status) if done else None
            answer = codes[pid]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid, code in codes.items():
        if code is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return None


def _live(main: Any, plan: Any) -> None:
    """A child's life, from the fork to its end."""
    code = 1
    try:
        main(plan)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
