"""A `burnban` of the test's own: a real process, its log in a file, its environment clean."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import httpx

from tests.e2e.waiting import BUSY, until

NewDatabase = Callable[[], str]
"""Makes a migrated database; its URL."""
ROOT = Path(__file__).parents[2]
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


def clean(env: Mapping[str, str]) -> dict[str, str]:
    """The settings given, and of the machine's environment only what any program needs."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"} | dict(env)


def burnban(
    words: Sequence[str], env: Mapping[str, str], folder: Path, seconds: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """One verb that ends by itself, run in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=clean(env),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=BUSY * seconds,
        check=False,
    )


class Process:
    """A program that runs until it is stopped."""

    def __init__(
        self, words: Sequence[str], env: Mapping[str, str], folder: Path, name: str = ""
    ) -> None:
        """`words`: of `burnban`, or a whole command line that begins with a path."""
        own = words[0].startswith("/")
        self._line = list(words) if own else [sys.executable, "-m", "bot", *words]
        self._env = clean(env)
        self._folder = folder
        self._log = folder / f"{name or words[0]}.log"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it, again after it has ended."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._line, env=self._env, cwd=self._folder, stdout=log, stderr=log
            )
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.alive:
            self.end()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._running is not None and self._running.poll() is None

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def end(self, how: signal.Signals = signal.SIGTERM, seconds: float = 20.0) -> int:
        """Stop it as a platform would; its exit code. Killed if it does not listen."""
        assert self._running is not None
        self._running.send_signal(how)
        try:
            return self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
            raise AssertionError(f"it did not end within {seconds:g} s\n{self.log}") from None

    def kill(self) -> None:
        """kill -9."""
        assert self._running is not None
        self._running.kill()
        self._running.wait()

    def ended(self, seconds: float = 30.0) -> int:
        """Wait until it ends by itself; its exit code (negative: the signal that killed it)."""
        assert self._running is not None
        try:
            return self._running.wait(BUSY * seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it still ran after {BUSY * seconds:g} s\n{self.log}") from None

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal."""
        assert self._running is not None
        self._running.send_signal(which)


def answering(process: Process, port: int, seconds: float = 30.0) -> str:
    """Wait until the process answers HTTP; where it does."""
    url = f"http://127.0.0.1:{port}"

    def healthy() -> bool:
        assert process.alive, f"it ended at once\n{process.log}"
        try:
            return httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    until(healthy, "answer of /healthz", seconds, lambda: process.log)
    return url
