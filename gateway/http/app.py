"""The HTTP application, put together by hand: problems, limits, routers."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import __version__
from core.late import without
from gateway.http import health
from gateway.http.api import admin as admin_api
from gateway.http.api import apps, conversations, mail, messages, receipts, users, webhooks
from gateway.http.api import held as held_api
from gateway.http.api import operator as operator_api
from gateway.http.api import queue as queue_api
from gateway.http.api import replay as replay_api
from gateway.http.house import House
from gateway.http.pages import files, held, opt_out
from gateway.http.problems import answer_problems, problem
from gateway.ingress import Hatch

_MOST_OCTETS = 1024 * 1024


def build(house: House, *, admin: bool = False, hatch: Hatch | None = None) -> FastAPI:
    """Return the application. ``admin``: no keys are asked, and the operator's routes are there.

    With a ``hatch``, mail can be handed in.
    """
    app = FastAPI(
        title="Rejoinder",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.house, app.state.admin = house, admin
    app.state.hatch = hatch
    answer_problems(app)
    # FastAPI looks whether what a route takes is a model of pydantic's first version: none is.
    with without("pydantic.v1"):
        _hang(app, admin=admin, mails=hatch is not None)
    app.add_middleware(_Edge, largest_mail=hatch.largest if hatch else _MOST_OCTETS)
    return app


def _hang(app: FastAPI, *, admin: bool, mails: bool) -> None:
    """Hang the routes in the application."""
    for resource in (apps, webhooks, users, conversations, messages, receipts):
        resource.router.hang(app, "/v1/{app_id}")
    for pages in (health, opt_out, held, files):
        pages.router.hang(app)
    if admin:
        for rights in (admin_api, queue_api, held_api, operator_api, replay_api):
            rights.router.hang(app)
    if mails:
        mail.router.hang(app, "/v1/{app_id}")
    if mails and admin:
        mail.admin_router.hang(app)


def when_asked(make: Callable[[], ASGIApp]) -> ASGIApp:
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

    def __init__(self, app: ASGIApp, largest_mail: int) -> None:
        self._app, self._largest_mail = app, largest_mail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            answer: Any = problem(400, "INVALID_ARGUMENT", ["A NUL is in no name and no value."])
            await answer(scope, receive, send)
            return
        if len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/")}
        most = self._largest_mail if _is_mail(scope) else _MOST_OCTETS
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, f"The body is larger than {most} octets.")
            return message

        if _declared(scope) > most:
            answer = problem(413, "TOO_LARGE", ["The body is too large."])
            await answer(scope, receive, send)
            return
        await self._app(scope, bounded, send)


def _is_mail(scope: Scope) -> bool:
    """Tell whether a request hands in a mail, which may be larger than JSON."""
    parts = scope["path"].split("/")[1:]
    return scope["method"] == "POST" and (
        (len(parts) == 3 and (parts[0], parts[2]) == ("v1", "mail")) or parts == ["admin", "mail"]
    )


def _declared(scope: Scope) -> int:
    """Return the declared length of a body, 0 if there is none that makes sense."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:12])
    return 0
