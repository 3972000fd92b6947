"""One replica on one SQLite file; any number on PostgreSQL."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import RecordError
from bot.record import hold

pytest_plugins = ["tests.record_stores"]

HOLDER = """
import sys
from bot.record import hold
with hold(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def refused(url: str, words: str) -> str:
    """What is said to the second."""
    with pytest.raises(RecordError, match=words) as caught, hold(url):
        pass
    return str(caught.value)


def holder(url: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": "."},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_replica_on_one_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'burnban.db'}"
    with hold(url):
        assert "use Postgres" in refused(url, "two replicas on one SQLite")
        with hold(f"sqlite:///{tmp_path / 'other.db'}"):
            pass
    with hold(url):
        pass


def test_another_process_is_named_and_its_death_frees_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'burnban.db'}"
    with holder(url) as other:
        refused(url, f"process {other.pid} works on")
        other.send_signal(signal.SIGKILL)
        other.wait(10)
    with hold(url):
        pass


def test_a_file_in_no_folder_is_named(tmp_path: Path) -> None:
    refused(f"sqlite:///{tmp_path / 'no' / 'burnban.db'}", "cannot lock")


def test_replicas_on_postgres_need_no_lock() -> None:
    url = "postgresql://burnban@localhost/burnban"
    with hold(url), hold(url):
        pass
