"""One call of a REST API: JSON there, JSON back, bounded in time and size, only ever to the host
that the specs name. Addresses in answers are never followed."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import Request

from bot.errors import DeliveryError, RateLimited, Refused, Unclear, Unreachable
from bot.notify.exchange import Given, exchange

TIMEOUT = 8.0
"""Seconds for one call, all in."""
AGAIN_AFTER = 5.0
"""Seconds until another attempt when nobody was there."""
_PATIENCE = 60.0
"""Seconds to wait where a host asks for patience without saying how much."""
_LONGEST = 3_600.0
_CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 422: "unprocessable"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with a 2xx."""

    status: int
    said: Any
    """JSON; None for an empty body."""
    headers: Message

    def rows(self, name: str = "") -> list[Mapping[str, Any]]:
        """The objects of a list, or of one under a name. Raises Unclear."""
        found = self.table().get(name) if name else self.said
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise Unclear(f"answered without a list{f' of {name}' if name else ''}")
        return found

    def table(self) -> Mapping[str, Any]:
        """The object. Raises Unclear."""
        if not isinstance(self.said, Mapping):
            raise Unclear("answered with something that is no object")
        return self.said


@dataclass(frozen=True)
class Wire:
    """The way to one host. `now`: seconds since 1970, for limits that name an instant."""

    url: str
    now: Callable[[], float]
    monotonic: Callable[[], float] = time.monotonic
    timeout: float = TIMEOUT

    def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Answer:
        """Raises RateLimited, Refused or Unclear."""
        asked = f"?{urlencode(query)}" if query else ""
        said = {"Accept": "application/json", "User-Agent": "burnban", **headers}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            said["Content-Type"] = "application/json"
        address = f"{self.url}{path}{asked}"
        request = Request(address, data, said, method=method)  # noqa: S310 - the specs' own address
        try:
            given = exchange(request, self.timeout, monotonic=self.monotonic)
        except URLError as error:
            raise _silent(error.reason) from error
        except (OSError, HTTPException) as error:
            raise _silent(error) from error
        return self._judged(given, f"{method} {path}")

    def _judged(self, given: Given, what: str) -> Answer:
        if 200 <= given.status < 300:
            return Answer(given.status, _json(given.body, what), given.headers)
        patience = self._patience(given)
        if patience is not None:
            raise RateLimited(patience)
        if given.status >= 500:
            raise Unclear(f"{what}: HTTP {given.status}")
        code = _CODES.get(given.status, f"http_{given.status}")
        raise Refused(code, f"{what}: {_message(given.body)}")

    def _patience(self, given: Given) -> float | None:
        """Seconds until it may be asked again; None if that is not what it says. A 403 may be one,
        too: GitHub's limits answer so."""
        if given.status not in (403, 429):
            return None
        after = _number(given.headers.get("retry-after"))
        if after is not None:
            return min(_LONGEST, max(1.0, after))
        spent = given.headers.get("x-ratelimit-remaining") == "0"
        reset = _number(given.headers.get("x-ratelimit-reset"))
        if spent and reset is not None:
            return min(_LONGEST, max(1.0, reset - self.now()))
        limited = given.status == 429 or "rate limit" in given.body[:2_000].lower()
        return _PATIENCE if limited else None


def segment(name: str) -> str:
    """A name as one piece of a path: nothing in it opens another one."""
    return quote(name, safe="")


def path_of(place: str) -> str:
    """`acme/ranker` as a path of two pieces."""
    return "/".join(segment(part) for part in place.split("/"))


def _silent(reason: object) -> DeliveryError:
    if isinstance(reason, ConnectionRefusedError):
        return Unreachable("connection refused", AGAIN_AFTER)
    return Unclear(str(reason) or type(reason).__name__)


def _json(body: str, what: str) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unclear(f"{what}: answered with something that is no JSON") from error


def _message(body: str) -> str:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "no reason given"
    found = said.get("message") or said.get("error") if isinstance(said, Mapping) else None
    return " ".join(str(found or "no reason given").split())[:300]


def _number(text: str | None) -> float | None:
    try:
        found = float(text) if text is not None else None
    except ValueError:
        return None
    return found if found is not None and 0 <= found < 1e12 else None
