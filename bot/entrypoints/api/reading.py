"""What the API tells whoever only looks."""

import hmac
import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, Field

from bot.decide.caller import Caller
from bot.entrypoints.api.answers import BudgetsOut, FreezesOut, HistoryOut, StatusOut
from bot.entrypoints.api.faults import DESCRIBED
from bot.entrypoints.api.parts import Parts, Who
from bot.entrypoints.api.shapes import Given, Line, Name, Shape
from bot.errors import Forbidden, NoSuch
from bot.flow.show.browse import Question

router = APIRouter(responses=DESCRIBED)
SIGNATURE = "Burnban-Signature"
Limit = Annotated[int, Field(ge=1, le=200)]


class StatusQuery(Shape):
    """Which service, and when."""

    service: Name
    at: AwareDatetime | None = None


class BudgetsQuery(Shape):
    """A page of budgets."""

    service: Given = None
    after: Line = ""
    limit: Limit = 50


class FreezesQuery(Shape):
    """A page of freezes."""

    service: Given = None
    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    limit: Limit = 50


class HistoryQuery(Shape):
    """A page of the history, newest first."""

    service: Given = None
    before: Annotated[int, Field(ge=1, le=2**53)] | None = None
    limit: Limit = 50


@router.get("/gate/status", response_model=StatusOut, tags=["gate"])
def status(asked: Annotated[StatusQuery, Query()], parts: Parts, who: Who) -> Response:
    """How a service stands now, or at a time to come, and when that changes. Advisory: nothing is
    recorded, and an override is not looked for. What stands now is signed for the token that asks,
    so that a copy may be believed while we cannot be reached; what is to come is no such copy."""
    if not who.rights.may_see(asked.service):
        raise Forbidden(f"This token may not see {asked.service}.", _scope(asked.service))
    body = json.dumps(parts.status.status(asked.service, asked.at)).encode()
    headers = {SIGNATURE: sign(body, who)} if who.secret and asked.at is None else None
    return Response(body, media_type="application/json", headers=headers)


@router.get("/budgets", response_model=BudgetsOut, tags=["reading"])
def budgets(asked: Annotated[BudgetsQuery, Query()], parts: Parts, who: Who) -> Response:
    """Every objective with its verdict and figures."""
    rows = parts.status.budgets(_wanted(asked.service, parts, who), asked.after, asked.limit)
    return _page(rows, asked.limit, "id")


@router.get("/freezes", response_model=FreezesOut, tags=["reading"])
def freezes(asked: Annotated[FreezesQuery, Query()], parts: Parts, who: Who) -> Response:
    """Freezes in force or to come."""
    rows = parts.status.freezes(_wanted(asked.service, parts, who), asked.after, asked.limit)
    return _page(rows, asked.limit, "id")


@router.get("/history", response_model=HistoryOut, tags=["reading"])
def history(asked: Annotated[HistoryQuery, Query()], parts: Parts, who: Who) -> Response:
    """Every decision, with what it rests on."""
    _wanted(asked.service, parts, who)
    word = f"service:{asked.service}" if asked.service is not None else "all"
    facts = parts.browse.page(Question(word, before=asked.before), asked.limit)
    return JSONResponse({"items": facts["rows"], "next": facts["next_before"]})


def sign(body: bytes, who: Caller) -> str:
    """HMAC-SHA256 of the answer, with what only the token's owner and we know."""
    return f"v1={hmac.new(who.secret.encode(), body, 'sha256').hexdigest()}"


def _wanted(service: str | None, parts: Parts, who: Caller) -> Callable[[str], bool]:
    """The services that are asked for. Raises Forbidden, NoSuch."""
    if service is None:
        if not who.rights.reads:
            raise Forbidden("This token may not read everything.", "the scope read, or ?service=")
        return lambda _: True
    if not who.rights.may_see(service):
        raise Forbidden(f"This token may not see {service}.", _scope(service))
    if service not in parts.catalog().services:
        raise NoSuch(f"There is no service {service}.")
    return lambda name: name == service


def _scope(service: str) -> str:
    return f"the scope read, or gate:decide:{service}"


def _page(rows: list[dict[str, Any]], limit: int, key: str) -> Response:
    more = len(rows) > limit
    shown = rows[:limit]
    return JSONResponse({"items": shown, "next": shown[-1][key] if more else None})
