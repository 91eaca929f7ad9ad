"""What a route needs of who asks: it names one of these, and is not entered without.

    ``app_id: ForApp``        whoever may act for the app of the path; the route is told the app
    ``needs=OPERATOR_ONLY``   a router of which every route is the operator's: those in
                              ``gateway/http/operator``
    ``holder: MayOptOut``     whoever holds a link out of a mail; None for one we never signed

An app that does not exist sounds like one whose key is wrong, or guessing would tell which do; it
costs as much, too. A route of an app proves who asks before it reads a body: what strangers send is
neither kept nor made objects of.
"""

from collections.abc import Awaitable, Callable, Coroutine
from types import UnionType
from typing import Annotated, Any, cast

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from core.address import Purpose
from core.store import apps
from gateway.http import credentials
from gateway.http.principal import AppKey, AppToken, LinkHolder, Operator
from gateway.http.problems import Unauthorized
from gateway.http.request_context import At

_UNKNOWN = "The Authorization header must be 'Bearer' with a secret key or app token of this app."


async def _let_in(request: Request) -> Operator | None:  # a plain function would be run in a thread
    """Return whom the socket itself has proven, None where a request must do so."""
    return cast("Operator | None", request.state.let_in)


LetIn = Annotated[Operator | None, Depends(_let_in)]


async def prove(request: Request) -> None:
    """Note in a request's state who asks for something of an app, or raise Unauthorized."""
    state, app_id = request.state, request.path_params["app_id"]
    who: AppKey | AppToken | Operator | None = state.let_in
    if who is None:
        keys = await state.context.database.read(lambda session: apps.keys(session, app_id))
        header = request.headers.get("authorization", "")
        who = credentials.of_app(header, app_id, [key.secret for key in keys])
    if who is None:
        raise Unauthorized(_UNKNOWN)
    state.who_asks = who


async def _who_asks(
    request: Request, authorization: Annotated[str | None, Header()] = None
) -> AppKey | AppToken | Operator:
    """Return who asks for something of an app. The header is named for OpenAPI."""
    return cast("AppKey | AppToken | Operator", request.state.who_asks)


class AskingFirst(APIRoute):
    """A route of an app: who asks is proven first of all (FastAPI would read the body first).

    Then what reads waits for the app's turn; the operator for nobody's.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, if anybody was proven."""
        answer = super().get_route_handler()

        async def handler(request: Request) -> Response:
            await prove(request)
            if request.method != "GET" or request.state.let_in is not None:
                return await answer(request)
            async with request.state.app_turns.turn(request.path_params["app_id"]):
                return await answer(request)

        return handler


WhoAsks = Annotated[AppKey | AppToken | Operator, Depends(_who_asks)]


def needs(kinds: type | UnionType) -> Callable[..., Awaitable[str]]:
    """Return what lets only these kinds of principal ask for something of an app.

    It returns the app, or raises Unauthorized.
    """

    async def app_asked_for(app_id: str, who: WhoAsks) -> str:
        if isinstance(who, kinds):
            return app_id
        raise Unauthorized(_UNKNOWN)

    return app_asked_for


ForApp = Annotated[str, Depends(needs(AppKey | AppToken | Operator))]


async def _operator(let_in: LetIn) -> Operator:
    """Return the operator, or raise Unauthorized: also if a route is hung where others ask."""
    if let_in is None:
        raise Unauthorized(_UNKNOWN)
    return let_in


OPERATOR_ONLY = (Depends(_operator),)


def holding(may: Purpose) -> Callable[..., Awaitable[LinkHolder | None]]:
    """Return what reads the link of the path, if it lets its holder do this.

    None where we never signed it for that: each page says so in its own way.
    """

    async def holder(token: str, at: At) -> LinkHolder | None:
        return credentials.of_link(token, may, at.keys)

    return holder


MayOptOut = Annotated[LinkHolder | None, Depends(holding(Purpose.OPT_OUT))]
MayChoose = Annotated[LinkHolder | None, Depends(holding(Purpose.PREFERENCES))]
MayDecide = Annotated[LinkHolder | None, Depends(holding(Purpose.HELD))]
MayFetch = Annotated[LinkHolder | None, Depends(holding(Purpose.FILE))]
