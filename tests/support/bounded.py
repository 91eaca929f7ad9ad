"""What puts so much of something into a shop, and where it is seen: each a row of docs/api.md."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.support.api import Api

Put = Callable[[Api, int], Awaitable[httpx.Response]]


def _field(path: str, name: str, value: Callable[[int], Any]) -> tuple[Put, str]:
    """Return what puts so much into a field, and where it is seen."""

    async def put(api: Api, count: int) -> httpx.Response:
        return await api.ask("PUT", path, {name: value(count)})

    return put, path


def _text(path: str, name: str) -> tuple[Put, str]:
    return _field(path, name, lambda count: "x" * count)


def _tag(count: int) -> str:
    """Return a language tag of so many characters: English, with variants that nobody knows."""
    subtags, left = divmod(count - 2, 9)
    if left == 1:  # a hyphen alone is no subtag
        return "en" + "-abcdefgh" * (subtags - 1) + "-abcd" * 2
    return "en" + "-abcdefgh" * subtags + ("-" + "a" * (left - 1) if left else "")


def _zone(count: int) -> str:
    """Return the longest zone there is, or what is longer and none."""
    longest = "America/Argentina/ComodRivadavia"
    return longest if count == len(longest) else "x" * count


def _fields(path: str) -> tuple[Put, str]:
    """Patch ``custom`` as often as that many fields need."""

    async def put(api: Api, count: int) -> httpx.Response:
        names = [f"k{number}" for number in range(count)]
        response = httpx.Response(500)
        for start in range(0, count, 50):
            some = dict.fromkeys(names[start : start + 50], "v")
            response = await api.ask("PUT", path, {"custom": some})
            if response.status_code != 200:
                break
        return response

    return put, path


def _octets(path: str) -> tuple[Put, str]:
    """Patch ``custom`` with two values that are so long together, in two requests."""

    async def put(api: Api, count: int) -> httpx.Response:
        await api.ask("PUT", path, {"custom": None})
        await api.ask("PUT", path, {"custom": {"a": "ü" * 10_000}})
        rest = count - len('{"a":"","b":""}') - 20_000
        return await api.ask("PUT", path, {"custom": {"b": "x" * rest}})

    return put, path


def _several(method: str, path: Callable[[int], str], body: Callable[[int], Any]) -> Put:
    """Ask again and again."""

    async def put(api: Api, count: int) -> httpx.Response:
        response = httpx.Response(500)
        for number in range(count):
            response = await api.ask(method, path(number), body(number))
            if response.status_code != 200:
                break
        return response

    return put


def _message(**fields: Callable[[int], Any]) -> tuple[Put, str]:
    async def put(api: Api, count: int) -> httpx.Response:
        base = {"type": "UserMessage", "sender": "ann"}
        body = base | ({} if "content" in fields else {"text": "Hello"})
        made = {name: value(count) for name, value in fields.items()}
        return await api.ask("POST", MESSAGES, [body | made])

    return put, MESSAGES


async def _messages(api: Api, count: int) -> httpx.Response:
    one = {"type": "UserMessage", "sender": "ann", "text": "Hello"}
    return await api.ask("POST", MESSAGES, [one] * count)


async def _pushed(api: Api, count: int) -> httpx.Response:
    some = {f"t{number}": True for number in range(count)}
    await api.ask("PUT", "/users/ann", {"pushTokens": dict(list(some.items())[: count // 2])})
    return await api.ask("PUT", "/users/ann", {"pushTokens": some})


async def _batch(api: Api, count: int) -> httpx.Response:
    return await api.ask("PUT", "/users", {f"u{n}": {"name": "U"} for n in range(count)})


async def _participants(api: Api, count: int) -> httpx.Response:
    for start in range(0, count, 100):
        some = {f"u{n}": {"name": "U"} for n in range(start, min(start + 100, count))}
        await api.ask("PUT", "/users", some)
    named = [f"u{n}" for n in range(count)]
    return await api.ask("PUT", "/conversations/bike", {"participants": named})


def _emoji(number: int) -> str:
    return f"/conversations/bike/messages/{{id}}/reactions/:e{number}:/ann"


async def _reacted(api: Api, count: int) -> httpx.Response:
    message = await _first(api)
    response = httpx.Response(500)
    for number in range(count):
        response = await api.ask("PUT", _emoji(number).format(id=message))
        if response.status_code != 200:
            break
    return response


async def _long_emoji(api: Api, count: int) -> httpx.Response:
    message = await _first(api)
    name = f":{'e' * (count - 2)}:"
    return await api.ask("PUT", f"/conversations/bike/messages/{message}/reactions/{name}/ann")


async def _first(api: Api) -> str:
    said = (await api.get(MESSAGES))["data"]
    return str(said[-1]["id"]) if said else await api.says("ann")


def _blocks(count: int) -> list[dict[str, Any]]:
    return [{"type": "text", "children": ["x"]} for _ in range(count)]


def _long_block(count: int) -> list[dict[str, Any]]:
    return [{"type": "text", "children": ["x" * (count // 2), "y" * (count - count // 2)]}]


def _heavy_block(count: int) -> list[dict[str, Any]]:
    rest = count - len('[{"type":"text","children":["x"],"note":""}]')
    return [{"type": "text", "children": ["x"], "note": "n" * rest}]


def _custom_of(count: int) -> dict[str, str]:
    return {f"k{number}": "v" for number in range(count)}


def _long_custom(count: int) -> dict[str, str]:
    return {"a": "x" * (count - len('{"a":""}'))}


def _url(path: str, name: str) -> tuple[Put, str]:
    return _field(path, name, lambda count: "https://a.example/".ljust(count, "x"))


def _addresses(count: int) -> list[str]:
    return [f"a{number}@x.test" for number in range(count)]


def _reminder(**settings: Callable[[int], Any]) -> tuple[Put, str]:
    """Ask for a reminder to Bo that has a setting of its own."""

    async def put(api: Api, count: int) -> httpx.Response:
        body: dict[str, Any] = {"channels": ["email"], "recipients": ["bo"]}
        given = {name: value(count) for name, value in settings.items()}
        body |= given if "recipients" in given else {"emailSettings": given}
        return await api.ask("POST", f"{BIKE}/notifications", body)

    return put, f"{BIKE}/participants/bo/explain"


MESSAGES = "/conversations/bike/messages"
BIKE, ANN, _ROLE = "/conversations/bike", "/users/ann", "/roles/seller"
_HOOKS = "/webhooks"
_HOOK = "https://shop.example/hook"

ROWS: dict[str, tuple[Put, str]] = {
    "reminder.recipients": _reminder(recipients=lambda count: ["bo"] * count),
    "reminder.subject": _reminder(subject=lambda count: "x" * count),
    "reminder.header": _reminder(header=lambda count: "x" * count),
    "reminder.footer": _reminder(footer=lambda count: "x" * count),
    "reminder.inboxUrl": _reminder(inboxUrl=lambda n: "https://a.example/".ljust(n, "x")),
    "app.name": _text("", "name"),
    "app.custom": _fields(""),
    "app.photoHosts": _field("", "photoHosts", lambda n: [f"h{i}.example" for i in range(n)]),
    "brand.logoUrl": _field("", "brand", lambda n: {"logoUrl": "https://a.example/".ljust(n, "x")}),
    "brand.buttonText": _field("", "brand", lambda n: {"buttonText": "x" * n}),
    "brand.fromName": _field(_ROLE, "brand", lambda n: {"fromName": "x" * n}),
    "brand.postalAddress": _field(_ROLE, "brand", lambda n: {"postalAddress": "x" * n}),
    "app.defaultLocale": _field("", "defaultLocale", _tag),
    "app.timeZone": _field("", "timeZone", _zone),
    # One is there already, the default.
    "app.roles": (
        _several("PUT", lambda n: f"/roles/r{n}" if n else "/roles/default", lambda _: {}),
        "/roles",
    ),
    "app.webhooks": (_several("POST", lambda _: _HOOKS, lambda _: {"url": _HOOK}), _HOOKS),
    "webhook.url": (
        lambda api, n: api.ask("POST", _HOOKS, {"url": _HOOK.ljust(n, "x")}),
        _HOOKS,
    ),
    "webhook.events": (
        lambda api, n: api.ask("POST", _HOOKS, {"url": _HOOK, "events": ["message.sent"] * n}),
        _HOOKS,
    ),
    "role.subject": _text(_ROLE, "subject"),
    "role.header": _text(_ROLE, "header"),
    "role.footer": _text(_ROLE, "footer"),
    "role.optOutText": _text(_ROLE, "optOutText"),
    "role.inboxUrl": _url(_ROLE, "inboxUrl"),
    "role.themeHtml": _text(_ROLE, "themeHtml"),
    "role.themeText": _text(_ROLE, "themeText"),
    "user.name": _text(ANN, "name"),
    "user.email": _field(ANN, "email", _addresses),
    "user.phone": _field(ANN, "phone", lambda n: [f"+49{i}" for i in range(n)]),
    "user.photoUrl": _url(ANN, "photoUrl"),
    "user.locale": _field(ANN, "locale", _tag),
    "user.timeZone": _field(ANN, "timeZone", _zone),
    "user.role": _text(ANN, "role"),
    "user.welcomeMessage": _text(ANN, "welcomeMessage"),
    "user.availabilityText": _text(ANN, "availabilityText"),
    "user.custom": _fields(ANN),
    "user.custom as JSON": _octets(ANN),
    "user.pushTokens": (_pushed, ANN),
    "user.pushTokens each": _field(ANN, "pushTokens", lambda n: {"t" * n: True}),
    "user.sessions": (
        _several("PUT", lambda n: f"/users/ann/sessions/s{n}", lambda _: {}),
        "/users/ann/sessions",
    ),
    "users in one request": (_batch, "/users?limit=100"),
    "conversation.subject": _text(BIKE, "subject"),
    "conversation.photoUrl": _url(BIKE, "photoUrl"),
    "conversation.welcomeMessages": _field(BIKE, "welcomeMessages", lambda n: ["Hi"] * n),
    "conversation.welcomeMessages each": _field(BIKE, "welcomeMessages", lambda n: ["x" * n]),
    "conversation.custom": _fields(BIKE),
    "conversation.custom as JSON": _octets(BIKE),
    "conversation.participants in one request": (_participants, BIKE),
    "message in one request": (_messages, MESSAGES),
    "message.text": _message(text=lambda n: "x" * n),
    "message.content": _message(content=_blocks),
    "message.content text": _message(content=_long_block),
    "message.content as JSON": _message(content=_heavy_block),
    "message.custom": _message(custom=_custom_of),
    "message.custom as JSON": _message(custom=_long_custom),
    "message.referencedMessageId": _message(referencedMessageId=lambda n: "m" * n),
    "message.idempotencyKey": _message(idempotencyKey=lambda n: "k" * n),
    "message.reactions": (_reacted, MESSAGES),
    "message.reactions each": (_long_emoji, MESSAGES),
}
