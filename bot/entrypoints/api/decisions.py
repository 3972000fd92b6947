"""POST /v1/gate/decisions: may this release go now?"""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response

from bot.decide.catalog import Catalog
from bot.entrypoints.api.answers import DecisionOut, ReportOut
from bot.entrypoints.api.faults import DESCRIBED
from bot.entrypoints.api.parts import Parts, Who
from bot.entrypoints.api.shapes import Key, PassageIn, QuestionIn
from bot.flow.gate_sitting import GateAnswer

router = APIRouter()
_ID = re.compile(r"[CG][A-Z0-9]{6,20}")


@router.post("/gate/decisions", response_model=DecisionOut, responses=DESCRIBED, tags=["gate"])
def decide(
    question: QuestionIn,
    parts: Parts,
    who: Who,
    idempotency_key: Annotated[Key | None, Header()] = None,
) -> Response:
    """May this release go now? The answer is recorded with all that it rests on. The same run
    asking again gets the same decision as long as nothing has changed; with an `Idempotency-Key`
    the very same request gets the very same answer while that holds."""
    found = parts.gate.run(question.asking(idempotency_key or ""), who)
    return JSONResponse(said(found, parts.catalog()))


@router.post("/gate/reports", response_model=ReportOut, responses=DESCRIBED, tags=["gate"])
def report(passage: PassageIn, parts: Parts, who: Who) -> Response:
    """A release went while the gate could not be reached: it comes on record. The same report again
    changes nothing."""
    fresh = parts.report.run(passage.asking(""), passage.passed_at, passage.why, who)
    return JSONResponse({"recorded": fresh})


def said(found: GateAnswer, catalog: Catalog) -> dict[str, Any]:
    """The answer with the way to an override."""
    facts, service, name = found.facts, found.facts["service"], found.facts["release"]
    stopped = bool(not found.outcome.goes and service in catalog.services)
    frozen = stopped and any(one["freeze_id"] is not None for one in facts["reasons"])
    team = catalog.team_of(service) if stopped else None
    channel = team.channel if team is not None else ""
    url = f"https://slack.com/app_redirect?channel={channel}" if _ID.fullmatch(channel) else None
    return {
        **facts,
        "request_override_url": url if frozen else None,
        "request_override": f"/override {service} {name or '<version>'} <reason>"
        if frozen
        else None,
        "team": (team.title or team.name) if team is not None else None,
        "channel": channel or None,
    }
