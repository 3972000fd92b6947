"""The doors: POST /hooks/github/NAME, /hooks/gitlab/NAME, /hooks/mlflow/NAME, and
GET /calendar/SECRET.ics. Answered as soon as what was told is stored; GitHub waits ten seconds."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from bot.decide.github_events import Malformed, body_of, read_event
from bot.decide.gitlab_events import read_deployment
from bot.decide.mlflow_events import read_move
from bot.decide.outside import CodeHost, HostKind, Registry
from bot.entrypoints.api import faults
from bot.entrypoints.api.body import READ_WITHIN, BoundedBodies
from bot.entrypoints.calendar_file import calendar_of
from bot.entrypoints.hooks.parts import HookParts
from bot.errors import ConfigError, NoSuch, Undecidable, UserError
from bot.trust.signatures import check_github, check_gitlab, check_mlflow

log = logging.getLogger(__name__)

MOST = 4_000_000
"""Bytes: a pull request with a long text, and all that GitHub says around it."""


def build_hooks(parts: HookParts, within: float = READ_WITHIN) -> FastAPI:
    """The application. `within`: seconds for a whole body to arrive."""
    web = FastAPI(title="Burnban", docs_url=None, redoc_url=None, openapi_url=None)
    faults.install(web)
    doors = _Doors(parts)
    web.post("/github/{name}")(doors.github)
    web.post("/gitlab/{name}")(doors.gitlab)
    web.post("/mlflow/{name}")(doors.mlflow)
    web.add_middleware(BoundedBodies, within=within, most=MOST)
    return web


class _Doors:
    def __init__(self, parts: HookParts) -> None:
        self._parts = parts

    async def github(self, name: str, request: Request) -> Response:
        host = self._host(name, HostKind.GITHUB)
        body, headers = await request.body(), _headers(request)
        guid = check_github(self._secret(host), body, headers)
        name, said = headers.get("x-github-event", ""), _table(body)
        try:
            event = read_event(name, said)
        except Malformed as error:
            raise UserError(f"This is {error}.") from error
        words = body_of(name, said)
        fresh = await run_in_threadpool(self._parts.notices.github, host, guid, event, words)
        return _taken(fresh=fresh)

    async def gitlab(self, name: str, request: Request) -> Response:
        host = self._host(name, HostKind.GITLAB)
        body, headers = await request.body(), _headers(request)
        guid = check_gitlab(self._secret(host), headers)
        try:
            found = read_deployment(_table(body))
        except Malformed as error:
            raise UserError(f"This is {error}.") from error
        if found is None:
            return _taken(fresh=False)
        fresh = await run_in_threadpool(self._parts.notices.gitlab, host, guid, *found)
        return _taken(fresh=fresh)

    async def mlflow(self, name: str, request: Request) -> Response:
        registry = self._parts.catalog().outside.registries.get(name)
        if registry is None or not registry.hook_env:
            raise NoSuch("There is no such webhook.")
        body, now = await request.body(), self._parts.clock.now().timestamp()
        guid = check_mlflow(self._secret(registry), body, _headers(request), now)
        try:
            moved = read_move(_table(body))
        except Malformed as error:
            raise UserError(f"This is {error}.") from error
        fresh = await run_in_threadpool(self._parts.moves.told, registry, guid, moved)
        return _taken(fresh=fresh)

    def _host(self, name: str, kind: HostKind) -> CodeHost:
        host = self._parts.catalog().outside.hosts.get(name)
        if host is None or host.kind is not kind or not host.hook_env:
            raise NoSuch("There is no such webhook.")
        return host

    def _secret(self, of: CodeHost | Registry) -> str:
        try:
            return self._parts.secrets(of.hook_env)
        except ConfigError as error:
            log.warning("webhooks of %s are turned away: %s", of.name, error)
            raise Undecidable("Webhooks of this name cannot be checked now.", 60) from error


def build_calendar(parts: HookParts) -> FastAPI:
    """The calendar that people subscribe to; whoever has its address may read it."""
    web = FastAPI(title="Burnban", docs_url=None, redoc_url=None, openapi_url=None)
    faults.install(web)

    @web.get("/{word}.ics")
    def calendar(word: str, request: Request, scope: str = "all") -> Response:
        secret = parts.calendar
        if not secret or not hmac.compare_digest(secret.encode(), word.encode()):
            raise NoSuch("There is no such calendar.")
        # To the minute: a calendar that has not changed is not sent again.
        now = parts.clock.now().replace(second=0, microsecond=0)
        text = calendar_of(parts.survey.standing(scope), now, parts.home)
        tag = f'"{_digest(text)}"'
        headers = {"ETag": tag, "Cache-Control": "private, max-age=300"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)

    return web


def _digest(text: str) -> str:
    """Of all but the instants at which it was written."""
    lines = (line for line in text.splitlines() if not line.startswith("DTSTAMP"))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _table(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
        said = _fit(said) if _UNFIT.search(body) else said
    except (ValueError, RecursionError) as error:
        raise UserError("The body is no JSON.", "Content type: application/json") from error
    if not isinstance(said, Mapping):
        raise UserError("The body is no JSON object.")
    return said


_UNFIT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def _fit(said: Any) -> Any:
    """With every character that no database stores replaced: half a surrogate pair, and zero."""
    if isinstance(said, str):
        return said.encode("utf-8", "replace").decode().replace("\0", "?")
    if isinstance(said, list):
        return [_fit(one) for one in said]
    if isinstance(said, dict):
        return {_fit(key): _fit(value) for key, value in said.items()}
    return said


def _taken(*, fresh: bool) -> Response:
    """Both are fine for whoever told it."""
    return JSONResponse({"ok": True, "known": not fresh}, status_code=202 if fresh else 200)
