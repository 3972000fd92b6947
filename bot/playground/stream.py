"""The live page: one stream of server-sent events for each open browser tab."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable

from bot.playground.feed import Change
from bot.playground.model import Json
from bot.playground.sight import Sight
from bot.playground.workspace import Workspace

_PING = 15.0


class Streams:
    """All open streams, so that a server on its way down can end them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._closers: set[Callable[[], None]] = set()
        self._closed = False

    async def events(self, user: str) -> AsyncIterator[str]:
        """First everything, then each change, as this user sees them."""
        sight = Sight(self._workspace, user)
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Json | None] = asyncio.Queue()

        def put(item: Json | None) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, item)

        def heard(change: Change) -> None:
            told = sight.change(change)
            if told:
                put(told)

        def close() -> None:
            put(None)

        stop = self._workspace.feed.listen(heard)
        try:
            if not self._open(close):
                return
            yield _event(sight.everything())
            async for item in _until_closed(queue):
                yield item
        finally:
            stop()
            self._drop(close)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            closers = tuple(self._closers)
        for close in closers:
            close()

    def _open(self, close: Callable[[], None]) -> bool:
        with self._lock:
            self._closers.add(close)
            return not self._closed

    def _drop(self, close: Callable[[], None]) -> None:
        with self._lock:
            self._closers.discard(close)


async def _until_closed(queue: asyncio.Queue[Json | None]) -> AsyncIterator[str]:
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), _PING)
        except TimeoutError:
            yield ": still here\n\n"
            continue
        if item is None:
            return
        yield _event(item)


def _event(item: Json) -> str:
    return f"data: {json.dumps(item)}\n\n"
