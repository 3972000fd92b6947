"""POST /v1/gate/decisions: may this release go now?"""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response

from bot.entrypoints.api.answers import DecisionOut, ReportOut
from bot.entrypoints.api.asking import ask
from bot.entrypoints.api.faults import DESCRIBED
from bot.entrypoints.api.parts import Parts, Who
from bot.entrypoints.api.said import said
from bot.entrypoints.api.shapes import Key, PassageIn, QuestionIn

router = APIRouter()


@router.post("/gate/decisions", response_model=DecisionOut, responses=DESCRIBED, tags=["gate"])
async def decide(
    question: QuestionIn,
    parts: Parts,
    who: Who,
    idempotency_key: Annotated[Key | None, Header()] = None,
) -> Response:
    """May this release go now? The answer is recorded with all that it rests on. The same run
    asking again gets the same decision as long as nothing has changed; with an `Idempotency-Key`
    the very same request gets the very same answer while that holds."""
    asking = question.asking(idempotency_key or "")
    found = await ask(parts.gate, asking, who)
    return JSONResponse(said(found, asking.change, parts.catalog(), parts.links.url))


@router.post("/gate/reports", response_model=ReportOut, responses=DESCRIBED, tags=["gate"])
def report(passage: PassageIn, parts: Parts, who: Who) -> Response:
    """A release went while the gate could not be reached: it comes on record. The same report again
    changes nothing."""
    fresh = parts.report.run(passage.asking(""), passage.passed_at, passage.why, who)
    return JSONResponse({"recorded": fresh})
