"""One request and its answer over HTTP, neither waited for nor read without end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
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
    try:
        response = _opener(request.full_url, context).open(request, timeout=timeout)
    except HTTPError as error:
        with error:
            return Given(error.code, error.headers, _read(error.fp, ends, timeout, monotonic))
    with response:
        body = _read(response, ends, timeout, monotonic)
        return Given(response.status, response.headers, body)


def _opener(url: str, context: SSLContext | None) -> OpenerDirector:
    proxies = [ProxyHandler({})] if _here(urlsplit(url).hostname or "") else []
    return build_opener(_NoRedirect(), HTTPSHandler(context=context), *proxies)


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read(response: Any, ends: float, timeout: float, monotonic: Callable[[], float]) -> str:
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise OSError(f"the answer is longer than {LARGEST} bytes")
        if monotonic() > ends:
            raise TimeoutError(f"no whole answer within {timeout:g} s")
    return body.decode("utf-8", "replace")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Slack does not redirect; whoever does must not get the token."""
