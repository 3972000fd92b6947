"""Requests whose head never arrives whole are not waited for, and whoever is prompt is served; what
goes wrong is logged without secrets."""

import logging
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from bot.flow.gate.tokens import PREFIX
from bot.wiring.heads import Prompt, config_of
from bot.wiring.logs import configure_logs
from tests.served import running, served

HEAD = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"


class Hasty(Prompt):
    """The same with less patience."""

    within = 0.2


@pytest.fixture
def url() -> Iterator[str]:
    web = FastAPI()
    web.get("/healthz")(lambda: {"ok": True})
    with served(web, Hasty) as found:
        yield found


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


@pytest.mark.parametrize(
    "said", [b"", b"\r\n", b"GET /heal", b"POST /v1/gate/decisions HTTP/1.1\r\n", HEAD + b"x: "]
)
def test_a_head_that_does_not_arrive_is_hung_up_on(url: str, said: bytes) -> None:
    with connected(url) as line:
        line.sendall(said)
        assert line.recv(65_536) == b""


@pytest.mark.parametrize("more", [b"\r\n", b"GET /heal"])
def test_what_follows_an_answer_and_is_no_request_is_hung_up_on_too(url: str, more: bytes) -> None:
    with connected(url) as line:
        line.sendall(HEAD + b"\r\n")
        assert b"200 OK" in line.recv(65_536)
        line.sendall(more)
        assert line.recv(65_536) == b""


def test_a_body_that_nobody_reads_keeps_no_line_open(url: str) -> None:
    with connected(url) as line:
        line.sendall(HEAD + b"content-length: 1000000\r\n\r\n")
        assert b"200 OK" in line.recv(65_536)
        line.sendall(b"x")
        assert line.recv(65_536) == b""


def test_whoever_is_prompt_keeps_the_line(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert [client.get("/healthz").status_code for _ in range(3)] == [200, 200, 200]


def test_what_the_server_itself_logs_bears_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    token = PREFIX + "c4n4ry" * 7
    web = FastAPI()

    @web.get("/boom")
    def boom() -> None:
        raise ValueError(token)

    root, theirs = logging.getLogger(), logging.getLogger("uvicorn")
    before, level, own = root.handlers[:], root.level, (theirs.handlers[:], theirs.propagate)
    theirs.handlers[:], theirs.propagate = [], True  # as in a process that serves nothing else
    configure_logs(logging.INFO)
    try:
        with running(config_of(web, keep_alive=5)) as url:
            assert httpx.get(f"{url}/boom", trust_env=False).status_code == 500
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        theirs.handlers[:], theirs.propagate = own
    said = capsys.readouterr()
    assert "ValueError: [secret]" in said.err
    assert "c4n4ry" not in said.err + said.out
