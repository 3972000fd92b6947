"""How ports are served. Heads of requests that do not arrive: uvicorn itself waits for them for
ever."""

import asyncio
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def config_of(web: FastAPI, keep_alive: int, **more: Any) -> uvicorn.Config:
    """How every port is served. What uvicorn logs goes where all else does, without secrets:
    tracebacks may hold them. `keep_alive`: seconds until a line on which nobody asks is closed."""
    return uvicorn.Config(
        web, http=Prompt, log_level="warning", log_config=None, access_log=False, lifespan="off",
        timeout_keep_alive=keep_alive, **more,
    )  # fmt: skip


class Prompt(HttpToolsProtocol):
    """Whoever connects sends the whole head of a request in time, or is hung up on. How long a
    body may take is each door's own."""

    within = 10.0
    """Seconds; for what comes after an answer, too, and begins no other request."""
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._expect()

    def on_headers_complete(self) -> None:
        """See httptools: from here on somebody answers."""
        self._forget()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._forget()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._late = self.loop.call_later(self.within, self.transport.close)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
