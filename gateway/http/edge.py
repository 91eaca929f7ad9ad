"""What every request passes first: it is given what routes need, and its body bounds.

A mail may be as long as a mail may be, JSON for a program a mebibyte, and what people's pages send
a few fields. What a body holds of memory, and what JSON becomes when it is read, is counted with
what all other ways in hold; if there is no room it is 503, and to be tried again.

A request that tells its length twice, by Content-Length and by Transfer-Encoding, is refused: a
proxy in front may read the one and we the other, and what one takes for a body the next takes for
another person's request (RFC 9112, 6.1 and 11.2).

Trailing slashes are taken off: real clients send them, and bodies with GET (talkjs-spec, 11.2).
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.ids import wrong_with
from core.memory_budget import HeldOctets, MemoryBudget
from gateway.http.json_work import MOST_VALUES, VALUE_OCTETS, JsonTurns, ValueCount
from gateway.http.problems import problem, surprise

_MOST_OCTETS = 1024 * 1024
_MOST_OF_FORM = 16 * 1024  # of a page's, or of whatever is sent to where nothing is
_BEGUN_AT_ONCE = 8
_MAKING = frozenset({"PUT", "POST", "PATCH"})


class Edge:
    """Routes, bound to what they are to work with: they find it in ``request.state``."""

    def __init__(self, routes: ASGIApp, given: Mapping[str, Any], largest_mail: int) -> None:
        """``largest_mail``: the most octets of a body that is a mail."""
        self._routes, self._given = routes, given
        self._largest_mail = largest_mail
        self._memory: MemoryBudget = given["context"].memory
        self._beginning = asyncio.Semaphore(_BEGUN_AT_ONCE)
        self._turns = JsonTurns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what goes wrong before or beside the routes is answered as well."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._serve(scope, receive, sending)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            answer = surprise(error)
            await answer(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        # So many begin in one round of the loop, in their order: a thousand that come at once would
        # have each dialogue of SMTP wait for a thousand pieces of work between two replies. It is
        # held for a round only, so nobody keeps others from it by being slow.
        async with self._beginning:
            await asyncio.sleep(0)
        if scope["type"] != "http":
            await self._routes(scope, receive, send)
            return
        wrong = _wrong_with(scope)
        if wrong is not None:
            answer: Any = problem(400, "INVALID_ARGUMENT", [wrong])
            await answer(scope, receive, send)
            return
        if _is_ambiguous(scope):
            answer = problem(400, "INVALID_ARGUMENT", ["The length of the body is told twice."])
            answer.headers["Connection"] = "close"  # where this request ends is not sure
            await answer(scope, receive, send)
            return
        scope = {**scope, "state": {**scope.get("state", {}), **self._given}}
        if len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope["path"] = scope["path"].rstrip("/") or "/"
        most = self._most(scope)
        if _declared(scope) > most:
            answer = problem(413, "TOO_LARGE", ["The body is too large."])
            await answer(scope, receive, send)
            return
        held = HeldOctets(self._memory)
        try:
            # What people's pages send is small, and needs no key: it takes no turn of an app's.
            turns = self._turns if _is_for_programs(scope) and not _is_mail(scope) else None
            await self._routes(scope, _bounded(receive, most, held, turns), send)
        finally:
            held.let_go()

    def _most(self, scope: Scope) -> int:
        """Return how many octets a body may have, by where it is sent to."""
        if _is_mail(scope):
            return self._largest_mail
        return _MOST_OCTETS if _is_for_programs(scope) else _MOST_OF_FORM


def _wrong_with(scope: Scope) -> str | None:
    """Return why the names in a path can be read in two ways, or None.

    Routes see the path decoded, where ``%2F`` has become a slash and octets that are no UTF-8 have
    all become the same sign. What was named otherwise before is still shown and erased.
    """
    path: bytes = scope.get("raw_path") or b""
    if not scope["path"].startswith("/"):  # "*", an authority, a whole address: RFC 9112, 3.2
        return "What is asked for is a path, which begins with a slash."
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return "A NUL is in no name and no value."
    if b"%2f" in path.lower():
        return "A name in a path contains no slash (%2F)."
    try:
        names = unquote_to_bytes(path).decode().split("/")
    except UnicodeDecodeError:
        return "A path is UTF-8 (RFC 3987, 3.1)."
    if scope["method"] not in _MAKING or names[1:2] not in (["v1"], ["admin"]):
        return None
    reasons = ((name, wrong_with(name)) for name in names if name)
    return next((f"{name[:60]!r} {why}." for name, why in reasons if why), None)


def _bounded(receive: Receive, most: int, held: HeldOctets, turns: JsonTurns | None) -> Receive:
    """Return what reads a body only as far as it may be long, whatever length was declared.

    And as far as there is memory for it; what is held goes when the request has been answered.
    ``turns``: whose body is read next, None for what is no JSON of a program's.
    """
    read, count = 0, ValueCount()

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        body = message.get("body", b"")
        read += len(body)
        if read > most:
            raise HTTPException(413, f"The body is larger than {most} octets.")
        if turns is not None:
            # Before it is read: "[[],[],[]…" of a mebibyte becomes thirty of objects.
            count.add(body)
        if count.values > MOST_VALUES:
            raise HTTPException(413, f"The body has more than {MOST_VALUES} values.")
        if not held.grow_to(read + VALUE_OCTETS * count.values):
            raise HTTPException(503, "Too much is sent at once. Please try again.")
        is_whole = message["type"] == "http.request" and not message.get("more_body")
        if turns is not None and is_whole:
            await turns.mine(count.values)
        return message

    return bounded


def _is_for_programs(scope: Scope) -> bool:
    """Tell whether a request is to the API or to the operator's routes, and no page's."""
    return scope["path"].split("/")[1] in {"v1", "admin"}


def _is_mail(scope: Scope) -> bool:
    """Tell whether a request hands in a mail, which may be larger than JSON."""
    parts = scope["path"].split("/")[1:]
    return scope["method"] == "POST" and (
        (len(parts) == 3 and (parts[0], parts[2]) == ("v1", "mail")) or parts == ["admin", "mail"]
    )


def _is_ambiguous(scope: Scope) -> bool:
    """Tell whether two readers could see the end of the body in different places (RFC 9112, 6.1).

    HTTP/1.0 knows no transfer encodings, so a proxy that speaks it passes them on unread.
    """
    names = {name for name, _ in scope["headers"]}
    return b"transfer-encoding" in names and (
        b"content-length" in names or scope.get("http_version") == "1.0"
    )


def _declared(scope: Scope) -> int:
    """Return the declared length of a body, 0 if there is none that makes sense."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:12])
    return 0
