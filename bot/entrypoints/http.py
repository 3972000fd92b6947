"""The HTTP door: Slack's requests, checked before anything reads them, and a health page."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from slack_bolt import App, BoltRequest
from starlette.concurrency import run_in_threadpool

from bot.errors import RecordError

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
"""Bytes; Slack's own requests stay far below."""


def build_http(app: App | None, health: Callable[[], Mapping[str, Any]]) -> FastAPI:
    """The web application; without a Bolt app (Socket Mode) it only tells its health."""
    web = FastAPI(title="Burnban", docs_url=None, redoc_url=None, openapi_url=None)

    @web.get("/healthz")
    def healthz() -> Response:
        try:
            return JSONResponse({"ok": True, **health()})
        except RecordError as error:
            return JSONResponse({"ok": False, "problem": str(error)}, status_code=503)

    if app is not None:

        @web.post("/slack/events")
        async def slack_events(request: Request) -> Response:
            body = await _body(request)
            if body is None:
                return PlainTextResponse("the request is too large", status_code=413)
            headers = {k.lower(): v for k, v in request.headers.items()}
            problem = _junk(headers, body)
            if problem is not None:
                log.warning("a request to /slack/events was refused: %s", problem)
                return PlainTextResponse(problem, status_code=401)
            bolt_request = BoltRequest(body=body.decode(), headers={**headers})
            # Bolt runs listeners on its own threads, but waits for their acknowledgement here.
            answer = await run_in_threadpool(app.dispatch, bolt_request)
            headers_out = {k: v[0] for k, v in answer.headers.items()}
            return Response(answer.body, status_code=answer.status, headers=headers_out)

    return web


async def _body(request: Request) -> bytes | None:
    """The whole body, or None if it is larger than anything Slack sends."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


def _junk(headers: Mapping[str, str], body: bytes) -> str | None:
    """What makes a request none of Slack's, before Bolt stumbles over it; None if it may be one."""
    stamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        return "the timestamp of the signature is missing or not a number"
    if not (signature.isascii() and signature.startswith("v0=")):
        return "the signature is missing or malformed"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "the body is not UTF-8"
    return None
