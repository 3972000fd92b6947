"""The HTTP door: Slack's requests, checked before anything reads them, and a health page."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect

from bot.errors import RecordError

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
"""Bytes; Slack's own requests stay far below."""


READ_WITHIN = 5.0
"""Seconds for a whole body to arrive; Slack itself waits three for the answer."""


def build_http(
    app: Callable[[], App | None] | None,
    signing_secret: str,
    health: Callable[[], Mapping[str, Any]],
) -> FastAPI:
    """The web application. `app`: gives the Bolt app once there is one; None (Socket Mode): this
    only tells its health. A `problem` in the health makes it 503."""
    web = FastAPI(title="Burnban", docs_url=None, redoc_url=None, openapi_url=None)

    @web.get("/healthz")
    def healthz() -> Response:
        try:
            facts = dict(health())
            sound = "problem" not in facts
            return JSONResponse({"ok": sound, **facts}, status_code=200 if sound else 503)
        except RecordError as error:
            return JSONResponse({"ok": False, "problem": str(error)}, status_code=503)

    if app is not None:
        web.post("/slack/events")(_slack_events(app, SignatureVerifier(signing_secret)))
    return web


def _slack_events(
    ready: Callable[[], App | None], verifier: SignatureVerifier
) -> Callable[[Request], Coroutine[None, None, Response]]:
    """What answers Slack's requests."""

    async def slack_events(request: Request) -> Response:
        try:
            async with asyncio.timeout(READ_WITHIN):
                body = await _body(request)
        except TimeoutError:
            return PlainTextResponse("the body did not arrive in time", status_code=408)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        if body is None:
            return PlainTextResponse("the request is too large", status_code=413)
        headers = {k.lower(): v for k, v in request.headers.items()}
        problem = _junk(headers, body, verifier)
        if problem is not None:
            log.warning("a request to /slack/events was refused: %s", problem)
            return PlainTextResponse(problem, status_code=401)
        app = ready()
        if app is None:
            return PlainTextResponse("the line to Slack is not open yet", status_code=503)
        # Listeners acknowledge and hand over, so nothing waits in here; a thread would only queue.
        answer = _dispatch(app, body.decode(), headers)
        headers_out = {k: v[0] for k, v in answer.headers.items()}
        return Response(answer.body, status_code=answer.status, headers=headers_out)

    return slack_events


def _dispatch(app: App, body: str, headers: Mapping[str, str]) -> BoltResponse:
    """Bolt's answer. It takes the form of a request for granted; one that has another form is
    signed by Slack all the same, and is told so."""
    try:
        return app.dispatch(BoltRequest(body=body, headers={**headers}))
    except Exception:
        log.exception("a signed request could not be understood")
        return BoltResponse(status=400, body="the request could not be understood")


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


def _junk(headers: Mapping[str, str], body: bytes, verifier: SignatureVerifier) -> str | None:
    """What makes a request none of Slack's; None if it is one. Nothing is parsed before that."""
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
    if not verifier.is_valid(body, stamp, signature):
        return "the signature does not fit the body, or is too old"
    return None
