"""Is the process alive, and can it do its work?

All that may fail while a process lives on is the database. A room that ends takes the process with
it, so a process that answers has its notifier, and whoever supervises it hears of the rest.
"""

from fastapi import Response
from fastapi.responses import JSONResponse

from core.errors import StoreUnavailable
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
        reasons.append(f"The database cannot answer: {error}")
    told = {"status": "unready" if reasons else "ready", "reasons": reasons}
    return JSONResponse(told, status_code=503 if reasons else 200)
