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
from core.lazy_import import without
from gateway.context import Context
from gateway.http import health
from gateway.http.api import (
    apps,
    conversations,
    explain,
    ingress,
    link_token,
    mail_preview,
    message_mail,
    messages,
    notifications,
    receipts,
    suppressions,
    users,
    webhooks,
)
from gateway.http.app_turns import AppTurns
from gateway.http.edge import Edge
from gateway.http.needs import AskingFirst
from gateway.http.operator import apps as operators_apps
from gateway.http.operator import held as operators_held
from gateway.http.operator import ingress as operators_ingress
from gateway.http.operator import lanes as operators_lanes
from gateway.http.operator import mails as operators_mails
from gateway.http.operator import queue as operators_queue
from gateway.http.operator import receipts as operators_receipts
from gateway.http.pages import attachments, held, opt_out, preferences
from gateway.http.principal import Operator
from gateway.http.problems import answer_problems

_API = (
    apps, webhooks, users, conversations, notifications, explain, messages, message_mail, receipts,
    suppressions, ingress, mail_preview, link_token,
)  # fmt: skip
_PAGES = (health, opt_out, preferences, held, attachments)
_OPERATORS = (
    operators_apps,
    operators_queue,
    operators_held,
    operators_lanes,
    operators_mails,
    operators_receipts,
    operators_ingress,
)


def build(context: Context, *, admin: bool = False) -> ASGIApp:
    """Return the application. ``admin``: whoever comes is the operator, whose routes are there."""
    let_in = Operator() if admin else None
    given = {"context": context, "let_in": let_in, "app_turns": AppTurns()}
    return Edge(_routes(admin=admin), given, largest_mail=context.largest)


@cache
def _routes(*, admin: bool) -> FastAPI:
    """Return the routes, which take all they need from the scope of a request."""
    app = FastAPI(
        title="Rejoinder",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Of people's pages: a few fields, none of which is long, and no file.
        form_limits={"max_fields": 20, "max_files": 0, "max_part_size": 4_096},
    )
    answer_problems(app)
    # FastAPI looks whether what a route takes is a model of pydantic's first version: none is.
    with without("pydantic.v1"):
        _add_routes(app, admin=admin)
    return app


def _add_routes(app: FastAPI, *, admin: bool) -> None:
    """Make the routes, in the application."""
    for resource in _API:
        resource.router.add_to(app, "/v1/{app_id}", AskingFirst)
    for page in _PAGES:
        page.router.add_to(app)
    if admin:
        for resource in _OPERATORS:
            resource.router.add_to(app)


def when_asked(make: Callable[[], ASGIApp]) -> ASGIApp:
    """Return an application that is made when the first request comes."""
    made: list[ASGIApp] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            made.append(make())
        await made[0](scope, receive, send)

    return app
