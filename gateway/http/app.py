"""The HTTP application, put together by hand: problems, limits, routers."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import __version__
from gateway.http import health
from gateway.http.api import admin as admin_api
from gateway.http.api import apps, conversations, messages, receipts, users
from gateway.http.api import held as held_api
from gateway.http.house import House
from gateway.http.pages import files, held, opt_out
from gateway.http.problems import TooLarge, answer_problems, problem

_MOST_OCTETS = 1024 * 1024


def build(house: House, *, admin: bool = False) -> FastAPI:
    """Return the application. ``admin``: no keys are asked, and the operator's routes are there."""
    app = FastAPI(
        title="Rejoinder",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.house, app.state.admin = house, admin
    answer_problems(app)
    for resource in (apps, users, conversations, messages, receipts):
        app.include_router(resource.router, prefix="/v1/{app_id}")
    app.include_router(health.router)
    app.include_router(opt_out.router)
    app.include_router(held.router)
    app.include_router(files.router)
    if admin:
        app.include_router(admin_api.router)
        app.include_router(held_api.router)
    app.add_middleware(_Edge)
    return app


def late(make: Callable[[], ASGIApp]) -> ASGIApp:
    """Return an application that is made when the first request comes."""
    made: list[ASGIApp] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            made.append(make())
        await made[0](scope, receive, send)

    return app


class _Edge:
    """What every request passes first: a bound on its body, and tolerance for trailing slashes.

    Real clients send them, and bodies with GET (talkjs-spec, 11.2).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/")}
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > _MOST_OCTETS:
                raise TooLarge(f"The body is larger than {_MOST_OCTETS} octets.")
            return message

        if _declared(scope) > _MOST_OCTETS:
            answer: Any = problem(413, "TOO_LARGE", ["The body is too large."])
            await answer(scope, receive, send)
            return
        await self._app(scope, bounded, send)


def _declared(scope: Scope) -> int:
    """Return the declared length of a body, 0 if there is none that makes sense."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:12])
    return 0
