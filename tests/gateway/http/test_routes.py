"""Every route of the API does its work, and says what is wrong as TalkJS's clients read it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.store.database import Database, Session
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM, a_conversation, says

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
ROOM_PATH = f"/v1/{APP}/conversations/{ROOM}"
USERS = f"/v1/{APP}/users"
SAID = {"type": "UserMessage", "sender": "ann", "text": "Hello"}


def _hello(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann")


@pytest.fixture
async def api(database: Database, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """Open the operator's application, with Ann and Bo in a conversation."""
    clock.moment = NOW
    await database.write(_hello)
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    async with in_process(build(context, admin=True)) as client:
        yield client


FINE: list[tuple[str, str, Any, str | None]] = [
    ("GET", f"/v1/{APP}", None, "name"),
    ("PUT", f"/v1/{APP}", {"timeZone": "Europe/Berlin"}, "timeZone"),
    ("GET", f"/v1/{APP}/roles", None, "data"),
    ("GET", f"/v1/{APP}/roles/default", None, "timeoutSeconds"),
    ("PUT", f"/v1/{APP}/roles/buyer", {"timeoutSeconds": 5}, "timeoutSeconds"),
    ("GET", f"/v1/{APP}/webhooks", None, "data"),
    ("POST", f"/v1/{APP}/webhooks", {"url": "https://x.test/h"}, "id"),
    ("GET", USERS, None, "data"),
    ("PUT", USERS, {"cy": {"name": "Cy"}}, None),
    ("GET", f"{USERS}/bo", None, "email"),
    ("PUT", f"{USERS}/bo", {"name": "Bob"}, None),
    ("GET", f"{USERS}/bo/conversations", None, "data"),
    ("PATCH", f"{USERS}/bo/conversations/{ROOM}", {"readUntil": NOW}, None),
    ("GET", f"{USERS}/bo/sessions", None, "data"),
    ("PUT", f"{USERS}/bo/sessions/tab", {"hasFocus": True}, "expiresAt"),
    ("DELETE", f"{USERS}/bo/sessions/tab", None, None),
    ("GET", f"/v1/{APP}/conversations", None, "data"),
    ("GET", ROOM_PATH, None, "participants"),
    ("PUT", ROOM_PATH, {"subject": "Order"}, None),
    ("GET", f"{ROOM_PATH}/participants/bo", None, "access"),
    ("PUT", f"{ROOM_PATH}/participants/bo", {"notify": False}, None),
    ("PATCH", f"{ROOM_PATH}/participants/bo", {"access": "Read"}, None),
    ("GET", f"{ROOM_PATH}/participants/bo/email", None, "emailAddress"),
    ("GET", f"{ROOM_PATH}/participants/bo/explain", None, "sentence"),
    ("POST", f"{ROOM_PATH}/readBy/bo", None, None),
    ("GET", f"{ROOM_PATH}/messages", None, "data"),
    ("POST", f"{ROOM_PATH}/messages", [SAID], None),
    ("GET", f"/v1/{APP}/receipts", None, "data"),
    ("GET", "/admin/apps", None, "data"),
    ("POST", "/admin/apps", {"id": "other"}, "secretKey"),
    ("GET", f"/admin/apps/{APP}/keys", None, "data"),
    ("POST", f"/admin/apps/{APP}/keys", {"label": "second"}, "secretKey"),
    ("GET", "/admin/queue", None, "pendings"),
    ("GET", "/admin/held", None, "data"),
    ("DELETE", f"{ROOM_PATH}/participants/bo", None, None),
    ("DELETE", ROOM_PATH, None, None),
]


async def test_what_is_right_is_done(api: httpx.AsyncClient) -> None:
    """Each route answers 200 with JSON that holds what was asked for."""
    wrong = {}
    for method, path, body, has in FINE:
        heard = await api.request(method, path, json=body)
        if heard.status_code != 200 or (has is not None and has not in heard.json()):
            wrong[method, path] = heard.text

    assert wrong == {}


