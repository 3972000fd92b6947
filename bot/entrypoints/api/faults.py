"""What goes wrong, as the API says it."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.entrypoints.api.answers import FaultOut
from bot.entrypoints.api.wording import in_words
from bot.entrypoints.plain import plain
from bot.errors import (
    BurnbanError,
    Contradicted,
    Forbidden,
    NoSuch,
    RecordError,
    Undecidable,
    Unfit,
    Unidentified,
    UserError,
)

log = logging.getLogger(__name__)

_STATUS: dict[type[UserError], tuple[int, str]] = {
    Unidentified: (401, "unidentified"),
    Forbidden: (403, "forbidden"),
    NoSuch: (404, "not_found"),
    Contradicted: (409, "conflict"),
}
_MOST = 20
"""Fields that are listed."""
_UNREADABLE, _NOT_ALLOWED = 400, 405

DESCRIBED: dict[int | str, dict[str, Any]] = {
    code: {"model": FaultOut, "description": words}
    for code, words in {
        400: "The request is no JSON, or no HTTP",
        401: "Nobody knows who asks",
        403: "Who asks may not",
        404: "There is no such thing",
        408: "The body did not arrive in time",
        409: "It does not fit what was said or asked before",
        413: "The body is too large",
        422: "A field is wrong; `fields` names it",
        503: "No answer now; ask again after `Retry-After` seconds",
    }.items()
}


def install(api: FastAPI) -> None:
    """Every error becomes one shape."""
    api.add_exception_handler(UserError, _user)
    api.add_exception_handler(Undecidable, _undecidable)
    api.add_exception_handler(RecordError, _undecidable)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)


def status_of(error: UserError) -> int:
    """As HTTP has them."""
    return _STATUS.get(type(error), (422, "invalid"))[0]


def fault(
    status: int,
    code: str,
    message: str,
    remedy: str = "",
    fields: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """One fault."""
    said = {"code": code, "message": message, "remedy": remedy, "fields": fields or []}
    return JSONResponse({"error": said}, status_code=status, headers=headers)


def _user(_: Request, error: Exception) -> Response:
    if not isinstance(error, UserError):
        raise error
    status, code = _STATUS.get(type(error), (422, "invalid"))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    fields = None
    if isinstance(error, Unfit):
        fields = [{"field": f"body.{error.field}", "problem": plain(error.sentence)}]
    return fault(status, code, plain(error.sentence), plain(error.example), fields, headers)


def _undecidable(_: Request, error: Exception) -> Response:
    if not isinstance(error, BurnbanError):
        raise error
    log.warning("a request to the API could not be answered: %s", error)
    wait = str(error.retry_after if isinstance(error, Undecidable) else 10)
    message = str(error) if isinstance(error, Undecidable) else "The database does not answer."
    return fault(503, "undecidable", plain(message), headers={"Retry-After": wait})


def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    fields = [{"field": _place(one["loc"]), "problem": plain(in_words(one))} for one in found]
    names = ", ".join(dict.fromkeys(one["field"] for one in fields[:3]))
    first = fields[0]["problem"] if fields else "it is not understood"
    return fault(422, "invalid", f"{names}: {first}", fields=fields[:_MOST])


def _place(loc: Any) -> str:
    """`body.subject.service`; of a body that is no JSON only `body`."""
    return plain(".".join(str(part) for part in loc if not isinstance(part, int)))[:200]


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = str(error.detail).lower().replace(" ", "_")
    headers = dict(error.headers) if error.headers else None
    if error.status_code == _NOT_ALLOWED and (allowed := _allowed(request)):
        headers = {"Allow": ", ".join(allowed)}
    if error.status_code == _UNREADABLE:
        remedy = "it may be nested too deeply, or hold a number of thousands of figures"
        return fault(400, "invalid", "The body is no JSON that can be read.", remedy)
    return fault(error.status_code, code, str(error.detail), headers=headers)


def _allowed(request: Request) -> list[str]:
    """The methods that are described for this address: the framework names only those of the
    first route."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return sorted(method.upper() for method in request.app.openapi()["paths"].get(path, ()))
