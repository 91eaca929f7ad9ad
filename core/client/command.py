"""What is a command? A coroutine that asks the API and returns what it has to tell.

``command`` adds one to a group with the options that all share: where the configuration is,
which app is meant, JSON or not. What is refused ends with exit code 1 and one line on standard
error, what cannot be understood with 2. How the API is reached is the door's to know: it stands
in the context as a ``Reach``.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import quote

import typer

from core.client.terminal import Told, complain, tell
from core.errors import DatabaseInUse, RejoinderError, SettingsError, StoreUnavailable
from core.lazy_import import lazy_import

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy_import("httpx")

T = TypeVar("T")

REFUSED, USAGE = 1, 2


@dataclass(frozen=True, slots=True)
class Given:
    """Where the configuration is, as the flags of a command say."""

    config: Path | None = None
    database: str | None = None
    settings: tuple[str, ...] = ()

    def flags(self) -> dict[str, object]:
        """Return them as the strongest source of settings."""
        said: dict[str, object] = {"database.url": self.database}
        for one in self.settings:
            name, equals, value = one.partition("=")
            if not equals:
                raise SettingsError(f"--set {one}: is not NAME=VALUE")
            said[name.strip()] = value
        return said


Reach = Callable[[Given], "AbstractAsyncContextManager[httpx.AsyncClient]"]
Work = Callable[..., Awaitable[Told]]

ConfigOption = Annotated[Path | None, typer.Option("--config", help="The settings file.")]
DatabaseOption = Annotated[str | None, typer.Option("--database", help="The database's URL.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting, as smtp.port=25. Repeatable."),
]
AppOption = Annotated[
    str | None, typer.Option("--app", help="The app; needed when there are several.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Tell it as JSON.")]


_DOTS = frozenset({".", ".."})


class Refused(RejoinderError):  # noqa: N818  reads as a state, like the others
    """The request was refused."""


def _url(path: tuple[str, ...]) -> str:
    """Return the path of a request, each part of it one name. Raise Refused for what is none."""
    return "/" + "/".join(map(_segment, path))


def _segment(name: str) -> str:
    if not name:
        raise Refused("An id is not empty.")
    # Dots alone lead elsewhere (RFC 3986, 5.2.4), also to who asks the way before us.
    return quote(name, safe="").replace(".", "%2E") if name in _DOTS else quote(name, safe="")


class Caller:
    """The API, as a command sees it."""

    def __init__(self, client: httpx.AsyncClient, app: str | None) -> None:
        """Speak through a client, about an app if one was named."""
        self._client = client
        self._app = app

    async def ask(self, method: str, *path: str, body: Any = None, **query: Any) -> Any:
        """Send one request and return the answer's JSON. Raise Refused for anything but 2xx."""
        url = _url(path)
        params = {name: value for name, value in query.items() if value is not None}
        answer = await self._client.request(
            method, url, params=params, content=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json"} if body is not None else None,
        )  # fmt: skip
        if not answer.is_success:
            raise Refused(_reason(answer))
        return answer.json() if answer.content else None

    async def hand(
        self, octets: bytes, kind: str, *path: str, **query: str
    ) -> tuple[int, dict[str, Any]]:
        """Hand in octets of a kind; return the status and the answer, whatever it is."""
        url = _url(path)
        headers = {"Content-Type": kind}
        answer = await self._client.post(url, params=query, content=octets, headers=headers)
        try:
            told = answer.json()
        except ValueError:
            told = None
        return answer.status_code, told if isinstance(told, dict) else {}

    async def of_app(self, method: str, *path: str, body: Any = None, **query: Any) -> Any:
        """Send one request about the app."""
        return await self.ask(method, "v1", await self.app(), *path, body=body, **query)

    async def every(self, *path: str, limit: int = 1000) -> list[Any]:
        """Return a list of the app's that comes in pages, whole up to a limit."""
        return await self.pages("v1", await self.app(), *path, limit=limit)

    async def pages(self, *path: str, limit: int, **query: Any) -> list[Any]:
        """Return a list that comes in pages, whole up to a limit."""
        rows: list[Any] = []
        after: str | None = None
        while len(rows) < limit:
            size = min(100, limit - len(rows))
            found = await self.ask("GET", *path, **query, limit=size, startingAfter=after)
            page = found["data"]
            rows += page
            if len(page) < size:
                break
            after = page[-1]["id"]
        return rows

    async def app(self) -> str:
        """Return the app that is meant: the one named, or the only one there is."""
        if self._app is None:
            apps = (await self.ask("GET", "admin", "apps"))["data"]
            if len(apps) != 1:
                known = ", ".join(one["id"] for one in apps)
                raise SettingsError(
                    f"which app? say --app with one of {known}"
                    if apps
                    else "there is no app yet: `rejoinder app create ID` makes one"
                )
            self._app = str(apps[0]["id"])
        return self._app


