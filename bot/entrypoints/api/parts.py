"""What every handler of the API needs: what stands behind it, and who asks."""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from starlette.requests import Request

from bot.decide.caller import Caller
from bot.entrypoints.api.behind import ApiParts

_SCHEME = HTTPBearer(auto_error=False, description="A token of Burnban's, or a CI run's identity")


async def _parts(request: Request) -> ApiParts:
    parts: ApiParts = request.app.state.parts
    return parts


async def _who(
    request: Request,
    _: Annotated[object, Security(_SCHEME)],  # only described: the flow reads it itself
) -> Caller:
    """Who asks, before anything else is understood. Whoever was here a moment ago costs no
    thread."""
    callers = request.app.state.parts.callers
    borne = request.headers.get("authorization", "")
    known: Caller | None = callers.remembered(borne)
    if known is not None:
        return known
    found: Caller = await run_in_threadpool(callers.who, borne)
    return found


Parts = Annotated[ApiParts, Depends(_parts)]
Who = Annotated[Caller, Depends(_who)]
