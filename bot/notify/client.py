"""A Slack client that never repeats a call by itself and never waits or reads without end."""

import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from slack_sdk import WebClient

LARGEST = 8_000_000
"""Bytes of an answer; a page of 200 messages with their blocks stays far below."""
_PIECE = 65_536


def build_client(
    token: str,
    base_url: str,
    timeout: float,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> WebClient:
    """A WebClient for `base_url` whose calls end after about `timeout` seconds all in: to connect,
    to wait for the first byte, and to read the rest. Without retries: slack_sdk's own would post
    twice after a dropped answer."""
    return _Bounded(token, base_url, timeout, monotonic)


class _Bounded(WebClient):
    def __init__(
        self, token: str, base_url: str, timeout: float, monotonic: Callable[[], float]
    ) -> None:
        super().__init__(token=token, base_url=base_url, retry_handlers=[])
        self._deadline = timeout
        self._monotonic = monotonic

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """slack_sdk's one place that touches the network; its own reads without end and follows
        redirects. What it gives is as there, for bad statuses too."""
        del url
        ends = self._monotonic() + self._deadline
        try:
            response = self._opener().open(req, timeout=self._deadline)
        except HTTPError as error:
            with error:
                body = self._read(error.fp, ends)
                return {"status": error.code, "headers": error.headers, "body": body}
        with response:
            body = self._read(response, ends)
            return {"status": response.status, "headers": response.headers, "body": body}

    def _opener(self) -> OpenerDirector:
        handlers: list[Any] = [_NoRedirect(), HTTPSHandler(context=self.ssl)]
        if self.proxy:
            handlers.append(ProxyHandler({"http": self.proxy, "https": self.proxy}))
        return build_opener(*handlers)

    def _read(self, response: Any, ends: float) -> str:
        body = bytearray()
        while piece := response.read1(_PIECE):
            body += piece
            if len(body) > LARGEST:
                raise OSError(f"the answer is longer than {LARGEST} bytes")
            if self._monotonic() > ends:
                raise TimeoutError(f"no whole answer within {self._deadline:g} s")
        return body.decode("utf-8", "replace")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Slack does not redirect; whoever does must not get the token."""
