"""Rollback hooks of progressive delivery: POST /gates/flagger/SERVICE/rollback for a webhook of
Flagger of type rollback (200 rolls back, anything else goes on), POST
/gates/rollouts/SERVICE/rollback for a web metric of Argo Rollouts (200 with a state, whatever it
is). The same body as for a stage. Nothing is recorded or used by asking."""

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse

from bot.entrypoints.api.faults import status_of
from bot.entrypoints.api.shapes import Name
from bot.entrypoints.kubernetes.parts import ClusterParts, Stage, who
from bot.errors import Forbidden, RecordError, Undecidable, UserError


def add_rollbacks(web: FastAPI, parts: ClusterParts) -> None:
    """Put the doors where those of the stages are."""
    door = _Door(parts)
    web.post("/flagger/{service}/rollback")(door.flagger)
    web.post("/rollouts/{service}/rollback")(door.rollouts)


class _Door:
    def __init__(self, parts: ClusterParts) -> None:
        self._parts = parts

    async def flagger(self, service: Name, stage: Stage, request: Request) -> Response:
        """Only a rollback that was approved gets a 200."""
        try:
            to = await self._granted(service, stage, request)
        except UserError as error:
            return PlainTextResponse(error.sentence, status_code=status_of(error))
        except Undecidable as error:
            wait = {"Retry-After": str(error.retry_after)}
            return PlainTextResponse(str(error), status_code=503, headers=wait)
        if to:
            return PlainTextResponse(f"roll back to {to}: it was approved")
        return PlainTextResponse(f"no rollback of {stage.version} is approved", status_code=409)

    async def rollouts(self, service: Name, stage: Stage, request: Request) -> Response:
        """What cannot be known now rolls nothing back."""
        try:
            to = await self._granted(service, stage, request)
        except Undecidable:
            to = ""
        return JSONResponse({"data": {"state": "rollback" if to else "keep", "to": to}})

    async def _granted(self, service: str, stage: Stage, request: Request) -> str:
        caller = await who(self._parts, request.headers, stage.metadata.get("token", ""))
        if not caller.rights.may_see(service):
            sentence = f"This token may not ask about {service}."
            raise Forbidden(sentence, f"a token with the scope gate:decide:{service}")
        try:
            return await run_in_threadpool(self._parts.canary.granted, service, stage.version)
        except RecordError as error:
            raise Undecidable("The database does not answer.") from error
