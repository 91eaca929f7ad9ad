"""What a route needs of who asks: it names one of these, and is not entered without.

    ``app_id: ForApp``        whoever may act for the app of the path; the route is told the app
    ``needs=OPERATOR_ONLY``   a router of which every route is the operator's: those in
                              ``gateway/http/operator``
    ``holder: MayOptOut``     whoever holds a link out of a mail; None for one we never signed

An app that does not exist sounds like one whose key is wrong, or guessing would tell which do.
"""

from collections.abc import Awaitable, Callable
from types import UnionType
from typing import Annotated, cast

from fastapi import Depends, Header, Request

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


async def _who_asks(
    app_id: str, at: At, let_in: LetIn, authorization: Annotated[str | None, Header()] = None
) -> AppKey | AppToken | Operator | None:
    """Return who asks for something of an app, None if nobody was proven."""
    if let_in is not None:
        return let_in
    keys = await at.database.read(lambda session: apps.keys(session, app_id))
    return credentials.of_app(authorization or "", app_id, [key.secret for key in keys])


WhoAsks = Annotated[AppKey | AppToken | Operator | None, Depends(_who_asks)]


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
MayDecide = Annotated[LinkHolder | None, Depends(holding(Purpose.HELD))]
MayFetch = Annotated[LinkHolder | None, Depends(holding(Purpose.FILE))]
