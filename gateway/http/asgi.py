"""The HTTP application, put together by hand: routes, problems, and the edge before them.

The routes are made once a process and know no database: making them takes a tenth of a second and
megabytes. What they need comes with each request, in its scope, from the edge; so one set of
routes serves any number of contexts.
"""

from collections.abc import Callable
from functools import cache

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from core import __version__
from core.late import without
from gateway.http import health
from gateway.http.api import admin as admin_api
from gateway.http.api import apps, conversations, mail, messages, receipts, users, webhooks
from gateway.http.api import held as held_api
from gateway.http.api import operator as operator_api
from gateway.http.api import queue as queue_api
from gateway.http.api import replay as replay_api
from gateway.http.edge import Edge
from gateway.http.house import House
from gateway.http.pages import files, held, opt_out
from gateway.http.problems import answer_problems
from gateway.ingress import Hatch


def build(house: House, *, admin: bool = False, hatch: Hatch | None = None) -> ASGIApp:
    """Return the application. ``admin``: no keys are asked, and the operator's routes are there.

    With a ``hatch``, mail can be handed in.
    """
    given = {"house": house, "hatch": hatch, "admin": admin}
    routes = _routes(admin=admin, mails=hatch is not None)
    return Edge(routes, given, largest_mail=hatch.largest if hatch else None)


@cache
def _routes(*, admin: bool, mails: bool) -> FastAPI:
    """Return the routes, which take all they need from the scope of a request."""
    app = FastAPI(
        title="Rejoinder",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    answer_problems(app)
    # FastAPI looks whether what a route takes is a model of pydantic's first version: none is.
    with without("pydantic.v1"):
        _hang(app, admin=admin, mails=mails)
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
