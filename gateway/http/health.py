"""Is the process alive, and can it do its work?

All that may fail while a process lives on is the database. A room that ends takes the process with
it, so a process that answers has its notifier, and whoever supervises it hears of the rest.

Anybody may ask, so the answer holds sentences of ours only. The trap: a driver's own words name
hosts, files and users; they go to the log.
"""

from fastapi import Response
from fastapi.responses import JSONResponse

from core.errors import StoreUnavailable
from core.observe import Event, logger
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("health")


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(at: At) -> Response:
    """Say whether the database answers and is up to date, or why not (503)."""
    reasons: list[str] = []
    try:
        if not await at.database.is_current():
            reasons.append("The database's tables are not up to date: run 'rejoinder migrate'.")
    except StoreUnavailable as error:
        logger().warning(Event.REQUEST_FAILED, reason=str(error))
        reasons.append("The database cannot answer now.")
    told = {"status": "unready" if reasons else "ready", "reasons": reasons}
    return JSONResponse(told, status_code=503 if reasons else 200)
