"""Every error as JSON: ``errorCode`` and ``reasons`` as TalkJS's clients read them, and RFC 9457.

What a caller did wrong is told in full; what went wrong here has a reference that also stands in
the log, and no text of its own.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import InvalidRequest, NotAllowed, NotFound, StoreUnavailable, TooBusy, TooOften
from core.observe import Event, logger
from core.unseen import seen_line

_LONGEST_REASON = 1_000
_CODES = {
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    401: "UNAUTHORIZED",
    413: "TOO_LARGE",
    503: "BUSY",
}


class Unauthorized(InvalidRequest):
    """The Authorization header is missing or wrong."""

    code = "UNAUTHORIZED"


def problem(status: int, code: str, reasons: Sequence[str]) -> JSONResponse:
    """Return an error."""
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}.get(status)
    return JSONResponse(details(status, code, reasons), status_code=status, headers=headers)


def details(status: int, code: str, reasons: Sequence[str]) -> dict[str, Any]:
    """Return what an error says (RFC 9457, 3: type, title, status, detail).

    A reason may quote what was asked: no encoding takes half a character, and it may be a mebibyte.
    """
    told = [_shortened(seen_line(one[: 2 * _LONGEST_REASON])) for one in reasons]
    return {
        "errorCode": code,
        "reasons": told,
        "type": f"urn:rejoinder:error:{code.lower()}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": " ".join(told),
    }


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "\u2026"


def answer_problems(app: FastAPI) -> None:
    """Make an application answer its errors so."""
    app.add_exception_handler(InvalidRequest, _invalid)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(TooBusy, _busy)
    app.add_exception_handler(Exception, _surprise)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:

    code = getattr(error, "code", "INVALID_ARGUMENT")
    reasons = getattr(error, "reasons", None) or [str(error)]
    answer = problem(_status(error), code, reasons)
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = str(error.after)
    return answer


def _status(error: Exception) -> int:
    """Return the HTTP status of what a caller did wrong."""
    match error:
        case NotFound():
            return 404
        case NotAllowed():
            return 403
        case TooOften():
            return 429  # RFC 6585, 4
        case Unauthorized():
            return 401
        case _:
            return 400


async def _unreadable(_request: Request, error: Exception) -> JSONResponse:
    """Name each field that is wrong, and how."""
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else []
    reasons = [
        f"{'.'.join(str(part) for part in one['loc'][1:]) or 'body'}: {one['msg']}"
        for one in found[:20]
    ]
    return problem(400, "INVALID_ARGUMENT", reasons or ["The request makes no sense."])


async def _http(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 400
    detail = str(error.detail) if isinstance(error, HTTPException) else "Bad request"
    return problem(status, _CODES.get(status, "INVALID_ARGUMENT"), [detail])


async def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    logger().warning(Event.REQUEST_FAILED, reason=str(error))
    return problem(503, "UNAVAILABLE", ["The database cannot answer now. Please try again."])


async def _busy(_request: Request, error: Exception) -> JSONResponse:
    logger().warning(Event.REQUEST_FAILED, reason=str(error))
    return problem(503, "BUSY", [str(error)])


async def _surprise(_request: Request, error: Exception) -> JSONResponse:
    return surprise(error)


def surprise(error: Exception) -> JSONResponse:
    """Return what is said of a mistake of ours, whose traceback the log has beside a reference."""
    reference = secrets.token_hex(4)
    logger().error(Event.REQUEST_FAILED, reference=reference, exc_info=error)
    return problem(500, "INTERNAL_ERROR", [f"Something went wrong on our side ({reference})."])
