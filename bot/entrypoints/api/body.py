"""Bodies: none is larger than 256 kB (a batch of slices: 8 MB), and none is waited for for ever."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.entrypoints.api.faults import fault

MAX_BODY = 256 * 1024
"""Bytes."""
LARGE = {"/slices": 8 * 1024 * 1024}
"""Of paths that take more, with more time for it."""
_LONGER = 6
READ_WITHIN = 5.0
"""Seconds for a whole body to arrive."""


class BoundedBodies:
    """Reads the whole body before anything else looks at the request."""

    def __init__(self, app: ASGIApp, within: float = READ_WITHIN, most: int = MAX_BODY) -> None:
        self._app, self._within, self._most = app, within, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        most, within = self._bounds(str(scope["path"]))
        try:
            async with asyncio.timeout(within):
                body = await _whole(receive, most)
        except TimeoutError:
            gone = fault(408, "too_slow", "The body did not arrive in time.")
            await gone(scope, receive, send)
            return
        except _Gone:
            return
        if body is None:
            large = fault(413, "too_large", f"The body is larger than {most // 1024} kB.")
            await large(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)

    def _bounds(self, path: str) -> tuple[int, float]:
        """Bytes and seconds."""
        for end, most in LARGE.items():
            if path.endswith(end):
                return most, self._within * _LONGER
        return self._most, self._within


class _Gone(Exception):
    """Nobody is there to read an answer."""


async def _whole(receive: Receive, most: int) -> bytes | None:
    """None if it is too large."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise _Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        more = bool(message.get("more_body", False))
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    told = False

    async def from_memory() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return from_memory
