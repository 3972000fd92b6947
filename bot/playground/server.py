"""The workspace as a server on localhost: its app, and a context manager that runs it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.playground.acts import act_routes
from bot.playground.api import Api
from bot.playground.delivery import Delivery, HttpDelivery
from bot.playground.events import RETRY_DELAYS, Events
from bot.playground.model import SlackError
from bot.playground.routes import Connections, app_routes
from bot.playground.sender import Sender
from bot.playground.sockets import Sockets
from bot.playground.stream import Streams
from bot.playground.web import page_routes, refused_act
from bot.playground.workspace import Workspace

_START = 10.0
_ACCEPTED = 0.01
"""Seconds; until then the loop knows every connection that was accepted."""


class PlaygroundServer:
    """Serves a workspace until closed; `templates` is the folder that holds `web/playground`.

    Requests go to the app through its Socket Mode connections where there are any, else signed
    to `request_url`, which may be set later. `deadline` is Slack's, in seconds.
    """

    def __init__(
        self,
        workspace: Workspace,
        templates: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        request_url: str = "",
        deadline: float = 3.0,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        ping_interval: float = 5.0,
    ) -> None:
        self.workspace = workspace
        self._host = host
        self._listening = socket.create_server((host, port))
        self.url = f"http://{host}:{self._listening.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        self.sockets = Sockets(workspace.bot.app_id, deadline)
        self._deadline = deadline
        self._http: HttpDelivery | None = None
        self.request_url = request_url
        self.events = Events(workspace, self._route, retry_delays=retry_delays)
        self.sender = Sender(workspace, self.events, self._route, self.url)
        self._streams = Streams(workspace)
        self._connections: Connections = {}
        self.app = self._build(templates / "web" / "playground")
        self._server = _Server(self._config(ping_interval))
        self._thread = threading.Thread(target=self._run, name="playground", daemon=True)

    @property
    def request_url(self) -> str:
        return self._request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        """Send signed requests to `url` from now on; an empty one means nowhere."""
        before, space = self._http, self.workspace
        self._request_url = url
        self._http = (
            HttpDelivery(url, space.keys.signing, space.wall, self._deadline) if url else None
        )
        if before:
            before.close()

    def start(self) -> Self:
        self._thread.start()
        if not self._server.ready.wait(_START):
            raise RuntimeError(f"the playground did not start at {self.url}")
        return self

    def close(self) -> None:
        """End hangs, streams and connections, then the server."""
        self.workspace.faults.release()
        self._streams.close()
        self.sockets.disconnect("link_disabled")
        self.events.stop()
        self._server.end()
        if self._thread.is_alive():
            self._thread.join(_START)
        self._listening.close()
        if self._http:
            self._http.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _route(self) -> Delivery:
        if self.sockets.count or self._http is None:
            return self.sockets
        return self._http

    def _socket_url(self) -> str:
        return f"ws{self.url.removeprefix('http')}/link?ticket={self.sockets.new_ticket()}"

    def _build(self, folder: Path) -> FastAPI:
        app = FastAPI(title="Playground", docs_url=None, redoc_url=None, openapi_url=None)
        app.state.public_host = self._host
        api = Api(self.workspace, self._socket_url)
        app.include_router(app_routes(self.workspace, api, self.sockets, self._connections))
        app.include_router(page_routes(self.workspace, self._streams, folder))
        app.include_router(act_routes(self.workspace, lambda: self.sender))
        app.add_exception_handler(SlackError, refused_act)
        app.mount("/static", StaticFiles(directory=folder), name="static")
        return app

    def _config(self, ping_interval: float) -> uvicorn.Config:
        return uvicorn.Config(
            self.app,
            http=_protocol(self._connections),
            ws="websockets-sansio",
            ws_ping_interval=ping_interval,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )

    def _run(self) -> None:
        self._server.run(sockets=[self._listening])


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready, and ends at once instead of at its next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        while not self._ended.is_set():
            await self.on_tick(0)  # the Date of answers: apps compare their clock with it
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Also of whoever connected at the last moment: uvicorn does not know them yet when it
        asks all to leave, waits for them in vain, and leaves their sockets open."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(_ACCEPTED)
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def end(self) -> None:
        self.should_exit = True
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ended.set)


def _protocol(connections: Connections) -> type[H11Protocol]:
    """The HTTP protocol, noting each connection by its peer so that it can be broken."""

    class Noting(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            connections[tuple(transport.get_extra_info("peername")[:2])] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(tuple(self.transport.get_extra_info("peername")[:2]), None)
            super().connection_lost(exc)

    return Noting
