"""Socket Mode: the connections of the app, envelopes out, acknowledgements in."""

from __future__ import annotations

import asyncio
import secrets
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Unacknowledged
from dataclasses import dataclass, field
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from bot.playground.delivery import DEADLINE, Reply, Retry
from bot.playground.model import Json

_MOST = 10


@dataclass(eq=False)
class _Connection:
    loop: asyncio.AbstractEventLoop
    outbox: asyncio.Queue[Json | None] = field(default_factory=asyncio.Queue)

    def put(self, message: Json | None) -> None:
        self.loop.call_soon_threadsafe(self.outbox.put_nowait, message)


class Sockets:
    """A hub between threads that deliver and the event loop that holds the connections."""

    def __init__(self, app_id: str, deadline: float = DEADLINE) -> None:
        self._app_id = app_id
        self._deadline = deadline
        self._changed = threading.Condition()
        self._tickets: set[str] = set()
        self._open: list[_Connection] = []
        self._waiting: dict[str, Future[Json]] = {}

    def new_ticket(self) -> str:
        with self._changed:
            ticket = secrets.token_urlsafe(18)
            self._tickets.add(ticket)
            return ticket

    @property
    def count(self) -> int:
        with self._changed:
            return len(self._open)

    def wait_connected(self, timeout: float = 10.0, count: int = 1) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self._open) >= count, timeout)

    def deliver(self, kind: str, payload: Json, retry: Retry | None = None) -> Reply:
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope["retry_attempt"] = retry.number if retry else 0
            envelope["retry_reason"] = retry.reason if retry else ""
        answer: Future[Json] = Future()
        with self._changed:
            if not self._open:
                return Reply("dispatch_failed", status=0)
            # Any connection may get any payload: take them in turn.
            self._open.append(self._open.pop(0))
            self._waiting[envelope["envelope_id"]] = answer
            self._open[-1].put(envelope)
        try:
            return Reply(body=answer.result(self._deadline))
        except Unacknowledged:
            return Reply("operation_timeout", status=0)
        finally:
            with self._changed:
                self._waiting.pop(envelope["envelope_id"], None)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come back on a new one, then close it, as Slack does."""
        with self._changed:
            for connection in self._open:
                connection.put({"type": "disconnect", "reason": reason, "debug_info": {}})
                connection.put(None)

    async def serve(self, socket: WebSocket, ticket: str) -> None:
        with self._changed:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
            full = len(self._open) >= _MOST
        if not known or full:
            await socket.close(1008)
            return
        await socket.accept()
        connection = _Connection(asyncio.get_running_loop())
        await socket.send_json(self._hello())
        self._add(connection)
        reading = asyncio.create_task(self._read(socket))
        try:
            await self._write(socket, connection, reading)
        finally:
            self._remove(connection)
            reading.cancel()

    async def _write(
        self, socket: WebSocket, connection: _Connection, reading: asyncio.Task[None]
    ) -> None:
        while True:
            message = asyncio.create_task(connection.outbox.get())
            await asyncio.wait({message, reading}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                message.cancel()
                return
            if message.result() is None:
                await socket.close()
                return
            await socket.send_json(message.result())

    async def _read(self, socket: WebSocket) -> None:
        try:
            while True:
                self._acknowledge(await socket.receive_json())
        except (WebSocketDisconnect, ValueError, RuntimeError):
            return

    def _acknowledge(self, message: Any) -> None:
        if not isinstance(message, dict):
            return
        with self._changed:
            waiting = self._waiting.get(str(message.get("envelope_id")))
        payload = message.get("payload")
        if waiting and not waiting.done():
            waiting.set_result(payload if isinstance(payload, dict) else _text(payload))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "playground", "approximate_connection_time": 18060},
        }

    def _add(self, connection: _Connection) -> None:
        with self._changed:
            self._open.append(connection)
            self._changed.notify_all()

    def _remove(self, connection: _Connection) -> None:
        with self._changed:
            if connection in self._open:
                self._open.remove(connection)
            self._changed.notify_all()


def _text(payload: Any) -> Json:
    return {"text": payload} if isinstance(payload, str) and payload else {}