def command(group: typer.Typer, name: str) -> Callable[[Work], Work]:
    """Add a coroutine to a group as a command; its first argument is the ``Caller``."""

    def add(work: Work) -> Work:
        group.command(name)(_command(work))
        return work

    return add


def fields(assignments: list[str]) -> dict[str, Any]:
    """Read ``name=value`` words; a value that is JSON is meant as JSON.

    ``custom.colour=red`` is one field of those in ``custom``.
    """
    read: dict[str, Any] = {}
    for one in assignments:
        name, equals, text = one.partition("=")
        if not equals or not name:
            raise SettingsError(f"{one}: is not NAME=VALUE")
        whole, _, part = name.partition(".")
        place = read.setdefault(whole, {}) if part else read
        if not isinstance(place, dict):
            raise SettingsError(f"{one}: {whole} has a value already")
        try:
            place[part or name] = json.loads(text)
        except ValueError:
            place[part or name] = text
    return read


def guarded(work: Callable[[], None]) -> None:
    """Run, and say in one line and an exit code what went wrong."""
    try:
        work()
    except (SettingsError, DatabaseInUse) as error:
        complain(str(error))
        raise typer.Exit(USAGE) from None
    except UnicodeError:  # octets of the command line that are no UTF-8 (PEP 383)
        complain("a word of the command, or of the environment, is no UTF-8")
        raise typer.Exit(USAGE) from None
    except StoreUnavailable as error:
        complain(f"the database cannot answer now: {error}")
        raise typer.Exit(REFUSED) from None
    except RejoinderError as error:
        complain(str(error))
        raise typer.Exit(REFUSED) from None
    except httpx.HTTPError as error:
        complain(f"the running process does not answer: {error or type(error).__name__}")
        raise typer.Exit(REFUSED) from None


def asking(
    reach: Reach, where: Given, app: str | None, work: Callable[[Caller], Awaitable[T]]
) -> T:
    """Run a coroutine that asks the API."""

    async def ask() -> T:
        async with reach(where) as client:
            return await work(Caller(client, app))

    return asyncio.run(ask())


def _command(work: Work) -> Callable[..., None]:
    """Return the command of a coroutine: its own parameters and those that all share."""

    def run(ctx: typer.Context, **given: Any) -> None:
        where = Given(given.pop("config"), given.pop("database"), tuple(given.pop("sets") or ()))
        app, as_json = given.pop("app"), given.pop("as_json")
        reach: Reach = ctx.obj

        guarded(
            lambda: tell(asking(reach, where, app, lambda at: work(at, **given)), as_json=as_json)
        )

    own = list(inspect.signature(work).parameters.values())[1:]
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
        *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own),
        *_shared(),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__doc__ = work.__doc__
    run.__name__ = work.__name__
    return run


def _shared() -> list[inspect.Parameter]:
    shared: tuple[tuple[str, Any, Any], ...] = (
        ("app", AppOption, None),
        ("as_json", JsonOption, False),
        ("config", ConfigOption, None),
        ("database", DatabaseOption, None),
        ("sets", SetOption, None),
    )
    kind = inspect.Parameter.KEYWORD_ONLY
    return [inspect.Parameter(n, kind, default=d, annotation=a) for n, a, d in shared]


def _reason(answer: httpx.Response) -> str:
    """Return what an answer says is wrong, in one line."""
    try:
        told = answer.json()
    except ValueError:
        return f"answered {answer.status_code}"
    reasons = told.get("reasons") if isinstance(told, dict) else None
    if texts := _texts(reasons):
        return "; ".join(texts)
    said = told.get("detail") or told.get("errorCode") if isinstance(told, dict) else None
    return str(said or f"answered {answer.status_code}")


def _texts(reasons: Any) -> list[str]:
    """Return the sentences of ``reasons``: a list, or one a key of a batch."""
    if isinstance(reasons, dict):
        return [f"{key}: {text}" for key, inner in reasons.items() for text in _texts(inner)]
    if isinstance(reasons, list):
        return [text for inner in reasons for text in _texts(inner)]
    return [str(reasons)] if reasons else []
