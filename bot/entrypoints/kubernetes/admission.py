"""The ValidatingAdmissionWebhook: POST /kubernetes/CLUSTER/review/TOKEN, and …/break-glass/TOKEN
for changes of which the API server has made sure that whoever makes them may break the glass. The
token stands in the address because API servers send no header unless they are set up to; then the
address ends before it."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from bot.decide.admission import Admission, Review, answered, read_review
from bot.decide.caller import Caller
from bot.decide.cluster import Cluster
from bot.decide.github_events import Malformed
from bot.entrypoints.api import faults
from bot.entrypoints.api.body import READ_WITHIN, BoundedBodies
from bot.entrypoints.kubernetes.parts import ClusterParts, who
from bot.entrypoints.kubernetes.words import refused, told
from bot.errors import NoSuch, Undecidable, UserError

log = logging.getLogger(__name__)

MOST = 7_000_000
"""Bytes: two objects as large as etcd takes them, written out as JSON."""


def build_admission(parts: ClusterParts, within: float = READ_WITHIN) -> FastAPI:
    """The application. `within`: seconds for a whole body to arrive."""
    web = FastAPI(title="Burnban", docs_url=None, redoc_url=None, openapi_url=None)
    faults.install(web)
    door = _Door(parts)
    for path in ("/{cluster}/review", "/{cluster}/review/{token}"):
        web.post(path)(door.review)
    for path in ("/{cluster}/break-glass", "/{cluster}/break-glass/{token}"):
        web.post(path)(door.glass)
    web.add_middleware(BoundedBodies, within=within, most=MOST)
    return web


class _Door:
    def __init__(self, parts: ClusterParts) -> None:
        self._parts = parts

    async def review(self, cluster: str, request: Request, token: str = "") -> Response:
        return await self._answer(cluster, request, token, vouched=False)

    async def glass(self, cluster: str, request: Request, token: str = "") -> Response:
        return await self._answer(cluster, request, token, vouched=True)

    async def _answer(self, name: str, request: Request, token: str, *, vouched: bool) -> Response:
        caller = await who(self._parts, request.headers, token)
        cluster = self._parts.catalog().outside.clusters.get(name)
        if cluster is None:
            raise NoSuch("There is no such cluster.", "kind: Cluster, in the spec files")
        review = _read(await request.body(), cluster)
        if not review.releases:
            return _out(review, Admission(allowed=True))
        found = await run_in_threadpool(self._judge, cluster, review, caller, vouched=vouched)
        return _out(review, found)

    def _judge(
        self, cluster: Cluster, review: Review, caller: Caller, *, vouched: bool
    ) -> Admission:
        try:
            ruling = self._parts.admit.run(cluster, review, caller, vouched=vouched)
        except UserError as error:
            return refused(error)
        except Undecidable as error:
            if vouched:
                raise  # the webhook for emergencies is set up so that the cluster lets it through
            message = f"{error} Nothing goes here without an answer; a rollback does."
            return Admission(allowed=False, code=503, message=message)
        return told(ruling, self._parts.catalog())


def _read(body: bytes, cluster: Cluster) -> Review:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UserError("The body is no JSON.", "an AdmissionReview") from error
    if not isinstance(said, Mapping):
        raise UserError("The body is no JSON object.", "an AdmissionReview")
    try:
        return read_review(said, cluster.controllers)
    except Malformed as error:
        raise UserError(f"This is {error}.", "an AdmissionReview") from error


def _out(review: Review, admission: Admission) -> Response:
    return JSONResponse(answered(review.uid, admission))
