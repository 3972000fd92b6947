"""A Slack client that never repeats a call by itself and never waits or reads without end."""

import time
from collections.abc import Callable
from typing import Any
from urllib.request import Request

from slack_sdk import WebClient

from bot.notify.exchange import exchange


def build_client(
    token: str,
    base_url: str,
    timeout: float,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> WebClient:
    """A WebClient for `base_url` whose calls end after about `timeout` seconds all in. Without
    retries: slack_sdk's own would post twice after a dropped answer."""
    return _Bounded(token, base_url, timeout, monotonic)


class _Bounded(WebClient):
    def __init__(
        self, token: str, base_url: str, timeout: float, monotonic: Callable[[], float]
    ) -> None:
        super().__init__(token=token, base_url=base_url, retry_handlers=[])
        self._deadline = timeout
        self._monotonic = monotonic

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """slack_sdk's one place that touches the network; its own reads without end, follows
        redirects, and asks a proxy for this very machine. What it gives is as there, for bad
        statuses too."""
        del url
        given = exchange(req, self._deadline, context=self.ssl, monotonic=self._monotonic)
        return {"status": given.status, "headers": given.headers, "body": given.body}
