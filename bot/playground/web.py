"""The page itself, its live stream, and the guard against other sites."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse

from bot.playground.model import Json, SlackError
from bot.playground.stream import Streams
from bot.playground.workspace import Workspace

_POLICY = "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'; base-uri 'none'"
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def from_this_page(request: Request) -> None:
    """Refuse what another site makes a browser send here, and names that only point here."""
    asked = request.headers.get("host", "")
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != asked:
        raise HTTPException(403, "a page of another origin may not act here")
    if urlsplit(f"//{asked}").hostname not in _LOCAL | {request.app.state.public_host}:
        raise HTTPException(403, "this workspace does not answer to that host name")


def refused_act(_request: Request, refused: Exception) -> JSONResponse:
    """A person named something that is not there."""
    code = refused.code if isinstance(refused, SlackError) else "internal_error"
    return JSONResponse({"ok": False, "error": code, "notes": {}}, 404)


def page_routes(workspace: Workspace, streams: Streams, folder: Path) -> APIRouter:
    router = APIRouter(dependencies=[Depends(from_this_page)])

    @router.get("/")
    def page() -> FileResponse:
        return FileResponse(folder / "index.html", headers={"Content-Security-Policy": _POLICY})

    @router.get("/web/people")
    def people() -> list[Json]:
        """Whom one can act as."""
        return [
            {"id": p.id, "name": p.real_name, "title": p.title}
            for p in workspace.users
            if not p.is_bot and not p.deleted
        ]

    @router.get("/web/events")
    def events(user: str, zone: str = "") -> StreamingResponse:
        """`zone`: where the reader's clock is; the times that they write are meant by it."""
        workspace.user(user)
        workspace.move(zone)
        headers = {"Cache-Control": "no-store"}
        stream = streams.events(user)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return router
