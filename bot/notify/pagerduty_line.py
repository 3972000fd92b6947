"""The line to PagerDuty: its own client library, but with an end to every question.

Left to itself the library tries for ever on a 429, waits a minute for each answer, and reads
whatever comes. Here all the requests of one question share one deadline.
"""

from collections.abc import Callable
from http.client import HTTPException
from urllib.request import Request

import httpx2
import pagerduty

from bot.errors import RateLimited, Unclear
from bot.notify.exchange import exchange

_AGAIN = 1
"""How often a request is made again after a broken connection or a 5xx: reading harms nothing."""
_PAUSE = 0.1
"""Seconds; the library doubles it before the first use."""
_PATIENCE = 60.0
"""Seconds to wait when PagerDuty asks for patience without saying how much: its limits are counted
by the minute."""
_TROUBLED = (500, 502, 503, 504)


class Line(pagerduty.RestApiV2Client):
    """A client of the REST API for one question."""

    def __init__(
        self, url: str, token: str, seconds: float, monotonic: Callable[[], float]
    ) -> None:
        super().__init__(
            token, base_url=url, transport=_Bounded(seconds, monotonic), trust_env=False
        )
        self.max_network_attempts = _AGAIN
        self.retry = dict.fromkeys(_TROUBLED, _AGAIN)
        self.sleep_timer = _PAUSE

    @property
    def url(self) -> str:
        """Where the API is. The library refuses http:// even to this very machine; what may stand
        in a spec is judged when it is read."""
        return self._where

    @url.setter
    def url(self, url: str) -> None:
        self._where = url


class _Bounded(httpx2.BaseTransport):
    """Sends requests until its time is over."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._ends = monotonic() + seconds

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises Unclear once the time is over, and RateLimited on a 429: whoever waits for a
        click to be answered cannot wait for PagerDuty's minute to pass."""
        left = self._ends - self._monotonic()
        if left <= 0:
            raise Unclear(f"no whole answer within {self._seconds:g} s")
        # What is compressed would have to be unpacked without an end.
        headers = {**request.headers, "accept-encoding": "identity"}
        asked = Request(str(request.url), headers=headers, method=request.method)  # noqa: S310
        try:
            given = exchange(asked, left, monotonic=self._monotonic)
        except TimeoutError as error:
            raise Unclear(f"no whole answer within {self._seconds:g} s") from error
        except (OSError, HTTPException) as error:
            raise httpx2.NetworkError(str(error) or type(error).__name__) from error
        if given.status == 429:
            raise RateLimited(_patience(given.headers.get("ratelimit-reset")))
        kind = {"content-type": given.headers.get("content-type", "")}
        body = httpx2.ByteStream(given.body.encode())
        return httpx2.Response(given.status, headers=kind, stream=body)


def _patience(reset: str | None) -> float:
    """Seconds until there is room for another request."""
    return float(reset) if reset is not None and reset.isdecimal() else _PATIENCE
