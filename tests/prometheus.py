"""A real Prometheus for tests: started on a free port, filled with a history we know."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import httpx

from tests.components import need
from tests.ports import free_port

NO_SCRAPES = "global:\n  scrape_interval: 1h\n"


def fill(openmetrics_lines: Iterable[str], out_dir: Path, block: str = "2h") -> None:
    """Write blocks from lines of OpenMetrics text (`name_total{a="b"} 5 1700000000.123`), grouped
    by metric family, `# EOF` is added. Longer blocks (`block`) are made much faster."""
    need("prometheus")
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".om", dir=out_dir.parent) as text:
        text.writelines(f"{line}\n" for line in openmetrics_lines)
        text.write("# EOF\n")
        text.flush()
        subprocess.run(
            [
                *("promtool", "tsdb", "create-blocks-from", "-q", f"--max-block-duration={block}"),
                *("openmetrics", text.name, str(out_dir)),
            ],
            check=True,
            capture_output=True,
        )


class PrometheusServer:
    """A Prometheus over `data_dir`; without a scrape configuration it only answers."""

    def __init__(self, data_dir: Path, scrape_config: str | None = None, *flags: str) -> None:
        self.data_dir = data_dir
        self.config = scrape_config or NO_SCRAPES
        self.flags = flags
        self.url = ""
        self.pid = 0

    def __enter__(self) -> Self:
        program = need("prometheus")
        self.data_dir.mkdir(parents=True, exist_ok=True)
        config = self.data_dir.parent / f"{self.data_dir.name}.yml"
        config.write_text(self.config)
        self._log = (self.data_dir.parent / f"{self.data_dir.name}.log").open("wb")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={self.data_dir}",
                "--storage.tsdb.retention.time=20y",
                f"--web.listen-address=127.0.0.1:{port}",
                *self.flags,
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GOMAXPROCS": "2"},
        )
        self.pid = self._process.pid
        try:
            self._wait(30.0)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def pause(self) -> None:
        """Stop answering without going away (SIGSTOP)."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again."""
        self._process.send_signal(signal.SIGCONT)

    def _wait(self, patience: float) -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"Prometheus ended at once; see {self._log.name}")
            try:
                if httpx.get(f"{self.url}/-/ready", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"Prometheus was not ready within {patience:g} s")

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._log.close()
