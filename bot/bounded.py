"""HTTP with a total deadline: not even a server that sends one byte at a time can hold us up.

httpx and httpcore know timeouts for each single read only. Here every read and write of a socket
gets no more than what is left until the deadline of the request that it serves.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

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
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
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


def _pool(
    tls: SSLContext, backend: httpcore.NetworkBackend, proxy: str | None
) -> httpcore.ConnectionPool:
    if proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=tls, max_connections=8, keepalive_expiry=30.0, network_backend=backend
        )
    named = httpx.Proxy(proxy)
    return httpcore.HTTPProxy(
        proxy_url=_core(named.url),
        proxy_auth=named.raw_auth,
        ssl_context=tls,
        max_connections=8,
        keepalive_expiry=30.0,
        network_backend=backend,
    )


def _core(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


class DeadlineTransport(httpx.BaseTransport):
    """A transport for httpx.Client; set the deadline with `deadlines.until`."""

    def __init__(self, tls: SSLContext, deadlines: Deadlines, proxy: str | None = None) -> None:
        """`proxy`: the http or https address of one to go through."""
        self._pool = _pool(tls, _Backend(deadlines), proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it and read the head of the answer; the body is streamed."""
        core = httpcore.Request(
            request.method,
            _core(request.url),
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


_HERE = ("127.0.0.1", "localhost", "::1")


def asker(url: str, deadlines: Deadlines, seconds: float) -> httpx.Client:
    """A client for one place on the internet: through the proxy that the environment names for it,
    with the certificates that the environment or else certifi names. `seconds`: for each read;
    all of it ends with `deadlines.until`. Redirects are not followed."""
    tls = httpx.create_ssl_context()
    transport = DeadlineTransport(tls, deadlines, proxy_for(url))
    return httpx.Client(transport=transport, timeout=seconds, follow_redirects=False)


def proxy_for(url: str) -> str | None:
    """The proxy on the way to an address; this machine is reached without one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _HERE or proxy_bypass(host):
        return None
    known = getproxies()
    found = known.get(parts.scheme) or known.get("all") or ""
    found = found if "://" in found or not found else f"http://{found}"
    return found if found.startswith(("http://", "https://")) else None
