"""What a route works with: the gateway's context, which comes with each request."""

from typing import Annotated, cast

from fastapi import Depends, Request

from gateway.context import Context


async def context_of(request: Request) -> Context:  # a plain function would be run in a thread
    """Return the context that a request is served in."""
    return cast("Context", request.state.context)


At = Annotated[Context, Depends(context_of)]
