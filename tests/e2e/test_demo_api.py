"""A running demo, asked as pipelines and jobs ask: the lines that it prints, pasted in a shell."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.remote.client import Remote
from tests.e2e.demo_visit import address, demo
from tests.e2e.process import ROOT, Process, clean
from tests.e2e.waiting import BUSY, until

_DOCS = ("docs/gate.md", "docs/quality.md")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Demo:
    """One that runs, and where."""

    url: str
    folder: Path
    process: Process
    bin: Path
    """A folder with the command `burnban`."""

    @property
    def printed(self) -> list[str]:
        """What it printed to be pasted."""
        return [line.strip() for line in self.process.log.splitlines() if line.startswith("  ")]

    @property
    def exports(self) -> list[str]:
        return [line for line in self.printed if line.startswith("export ")]

    def paste(self, *lines: str) -> subprocess.CompletedProcess[str]:
        """In a new shell in the folder of the demo."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        env = {"PATH": path, "BURNBAN_CACHE": str(self.folder / "cache")}
        return subprocess.run(
            ["sh", "-c", "\n".join([*self.exports, *lines])],
            env=clean(env), cwd=self.folder, capture_output=True, text=True, check=False,
            timeout=60 * BUSY,
        )  # fmt: skip

    def history(self) -> list[dict[str, Any]]:
        """What stands in it."""
        token = self.exports[1].partition("=")[2]
        borne = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(f"{self.url}/v1/history", headers=borne, trust_env=False)
        rows: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return rows


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    command = folder / "bin" / "burnban"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n')
    command.chmod(0o755)
    with demo(folder) as process:
        url = address(process)
        until(lambda: "burnban push" in process.log, "lines to paste", 30, lambda: process.log)
        yield Demo(url, folder, process, command.parent)
        assert process.end(signal.SIGINT, seconds=10) == 0
        assert "Traceback" not in process.log


def test_the_address_for_the_browser_comes_before_all_that_is_for_pipelines(running: Demo) -> None:
    log = running.process.log
    assert log.index(f"Open {running.url}") < log.index("export BURNBAN_URL")
    assert all(len(line) < 80 for line in log.splitlines()), "a narrow terminal would break a line"


def test_the_printed_question_to_the_gate_is_answered(running: Demo) -> None:
    (line,) = (line for line in running.printed if line.startswith("burnban gate"))
    done = running.paste(line)
    assert "ranker v40 may go" in done.stderr
    assert done.returncode == 0
    assert any(row["event"] == "release_allowed" for row in running.history())


def test_the_printed_labels_are_taken_once_and_are_on_record(running: Demo) -> None:
    (line,) = (line for line in running.printed if line.startswith("burnban push"))
    first, again = running.paste(line), running.paste(line)
    assert (first.returncode, first.stdout) == (
        0,
        "fraud-labels: 8 taken, 8 of them new; 0 refused\n",
    )
    assert (again.returncode, again.stdout) == (
        0,
        "fraud-labels: 8 taken, 0 of them new; 0 refused\n",
    )
    until(
        lambda: [row for row in running.history() if row["event"] == "restated"],
        "what the labels changed", 30, lambda: running.process.log,
    )  # fmt: skip


def test_the_curl_of_the_manual_is_answered(running: Demo) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "gate.md").read_text(encoding="utf-8"))
    (curl,) = (block for block in blocks if "/v1/gate/decisions" in block)
    done = running.paste(curl)
    assert '"allowed":true' in done.stdout
    assert '"service":"ranker"' in done.stdout


@pytest.mark.parametrize("name", _DOCS)
def test_the_manual_says_how_to_try_it_on_the_demo(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "`burnban demo`" in text
    assert "export" in text


def test_a_release_can_be_told(running: Demo) -> None:
    done = running.paste(
        'curl -s "$BURNBAN_URL/v1/releases" -H "Authorization: Bearer $BURNBAN_TOKEN" --json \''
        '{"service": "recs", "version": "r120", "kind": "began"}\''
    )
    assert '"recorded":true' in done.stdout


def test_without_the_token_nothing_is_answered(running: Demo) -> None:
    question = {"subject": {"service": "ranker"}}
    asked = httpx.post(f"{running.url}/v1/gate/decisions", json=question, trust_env=False)
    assert asked.status_code == 401


def token_of(process: Process) -> str:
    """Once all is printed."""
    until(lambda: "burnban push" in process.log, "token", 30, lambda: process.log)
    found: str = re.findall(r"BURNBAN_TOKEN=(\S+)", process.log)[0]
    return found


def test_the_same_token_opens_the_same_day_after_a_restart_and_no_other_day(tmp_path: Path) -> None:
    tokens, urls = [], []
    for words in ((), (), ("--reset",)):
        with demo(tmp_path, *words) as process:
            urls.append(address(process))
            tokens.append(token_of(process))
            with Remote(urls[-1], tokens[-1]) as remote:
                assert remote.status("ranker")
            process.end(signal.SIGINT, seconds=10)
    assert tokens[0] == tokens[1] != tokens[2]
