"""HTTP with a total deadline: not even a server that sends one byte at a time can hold us up.

httpx and httpcore know timeouts for each single read only. Here every read and write of a socket
gets no more than what is left until the deadline of the request that it serves.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any, cast

import httpcore
import httpx

_PIECE = 65_536


class Deadlines(threading.local):
    """The deadline of the request that this thread is making."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.at: float | None = None

    @contextmanager
    def until(self, at: float) -> Iterator[None]:
        """Everything inside must be over by then."""
        self.at = at
        try:
            yield
        finally:
            self.at = None

    def left(self, error: type[Exception], timeout: float | None) -> float | None:
        """What is left of a timeout; raises `error` past the deadline."""
        if self.at is None:
            return timeout
        remaining = self.at - self._monotonic()
        if remaining <= 0:
            raise error("the total deadline has passed")
        return remaining if timeout is None else min(timeout, remaining)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadlines: Deadlines) -> None:
        self._inner = inner
        self._deadlines = deadlines

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadlines.left(httpcore.ReadTimeout, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            left = self._deadlines.left(httpcore.WriteTimeout, timeout)
            self._inner.write(buffer[start : start + _PIECE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadlines.left(httpcore.ConnectTimeout, timeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return _Stream(inner, self._deadlines)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadlines: Deadlines) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadlines = deadlines

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadlines.left(httpcore.ConnectTimeout, timeout)
        inner = self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(inner, self._deadlines)


_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
    (httpcore.NetworkError, httpx.ReadError),
)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """httpcore's errors as httpx's."""
    try:
        yield
    except tuple(theirs for theirs, _ in _ERRORS) as error:
        ours = next(ours for theirs, ours in _ERRORS if isinstance(error, theirs))
        raise ours(str(error)) from error


class _Body(httpx.SyncByteStream):
    def __init__(self, inner: Iterable[bytes]) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._inner

    def close(self) -> None:
        cast(Any, self._inner).close()


class DeadlineTransport(httpx.BaseTransport):
    """A transport for httpx.Client; set the deadline with `deadlines.until`."""

    def __init__(self, tls: SSLContext, deadlines: Deadlines) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=8,
            keepalive_expiry=30.0,
            network_backend=_Backend(deadlines),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it and read the head of the answer; the body is streamed."""
        url = request.url
        core = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            answer = self._pool.handle_request(core)
        body = _Body(cast(Iterable[bytes], answer.stream))
        return httpx.Response(answer.status, headers=answer.headers, stream=body)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
