"""The HTTP API of Prometheus, and of all that speak it: bounded in time and size."""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.bounded import Deadlines, DeadlineTransport
from bot.errors import ConfigError, SourceError
from bot.measure.credentials import Credentials
from bot.measure.window import Window

_SLOW = ("timeout", "timed out", "took too long")
_TOO_HEAVY = ("too many", "limit", "exceed", "too large", "too long")


class Down(SourceError):
    """No answer, and none to be expected to anything else."""


class Unusable(SourceError):
    """An answer, but none to count from."""


class Rejected(SourceError):
    """The server refused this very question."""


class TooHeavy(Rejected):
    """The server, or our own size cap, refused so much at once: ask for less."""


class Slow(TooHeavy):
    """The server took too long for this very question."""


class Silent(SourceError):
    """No full answer came in time; who knows why."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer."""

    labels: Mapping[str, str]
    points: list[tuple[float, str]]
    """Time in seconds, value as text."""


@dataclass(frozen=True)
class Connection:
    """Where the server is and how to speak to it."""

    url: str
    """Without the trailing `/api/v1`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: Credentials = field(default_factory=Credentials)
    ca_file: str | None = None
    timeout: float = 20.0
    """Seconds for one request, all in all."""
    max_bytes: int = 64 * 1024 * 1024


class Api:
    """Questions to one server. Thread-safe."""

    def __init__(
        self,
        connection: Connection,
        monotonic: Callable[[], float],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._connection = connection
        self._monotonic = monotonic
        self._deadlines = Deadlines(monotonic)
        tls = ssl.create_default_context(cafile=connection.ca_file)
        self._client = httpx.Client(
            transport=transport or DeadlineTransport(tls, self._deadlines),
            headers={"Accept-Encoding": "identity", **connection.headers},
            timeout=connection.timeout,
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def timeout(self) -> float:
        """Seconds for one request."""
        return self._connection.timeout

    def range(self, query: str, window: Window, deadline: float) -> list[Series]:
        """`query` at the end of every slice of the window. Raises SourceError."""
        form = {
            "query": query,
            "start": f"{window.first / 1000:.3f}",
            "end": f"{window.until / 1000:.3f}",
            "step": f"{window.step / 1000:.3f}",
        }
        found = self._answer("/api/v1/query_range", form, deadline)
        try:
            return [Series(one["metric"], one["values"]) for one in found["data"]["result"]]
        except (KeyError, TypeError) as broken:
            raise Unusable("answered with JSON that is not a Prometheus answer") from broken

    def now(self, query: str, deadline: float) -> list[Mapping[str, str]]:
        """The labels of each series of the answer to `query` at this moment. Raises SourceError."""
        found = self._answer("/api/v1/query", {"query": query}, deadline)
        try:
            return [dict(one["metric"]) for one in found["data"]["result"]]
        except (KeyError, TypeError, ValueError) as broken:
            raise Unusable("answered with JSON that is not a Prometheus answer") from broken

    def closed_ranges(self, deadline: float) -> bool:
        """Whether a range holds a sample just on its older edge: so in Prometheus 2, not in 3."""
        form = {"query": "count_over_time(vector(1)[1s:1s])", "time": "1"}
        try:
            found = self._answer("/api/v1/query", form, deadline)
            return float(found["data"]["result"][0]["value"][1]) > 1
        except (Rejected, KeyError, IndexError, TypeError, ValueError):
            return False

    def alive(self, deadline: float) -> None:
        """Returns if it answers the simplest of questions. Raises Down."""
        try:
            self._answer("/api/v1/query", {"query": "vector(1)"}, deadline)
        except Silent as error:
            raise Down(str(error)) from error
        except (Rejected, Unusable):
            return  # it is: it says something

    def version(self, deadline: float) -> str:
        """What the server says of itself; empty if it only answers questions. Raises SourceError
        if it does not even do that."""
        try:
            data = self._answer("/api/v1/status/buildinfo", None, deadline)["data"]
            return str(data["version"])
        except (Rejected, Unusable, KeyError, TypeError):
            self._answer("/api/v1/query", {"query": "vector(1)"}, deadline)
            return ""

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _answer(self, path: str, form: Mapping[str, str] | None, deadline: float) -> Any:
        status, headers, body = self._exchange(path, form, deadline)
        if 300 <= status < 400:
            where = self._short(headers.get("location", "elsewhere"))
            raise Down(f"redirects to {where}; give the final address as its url")
        try:
            found = json.loads(body)
            good = status == 200 and found["status"] == "success"
            error = "" if good else str(found.get("error", ""))
            warnings = [str(one) for one in found.get("warnings") or ()]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as broken:
            kind = self._short(headers.get("content-type", "something"))
            raise _odd(status, kind) from broken
        if not good:
            raise _refused(status, self._short(error))
        if warnings:
            raise _warned(warnings, self._short("; ".join(warnings)))
        return found

    def _exchange(
        self, path: str, form: Mapping[str, str] | None, deadline: float
    ) -> tuple[int, httpx.Headers, bytes]:
        now = self._monotonic()
        until = min(deadline, now + self._connection.timeout)
        try:
            with self._deadlines.until(until):
                try:
                    return self._once(path, form, until)
                except httpx.RemoteProtocolError:
                    # An idle connection was closed as we took it up. Asking twice does no harm.
                    return self._once(path, form, until)
        except httpx.TimeoutException as error:
            raise Silent(f"gave no full answer within {until - now:.3g} s") from error
        except RuntimeError as error:  # what httpx raises once the client is closed
            raise Down("was closed meanwhile") from error
        except ConfigError as error:
            raise Down(f"cannot be asked: {error}") from error
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError):
            # Their texts repeat the header or address, secrets and all.
            raise Down("cannot be asked: our request is none; check url and headers") from None
        except httpx.HTTPError as error:
            raise Down(self._absent(str(error) or type(error).__name__)) from error

    def _absent(self, said: str) -> str:
        """Nobody is there, in words that say what to look at; never with user or path."""
        if "refused" not in said:
            return f"cannot be reached: {self._short(said)}"
        url = httpx.URL(self._connection.url)
        place = f"{url.scheme}://{url.netloc.decode()}"
        ask = "Is it running, and may this machine reach it?"
        return f"does not answer at {place} (connection refused). {ask}"

    def _once(
        self, path: str, form: Mapping[str, str] | None, until: float
    ) -> tuple[int, httpx.Headers, bytes]:
        left = until - self._monotonic()  # the server shall give up first, and say why
        method = "GET" if form is None else "POST"
        data = None if form is None else {**form, "timeout": f"{max(1000, int(800 * left))}ms"}
        url = self._connection.url.rstrip("/") + path
        secret = self._connection.credentials.headers()
        body = bytearray()
        with self._client.stream(method, url, data=data, headers=secret) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._connection.max_bytes:
                    raise TooHeavy(f"answered with more than {self._connection.max_bytes:,} bytes")
                if self._monotonic() > until:
                    raise httpx.ReadTimeout("the total deadline has passed")
        return response.status_code, response.headers, bytes(body)

    def _short(self, text: str) -> str:
        """One line of what somebody else says. Secrets go first: half of one is still too much."""
        line = " ".join(self._connection.credentials.redact(text).split())
        return line if len(line) <= 200 else line[:199] + "…"


def _odd(status: int, kind: str) -> SourceError:
    if status in (401, 403):
        return Down(f"refuses us ({status}); check its credentials")
    if status in (413, 414):
        return TooHeavy(f"takes no question of this length ({status})")
    if status == 404:
        return Unusable("has no Prometheus API at this address (404); check its url")
    if status != 200:
        return Unusable(f"answered {status}")
    return Unusable(f"answered with {kind} instead of the JSON of a Prometheus; check its url")


def _refused(status: int, error: str) -> SourceError:
    text = f"answered {status}: {error}"
    if status in (401, 403, 429):
        return Down(text)
    if any(word in error.lower() for word in _SLOW):
        return Slow(text)
    if any(word in error.lower() for word in _TOO_HEAVY):
        return TooHeavy(text)
    return Rejected(text) if status < 500 else Unusable(text)


def _warned(warnings: list[str], text: str) -> SourceError:
    """A warning says that data is missing (a store of Thanos is down, say): not to be counted."""
    if all(warning.startswith("PromQL ") for warning in warnings):
        return Rejected(f"partial data: {text}")
    return Unusable(f"partial data: {text}")
