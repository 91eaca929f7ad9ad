"""A burst and the delivery of its digest, made without a database."""

from typing import Any

from core.model.app import App
from core.model.burst import Burst
from core.model.conversation import Conversation
from core.model.delivery import Delivery
from core.model.message import Message
from core.model.participant import Participant
from core.model.role import Role
from core.model.user import User
from tests.support.people import APP, NOW, ROOM


def a_burst(*said: dict[str, Any], locale: str = "en", **role: Any) -> Burst:
    """Return what Ann said and Bo missed."""
    custom = {"greeting": "Hello", "greeting:fr": "Bonjour", "greeting:pt-BR": "Oi"}
    return Burst(
        app=App(app_id=APP, number=1, name="Shop", custom=custom, created_at=NOW),
        role=Role(app_id=APP, name="default", **role),
        conversation=Conversation(app_id=APP, id=ROOM, created_at=NOW),
        user=User(app_id=APP, id="bo", name="Bo", locale=locale, created_at=NOW),
        participant=Participant(
            app_id=APP, conversation_id=ROOM, user_id="bo", joined_at=NOW, reference=7
        ),
        messages=tuple(
            Message(
                app_id=APP, id=f"msg_{n}", conversation_id=ROOM, seq=n, created_at=NOW,
                **{"sender_id": "ann"} | one,
            )
            for n, one in enumerate(said, 1)
        ),
        senders={"ann": User(app_id=APP, id="ann", name="Ann", created_at=NOW)},
        attachments={},
        sessions=(),
        opted_out=frozenset(),
        suppressed=frozenset(),
    )  # fmt: skip


def a_delivery(**details: Any) -> Delivery:
    """Return the delivery of the burst to Bo."""
    known: dict[str, Any] = {
        "app_id": APP, "id": "dlv_1", "notification_id": "ntf_1", "conversation_id": ROOM,
        "user_id": "bo", "address": "bo@x.test", "reference": 1, "message_id": "<m@x.test>",
        "created_at": NOW,
    }  # fmt: skip
    return Delivery(**(known | details))
