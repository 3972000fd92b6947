"""The doors of the workspace that the app uses: Web API, response URLs, Socket Mode."""

from __future__ import annotations

import asyncio
import json

from fastapi import APIRouter, Request, WebSocket
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.playground.api import Answer, Api
from bot.playground.model import Json, SlackError
from bot.playground.responses import respond
from bot.playground.sockets import Sockets
from bot.playground.workspace import Workspace

# peer address -> its open connection, so that an answer can be lost on purpose
Connections = dict[tuple[str, int], asyncio.Transport]


class LostAnswer(Response):
    """Breaks the connection in place of an answer."""

    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        transport = self._connections.get(tuple(scope["client"]))
        if transport:
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def app_routes(
    workspace: Workspace, api: Api, sockets: Sockets, connections: Connections
) -> APIRouter:
    router = APIRouter()

    @router.api_route("/api/{name}", methods=["GET", "POST"])
    async def call(name: str, request: Request) -> Response:
        try:
            values = await _values(request)
        except SlackError as refused:
            return JSONResponse(refused.body)
        token = _token(request, values)
        answer = await run_in_threadpool(api.call, name, token, values)
        return _response(answer, connections)

    @router.post("/commands/{rest:path}")
    @router.post("/actions/{rest:path}")
    async def use_response_url(request: Request) -> Response:
        try:
            body = await _json(request)
            hook = workspace.hooks.use(request.url.path.removeprefix("/"))
            await run_in_threadpool(respond, workspace, hook, body)
        except SlackError as refused:
            status = 404 if refused.code.endswith("_url") else 400
            return JSONResponse(refused.body, status)
        return PlainTextResponse("ok")

    @router.websocket("/link")
    async def link(socket: WebSocket, ticket: str = "") -> None:
        await sockets.serve(socket, ticket)

    return router


def _response(answer: Answer, connections: Connections) -> Response:
    if answer.dropped:
        return LostAnswer(connections)
    return JSONResponse(answer.body, answer.status, dict(answer.headers))


def _token(request: Request, values: Json) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else str(values.get("token") or "")


async def _values(request: Request) -> Json:
    values: Json = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        # slack_sdk names JSON as the type of an empty body too
        return values | (await _json(request) if await request.body() else {})
    async with request.form() as form:
        return values | {name: value for name, value in form.items() if isinstance(value, str)}


async def _json(request: Request) -> Json:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