WRONG: list[tuple[str, str, Any, int, str]] = [
    ("PUT", f"/v1/{APP}", {"senderPolicy": "lax"}, 400, "INVALID_ARGUMENT"),
    ("GET", f"/v1/{APP}/roles/none", None, 404, "ROLE_NOT_FOUND"),
    ("PUT", f"/v1/{APP}/roles/default", {"timeoutSeconds": 901}, 400, "INVALID_ARGUMENT"),
    ("POST", f"/v1/{APP}/webhooks", {"url": "ftp://x"}, 400, "INVALID_ARGUMENT"),
    ("DELETE", f"/v1/{APP}/webhooks/whk_1", None, 404, "WEBHOOK_NOT_FOUND"),
    ("GET", f"{USERS}?limit=101", None, 400, "INVALID_ARGUMENT"),
    ("PUT", USERS, {"cy": {}}, 400, "INVALID_ARGUMENT"),
    ("GET", f"{USERS}/eve", None, 404, "USER_NOT_FOUND"),
    ("PUT", f"{USERS}/eve", {}, 400, "INVALID_ARGUMENT"),
    ("GET", f"{USERS}/eve/conversations", None, 404, "USER_NOT_FOUND"),
    (
        "PATCH",
        f"{USERS}/eve/conversations/{ROOM}",
        {"readUntil": NOW},
        404,
        "PARTICIPANT_NOT_FOUND",
    ),
    ("PUT", f"{USERS}/bo/sessions/tab", {"ttl": 301}, 400, "INVALID_ARGUMENT"),
    ("GET", f"/v1/{APP}/conversations?filter=x", None, 400, "INVALID_ARGUMENT"),
    ("GET", f"/v1/{APP}/conversations/no", None, 404, "CONVERSATION_NOT_FOUND"),
    ("PUT", ROOM_PATH, {"participants": ["eve"]}, 404, "USER_NOT_FOUND"),
    ("DELETE", f"/v1/{APP}/conversations/no", None, 404, "CONVERSATION_NOT_FOUND"),
    ("GET", f"{ROOM_PATH}/participants/eve", None, 404, "PARTICIPANT_NOT_FOUND"),
    ("PUT", f"{ROOM_PATH}/participants/eve", {}, 404, "USER_NOT_FOUND"),
    ("PATCH", f"{ROOM_PATH}/participants/eve", {}, 404, "PARTICIPANT_NOT_FOUND"),
    ("GET", f"{ROOM_PATH}/participants/eve/email", None, 404, "PARTICIPANT_NOT_FOUND"),
    (
        "GET",
        f"/v1/{APP}/conversations/no/participants/bo/explain",
        None,
        404,
        "PARTICIPANT_NOT_FOUND",
    ),
    ("POST", f"{ROOM_PATH}/readBy/eve", None, 404, "PARTICIPANT_NOT_FOUND"),
    ("GET", f"/v1/{APP}/conversations/no/messages", None, 404, "CONVERSATION_NOT_FOUND"),
    ("POST", f"{ROOM_PATH}/messages", [], 400, "INVALID_ARGUMENT"),
    ("GET", f"{ROOM_PATH}/messages/msg_1", None, 404, "MESSAGE_NOT_FOUND"),
    ("PUT", f"{ROOM_PATH}/messages/msg_1", {"text": "x"}, 404, "MESSAGE_NOT_FOUND"),
    ("DELETE", f"{ROOM_PATH}/messages/msg_1", None, 404, "MESSAGE_NOT_FOUND"),
    ("GET", f"/v1/{APP}/files/fil_1", None, 404, "FILE_NOT_FOUND"),
    ("GET", f"/v1/{APP}/receipts/rcp_1", None, 404, "RECEIPT_NOT_FOUND"),
    ("POST", "/admin/apps", {"id": APP}, 400, "APP_EXISTS"),
    ("GET", "/admin/apps/none/keys", None, 404, "APP_NOT_FOUND"),
    ("POST", "/admin/apps/none/keys", {}, 404, "APP_NOT_FOUND"),
    ("DELETE", f"/admin/apps/{APP}/keys/key_1", None, 404, "KEY_NOT_FOUND"),
    ("GET", f"/admin/queue/{APP}/dlv_1", None, 404, "DELIVERY_NOT_FOUND"),
    ("POST", f"/admin/queue/{APP}/dlv_1/retry", None, 404, "DELIVERY_NOT_FOUND"),
    ("GET", f"/admin/held/{APP}/hld_1", None, 404, "HELD_REPLY_NOT_FOUND"),
    ("POST", f"/admin/held/{APP}/hld_1/release", None, 404, "HELD_REPLY_NOT_FOUND"),
    ("POST", f"/admin/held/{APP}/hld_1/drop", None, 404, "HELD_REPLY_NOT_FOUND"),
    ("GET", f"/admin/receipts/{APP}/rcp_1/raw", None, 404, "RECEIPT_NOT_FOUND"),
]


async def test_what_is_wrong_is_said(api: httpx.AsyncClient) -> None:
    """Each route has a status, a stable code, and reasons in words for what it refuses."""
    wrong = {}
    for method, path, body, status, code in WRONG:
        heard = await api.request(method, path, json=body)
        told = heard.json()
        reasons = told.get("reasons")
        plain = bool(reasons) and all(isinstance(one, str) for one in reasons)
        if (heard.status_code, told.get("errorCode"), plain) != (status, code, True):
            wrong[method, path] = heard.text

    assert wrong == {}
