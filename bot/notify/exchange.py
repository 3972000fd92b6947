"""One request and its answer over HTTP, neither waited for nor read without end."""

import io
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

LARGEST = 8_000_000
"""Bytes of an answer; a page of 200 messages with their blocks stays far below."""
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, whatever its status."""

    status: int
    headers: Message
    body: str


def exchange(
    request: Request,
    timeout: float,
    *,
    context: SSLContext | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Given:
    """Over within about `timeout` seconds all in: to connect, to wait for the first byte, and to
    read the rest. Redirects are not followed. Proxies are those of the environment (HTTPS_PROXY,
    NO_PROXY), but none stands between us and this machine. Raises OSError or HTTPException."""
    ends = monotonic() + timeout

    def left() -> float:
        remaining = ends - monotonic()
        if remaining <= 0:
            raise TimeoutError(f"no whole answer within {timeout:g} s")
        return remaining

    try:
        response = _opener(request.full_url, context, left).open(request, timeout=timeout)
    except HTTPError as error:
        with error:
            return Given(error.code, error.headers, _read(cast(HTTPResponse, error.fp)))
    with response:
        return Given(response.status, response.headers, _read(response))


Left = Callable[[], float]
"""Seconds until the deadline. Raises TimeoutError past it."""


def _opener(url: str, context: SSLContext | None, left: Left) -> OpenerDirector:
    proxies = [ProxyHandler({})] if _here(urlsplit(url).hostname or "") else []
    return build_opener(_NoRedirect(), _Plain(left), _Secure(left, context), *proxies)


class _Plain(HTTPHandler):
    def __init__(self, left: Left) -> None:
        super().__init__()
        self._left = left

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(cast(Any, partial(_hurry, HTTPConnection, self._left)), req)


class _Secure(HTTPSHandler):
    def __init__(self, left: Left, context: SSLContext | None) -> None:
        super().__init__(context=context)
        self._left, self._tls = left, context

    def https_open(self, req: Request) -> HTTPResponse:
        connect = partial(_hurry, HTTPSConnection, self._left, context=self._tls)
        return self.do_open(cast(Any, connect), req)


def _hurry(kind: type[HTTPConnection], left: Left, host: str, **how: Any) -> HTTPConnection:
    """A connection on which no read waits past the deadline, also while the head comes in."""
    connection = kind(host, **how)

    def answer(sock: socket.socket, *asked: Any, **more: Any) -> HTTPResponse:
        response = HTTPResponse(sock, *asked, **more)
        raw = response.fp.detach()
        response.fp = io.BufferedReader(_Hurried(raw, sock, left))
        return response

    cast(Any, connection).response_class = answer
    return connection


class _Hurried(io.RawIOBase):
    def __init__(self, inner: io.RawIOBase, sock: socket.socket, left: Left) -> None:
        self._inner, self._sock, self._left = inner, sock, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._left())
        return self._inner.readinto(buffer)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read(response: HTTPResponse) -> str:
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise OSError(f"the answer is longer than {LARGEST} bytes")
    if response.length:
        raise IncompleteRead(bytes(body), response.length)
    return body.decode("utf-8", "replace")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Whom we ask does not redirect; whoever does must not get the token."""
