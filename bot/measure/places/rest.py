"""JSON from a web server: one deadline, a cap of bytes; no redirect followed, no secret told."""

import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from bot.bounded import Deadlines, DeadlineTransport
from bot.errors import ConfigError, SourceError
from bot.measure.api import Connection


class Missing(SourceError):
    """The server knows nothing of that name (404)."""


class Rest:
    """The way to one server. One request at a time."""

    def __init__(self, connection: Connection, monotonic: Callable[[], float]) -> None:
        """Raises OSError for a file of certificates that cannot be used."""
        self._connection = connection
        self._monotonic = monotonic
        self._deadlines = Deadlines(monotonic)
        tls = ssl.create_default_context(cafile=connection.ca_file)
        self._client = httpx.Client(
            transport=DeadlineTransport(tls, self._deadlines),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                **connection.headers,
            },
            timeout=connection.timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def get(self, path: str, query: Mapping[str, str], deadline: float) -> Any:
        """What is there. Raises SourceError."""
        return self._json(httpx.Request("GET", self._url(path, query)), deadline)

    def post(self, path: str, body: Mapping[str, Any], deadline: float) -> Any:
        """The answer to a question. Raises SourceError."""
        return self._json(httpx.Request("POST", self._url(path, {}), json=dict(body)), deadline)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _url(self, path: str, query: Mapping[str, str]) -> httpx.URL:
        try:
            url = httpx.URL(self._connection.url + path)
        except httpx.InvalidURL:
            raise SourceError("cannot be asked: check its url") from None
        return url.copy_merge_params(dict(query)) if query else url

    def _json(self, request: httpx.Request, deadline: float) -> Any:
        status, headers, body = self._exchange(request, deadline)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if 300 <= status < 400:
            raise SourceError("redirects elsewhere; give the final address as its url")
        if status != 200:
            raise self._refused(status, found)
        if found is None:
            kind = self.short(headers.get("content-type", "something"))
            raise SourceError(f"answered with {kind} instead of JSON; check its url")
        return found

    def _exchange(
        self, request: httpx.Request, deadline: float
    ) -> tuple[int, httpx.Headers, bytes]:
        try:
            request.headers.update({**self._client.headers, **request.headers})
            request.headers.update(self._connection.credentials.headers())
            with self._deadlines.until(deadline):
                try:
                    return self._once(request)
                except httpx.RemoteProtocolError:
                    # An idle connection was closed as we took it up. Asking twice does no harm.
                    return self._once(request)
        except httpx.TimeoutException:
            raise SourceError("gave no full answer in time") from None
        except ConfigError as error:
            raise SourceError(f"cannot be asked: {error}") from None
        except (httpx.LocalProtocolError, UnicodeError):
            # Their texts repeat the header or address, secrets and all.
            raise SourceError(
                "cannot be asked: our request is none; check url and headers"
            ) from None
        except httpx.HTTPError as error:
            said = self.short(str(error) or type(error).__name__)
            raise SourceError(f"cannot be reached: {said}") from None

    def _once(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        response = self._client.send(request, stream=True)
        try:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._connection.max_bytes:
                    raise SourceError(
                        f"answered with more than {self._connection.max_bytes:,} bytes"
                    )
            return response.status_code, response.headers, bytes(body)
        finally:
            response.close()

    def _refused(self, status: int, found: Any) -> SourceError:
        said = found.get("message", "") if isinstance(found, Mapping) else ""
        text = self.short(f": {said}" if said else "")
        if status in (401, 403):
            return SourceError(f"refuses us ({status}); check its credentials")
        if status == 404:
            return Missing(f"has nothing there (404){text}; check its url and the names")
        return SourceError(f"answered {status}{text}")

    def short(self, text: str) -> str:
        """One line of what somebody else says. Secrets go first: half of one is still too much."""
        line = " ".join(self._connection.credentials.redact(text).split())
        return line if len(line) <= 200 else line[:199] + "…"
