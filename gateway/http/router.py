"""What keeps the routes of a resource, until an application takes them up? A class.

Each file of routes makes one ``Router`` and declares its own with it; which of them there are is
listed in ``asgi.py``.

FastAPI's own router makes a route where it is declared and a second time where it is included,
each with all that reading and checking a request takes: a fifth of the start, and megabytes. Here
a route is a line in a list until it is added to an application; there it is made, once.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.params import Depends
from fastapi.routing import APIRoute

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Router:
    """The routes of a resource, in the order in which they are declared."""

    def __init__(
        self,
        tag: str,
        *,
        prefix: str = "",
        in_schema: bool = True,
        needs: Sequence[Depends] = (),
    ) -> None:
        """Have none yet.

        ``in_schema``: programs are told of them (OpenAPI). ``needs``: what each of them needs of
        who asks, or raises Unauthorized (``gateway/http/needs``).
        """
        self._shared: dict[str, Any] = {
            "tags": [tag],
            "include_in_schema": in_schema,
            "dependencies": list(needs),
        }
        self._prefix = prefix
        self._declared: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def add_to(self, app: FastAPI, prefix: str = "", kind: type[APIRoute] | None = None) -> None:
        """Make the routes, in an application, each of this kind."""
        for path, handler, given in self._declared:
            all_given = {**self._shared, **given, "route_class_override": kind}
            app.router.add_api_route(prefix + self._prefix + path, handler, **all_given)

    def get(self, path: str, **given: Any) -> Callable[[Handler], Handler]:
        """Declare what answers GET."""
        return self._declare(["GET"], path, given)

    def page(self, path: str, **given: Any) -> Callable[[Handler], Handler]:
        """Declare what answers GET, and HEAD alike without a body (RFC 9110, 9.3.2).

        Scanners of links ask by HEAD: a page that is there must not sound as if it were not.
        """
        return self._declare(["GET", "HEAD"], path, given)

    def post(self, path: str, **given: Any) -> Callable[[Handler], Handler]:
        """Declare what answers POST."""
        return self._declare(["POST"], path, given)

    def put(self, path: str, **given: Any) -> Callable[[Handler], Handler]:
        """Declare what answers PUT."""
        return self._declare(["PUT"], path, given)

    def patch(self, path: str, **given: Any) -> Callable[[Handler], Handler]:
        """Declare what answers PATCH."""
        return self._declare(["PATCH"], path, given)

    def delete(self, path: str, **given: Any) -> Callable[[Handler], Handler]:
        """Declare what answers DELETE."""
        return self._declare(["DELETE"], path, given)

    def _declare(
        self, methods: list[str], path: str, given: dict[str, Any]
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self._declared.append((path, handler, {"methods": methods, **given}))
            return handler

        return keep
