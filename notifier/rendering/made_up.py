"""A conversation that nobody had: the burst of a preview, with one of each thing a mail can show.

Two people write, one after the other: a text with marks and a link, an answer, a place, a file. The
words stand in ``samples.toml``, in some languages of each way of writing. No token made of it names
anybody: its app has the number and its participant the reference that nobody has.
"""

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from core.ids import NO_APP_NUMBER
from core.language import first_known
from core.mail_preview import PreviewWish
from core.model.attachment import Attachment
from core.model.burst import Burst
from core.model.conversation import Conversation
from core.model.delivery import Delivery
from core.model.message import Message
from core.model.participant import Participant
from core.model.user import User
from core.moment import MINUTE, Moment

NOBODY = 0  # a reference of no participant, no file and no delivery
ADDRESS = "reader@example.com"  # of no real mailbox (RFC 2606, 3)
_ID = "preview"
_PLACE = [52.5163, 13.3777]


def made_up(wish: PreviewWish) -> Burst:
    """Return a burst of messages that nobody wrote, to a reader in the language wished for."""
    locale = wish.locale or wish.app.default_locale
    sample = _sample(locale)
    app_id, now = wish.app.app_id, wish.now
    ids = ("preview-1", "preview-2")
    senders = {
        id_: User(app_id=app_id, id=id_, name=name, created_at=now)
        for id_, name in zip(ids, sample["senders"], strict=True)
    }
    messages = _messages(app_id, sample["messages"], now)
    return Burst(
        app=wish.app,
        role=wish.role,
        conversation=Conversation(
            app_id=app_id, id=_ID, subject=sample["subject"], seq=len(messages), created_at=now
        ),
        user=User(
            app_id=app_id, id="preview-3", name=sample["reader"], email=[ADDRESS], locale=locale,
            created_at=now,
        ),
        participant=Participant(
            app_id=app_id, conversation_id=_ID, user_id="preview-3", joined_at=now, reference=NOBODY
        ),
        messages=messages,
        senders=senders,
        attachments={messages[2].id: (_file(app_id, messages[2].id, now),)},
        sessions=(),
        opted_out=frozenset(),
        suppressed=frozenset(),
        answered={messages[1].id: messages[1]},
    )  # fmt: skip


def nobodys(burst: Burst, wish: PreviewWish) -> Burst:
    """Return a burst whose tokens name nobody, in the role and the language wished for."""
    known = {
        "app": _with(burst.app, number=NO_APP_NUMBER),
        "user": _with(burst.user, locale=wish.locale or burst.user.locale),
        # The epoch is none that there can be: a link that is checked by it is refused, too.
        "participant": _with(burst.participant, reference=NOBODY, address_epoch=-1),
        "role": wish.role,
    }
    fields = {name: getattr(burst, name) for name in Burst.__dataclass_fields__}
    return Burst(**(fields | known))


def preview_delivery(burst: Burst, address: str, message_id: str, now: Moment) -> Delivery:
    """Return the delivery of a preview, which no table ever holds."""
    return Delivery(
        app_id=burst.app.app_id, id=_ID, notification_id=_ID, address=address,
        conversation_id=burst.conversation.id, user_id=burst.user.id, reference=NOBODY,
        message_id=message_id, created_at=now,
    )  # fmt: skip


def _messages(app_id: str, texts: list[str], now: Moment) -> tuple[Message, ...]:
    writers = ("preview-1", "preview-1", "preview-2", "preview-1")
    more: tuple[dict[str, Any], ...] = (
        {}, {}, {"referenced_message_id": "preview-m2"}, {"location": _PLACE},
    )  # fmt: skip
    return tuple(
        Message(
            app_id=app_id, id=f"preview-m{n}", conversation_id=_ID, seq=n, sender_id=writer,
            text=text, created_at=now - (len(texts) - n) * MINUTE, **given,
        )
        for n, (writer, text, given) in enumerate(zip(writers, texts, more, strict=True), 1)
    )  # fmt: skip


def _file(app_id: str, message_id: str, now: Moment) -> Attachment:
    return Attachment(
        app_id=app_id, id="preview-f1", message_id=message_id, filename="lock.jpg", sha256="",
        content_type="image/jpeg", size=184_320, reference=NOBODY, created_at=now,
    )  # fmt: skip


def _with(row: Any, **changes: Any) -> Any:
    """Return another row with some columns changed. The one there is may belong to a session."""
    return type(row)(**(row.model_dump() | changes))


def _sample(locale: str) -> dict[str, Any]:
    known = _samples()
    found = first_known((locale,), frozenset(known))
    return dict(known[found[1] if found else "en"])


@lru_cache(maxsize=1)
def _samples() -> dict[str, Any]:
    file = resources.files("notifier.rendering") / "samples.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
