"""Requests whose head never arrives whole are not waited for, and whoever is prompt is served."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from bot.wiring.heads import Prompt
from tests.served import served

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
