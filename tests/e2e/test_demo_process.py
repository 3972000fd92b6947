"""`burnban demo` as a process: it ends in good order, goes on where it was, and starts over."""

import json
import re
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.seed import ONCALL, SCIENTIST, SEARCH_ALERTS
from tests.e2e.demo_visit import address, demo
from tests.e2e.process import Process, burnban
from tests.e2e.waiting import until


def page(url: str) -> dict[str, Any]:
    """What the page shows first: the line above it, and the messages."""
    where = f"{url}/web/events?user={SCIENTIST.id}"
    with httpx.stream("GET", where, trust_env=False) as stream:
        line = next(line for line in stream.iter_lines() if line.startswith("data: "))
    shown: dict[str, Any] = json.loads(line.removeprefix("data: "))
    return shown


def clock(url: str) -> str:
    """The time of the replayed day, UTC."""
    told = re.compile(r"\|(\d\d:\d\d) UTC>, a replayed day")
    return until(lambda: told.findall(str(page(url)["banner"])), "banner")[0]


def warnings(url: str) -> list[str]:
    """Texts of the burn warnings that stand in the channel."""
    texts = [message["text"] for message in page(url)["messages"]]
    return [text for text in texts if "the budget of “Requests that succeed”" in text]


def ends(process: Process) -> None:
    """By Ctrl-C: within seconds, without a traceback."""
    assert process.end(signal.SIGINT, seconds=10) == 0
    assert "Traceback" not in process.log


@pytest.mark.parametrize("line", ["Reading four weeks", "Open http"])
def test_ctrl_c_ends_it_while_it_still_gets_ready_too(tmp_path: Path, line: str) -> None:
    process = demo(tmp_path)
    with process:
        until(lambda: line in process.log, line, 30, lambda: process.log)
        ends(process)


def said(url: str, words: str) -> list[dict[str, Any]]:
    """Messages of the channels that say so."""
    return [message for message in page(url)["messages"] if words in message["text"]]


def approve(url: str, request: dict[str, Any]) -> None:
    """The on-call's click on a request."""
    click = {
        "user": ONCALL.id, "channel": SEARCH_ALERTS.id, "ts": request["ts"], "action_id": "approve"
    }  # fmt: skip
    answer = httpx.post(f"{url}/web/click", json=click, trust_env=False).json()
    assert answer == {"ok": True, "error": "", "notes": {}}


def test_a_second_start_goes_on_where_the_day_was_left_and_a_reset_starts_it_over(
    tmp_path: Path,
) -> None:
    with demo(tmp_path, "--speed", "600") as first:
        url = address(first)
        until(lambda: warnings(url), "warning", 30, lambda: first.log)
        left = clock(url)
        ends(first)
    with demo(tmp_path) as second:
        url = address(second)
        assert left <= clock(url) < "12:00"
        assert len(warnings(url)) == 1
        ends(second)
    with demo(tmp_path, "--reset") as third:
        url = address(third)
        assert clock(url) < "08:10"
        assert page(url)["messages"] == []
        ends(third)


def test_after_a_kill_the_channels_are_as_they_were_and_a_request_in_them_can_be_approved(
    tmp_path: Path,
) -> None:
    asks, frozen = "asks to freeze releases of service ranker", "of service ranker are frozen"
    with demo(tmp_path, "--speed", "600") as first:
        url = address(first)
        (request,) = until(lambda: said(url, asks), "request", 30, lambda: first.log)
        left = clock(url)
        first.end(signal.SIGKILL)
    with demo(tmp_path) as second:
        url = address(second)
        assert left <= clock(url)
        (again,) = said(url, asks)
        assert again["ts"] == request["ts"]
        approve(url, again)
        until(lambda: said(url, frozen), "freeze", 30, lambda: second.log)
        ends(second)


def test_what_was_said_and_cannot_be_read_is_told_with_what_works(tmp_path: Path) -> None:
    with demo(tmp_path) as first:
        address(first)
        ends(first)
    (tmp_path / ".burnban-demo" / "workspace.db").write_bytes(b"no database at all " * 100)
    done = burnban(["demo", "--port", "0"], {}, tmp_path)
    assert done.returncode == 2
    assert "What was said on this day so far cannot be read" in done.stderr
    assert "burnban demo --reset" in done.stderr


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    with demo(tmp_path) as first:
        address(first)
        url = address(first)
        for words in (["--port", "0", "--reset"], ["--port", url.rpartition(":")[2]]):
            second = burnban(["demo", *words], {}, tmp_path)
            assert second.returncode == 2
            assert f"A demo runs in this folder already: {url}" in " ".join(second.stderr.split())
            assert "mkdir try && cd try && burnban demo --port 0" in second.stderr
        assert page(url)["banner"]
        ends(first)


def test_a_port_that_is_taken_is_told_with_what_works(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = burnban(["demo", "--port", str(port)], {}, tmp_path)
    assert done.returncode == 2
    assert f"Port {port} cannot be taken" in done.stderr
    assert "burnban demo --port 0" in done.stderr


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / ".burnban-demo").write_text("a file")
    done = burnban(["demo", "--port", "0"], {}, tmp_path)
    assert done.returncode == 2
    assert ".burnban-demo, which cannot be used" in done.stderr


def test_a_day_that_cannot_be_read_is_a_new_day(tmp_path: Path) -> None:
    folder = tmp_path / ".burnban-demo"
    folder.mkdir()
    (folder / "day.json").write_text("[1]")
    (folder / "burnban.db").write_text("of an attempt that was killed")
    with demo(tmp_path) as process:
        assert clock(address(process)) < "08:10"
        ends(process)


def test_a_proxy_of_the_company_is_not_asked_for_this_machine(tmp_path: Path) -> None:
    nowhere = "http://nowhere.invalid:9"
    env = {"HTTP_PROXY": nowhere, "http_proxy": nowhere, "HTTPS_PROXY": nowhere}
    with Process(["demo", "--port", "0", "--speed", "600"], env, tmp_path) as process:
        url = address(process)
        until(lambda: warnings(url), "warning", 30, lambda: process.log)
        ends(process)
