"""A second port with TLS, for API servers of Kubernetes: they speak nothing else."""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from bot.config import Settings
from bot.errors import ConfigError, Fault
from bot.wiring.heads import config_of

log = logging.getLogger(__name__)

LOOK = 50
"""Ticks of a tenth of a second between two looks at the files."""


class _Secure(uvicorn.Server):
    """Lives in a thread: signals are another server's. Takes renewed certificates."""

    def __init__(self, config: uvicorn.Config, files: tuple[Path, Path]) -> None:
        super().__init__(config)
        self._files, self._seen = files, _stamps(files)
        self._since = 0

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn.Server."""
        yield

    async def on_tick(self, counter: int) -> bool:
        """See uvicorn.Server; ten times a second."""
        self._since += 1
        if self._since >= LOOK:
            self._since = 0
            self._renew()
        return await super().on_tick(counter)

    def _renew(self) -> None:
        """New connections get the new certificate. A file that is only half there is looked at
        again."""
        stamps, context = _stamps(self._files), self.config.ssl
        if stamps == self._seen or context is None:
            return
        try:
            context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as error:
            log.warning("the renewed certificate cannot be used yet: %s", error)
            return
        self._seen = stamps
        log.info("the certificate was renewed")


def _stamps(files: tuple[Path, Path]) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for file in files:
        try:
            stat = file.stat()
            found.append((stat.st_mtime_ns, stat.st_ino))
        except OSError:
            found.append(None)
    return found


def check(settings: Settings) -> None:
    """Raises ConfigError where the files do not fit each other."""
    cert, key, authority = settings.tls_cert, settings.tls_key, settings.tls_client_ca
    if cert is None and key is None and authority is None:
        return
    if cert is None or key is None:
        name = "BURNBAN_TLS_CERT" if cert is None else "BURNBAN_TLS_KEY"
        problem = "is not set, but another setting of TLS is."
        raise ConfigError([Fault(name, "", problem, "Set both, or neither.")])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        name = "BURNBAN_TLS_CERT"
        context.load_cert_chain(cert, key)
        name = "BURNBAN_TLS_CLIENT_CA"
        if authority is not None:
            context.load_verify_locations(authority)
    except (OSError, ssl.SSLError) as error:
        problem = f"cannot be used: {error.strerror or error}."
        remedy = "It is to be PEM, and the key that of the certificate."
        raise ConfigError([Fault(name, "", problem, remedy)]) from error


@contextmanager
def secured(settings: Settings, web: FastAPI, door: socket.socket | None) -> Iterator[None]:
    """Serve it with TLS on `door` while the block runs; without one, nothing."""
    if door is None or settings.tls_cert is None or settings.tls_key is None:
        yield
        return
    authority = settings.tls_client_ca
    config = config_of(
        web,
        keep_alive=90,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ssl_ca_certs=str(authority) if authority is not None else None,
        ssl_cert_reqs=ssl.CERT_REQUIRED if authority is not None else ssl.CERT_NONE,
    )
    server = _Secure(config, (settings.tls_cert, settings.tls_key))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, name="tls")
    with ExitStack() as stack:
        thread.start()
        stack.callback(thread.join)
        stack.callback(setattr, server, "should_exit", True)
        yield
