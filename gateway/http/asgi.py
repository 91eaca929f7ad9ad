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
from gateway.http.api import apps, conversations, ingress, messages, receipts, users, webhooks
from gateway.http.edge import Edge
from gateway.http.house import House
from gateway.http.operator import apps as operators_apps
from gateway.http.operator import held as operators_held
from gateway.http.operator import ingress as operators_ingress
from gateway.http.operator import mails as operators_mails
from gateway.http.operator import queue as operators_queue
from gateway.http.operator import receipts as operators_receipts
from gateway.http.pages import attachments, held, opt_out
from gateway.http.principal import Operator
from gateway.http.problems import answer_problems
from gateway.ingress import Hatch

_API = (apps, webhooks, users, conversations, messages, receipts)
_PAGES = (health, opt_out, held, attachments)
_OPERATORS = (operators_apps, operators_queue, operators_held, operators_mails, operators_receipts)


def build(house: House, *, admin: bool = False, hatch: Hatch | None = None) -> ASGIApp:
    """Return the application. ``admin``: whoever comes is the operator, whose routes are there.

    With a ``hatch``, mail can be handed in.
    """
    given = {"house": house, "hatch": hatch, "let_in": Operator() if admin else None}
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
    for resource in (*_API, ingress) if mails else _API:
        resource.router.hang(app, "/v1/{app_id}")
    for page in _PAGES:
        page.router.hang(app)
    if admin:
        for resource in (*_OPERATORS, operators_ingress) if mails else _OPERATORS:
            resource.router.hang(app)


def when_asked(make: Callable[[], ASGIApp]) -> ASGIApp:
    """Return an application that is made when the first request comes."""
    made: list[ASGIApp] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            made.append(make())
        await made[0](scope, receive, send)

    return app
