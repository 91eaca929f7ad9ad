"""What no database takes ends where text becomes a row, on both databases alike."""

import json

import pytest

from core.model.user import User
from core.store import receipts, users
from core.store.database import Database, Session
from core.store.engine.storable import storable, stored_json
from core.verdict import Accept, Reason
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.mailboxes.receipt import receipt_of
from tests.support.people import APP, NOW, a_user, an_app

TEXTS = [
    pytest.param("a\0b", "a\ufffdb", id="NUL"),
    pytest.param("\0" * 3, "\ufffd" * 3, id="nothing but NUL"),
    pytest.param("Zoë\0", "Zoë\ufffd", id="NUL beside letters"),
    pytest.param("a\ud800b", "a\ufffdb", id="the first half of a character"),
    pytest.param("名前\udfff", "名前\ufffd", id="the second half"),
    pytest.param("\udc80\udcff", "\ufffd\ufffd", id="octets that were no text"),
    pytest.param("👍\ud83d", "👍\ufffd", id="half of what stands whole beside it"),
    pytest.param("\\u0000 \\ud800", "\\u0000 \\ud800", id="what only looks like it"),
    pytest.param("a\x01\x7f\ufffe\u202e", "a\x01\x7f\ufffe\u202e", id="what both take"),
]


@pytest.mark.parametrize(("text", "kept"), TEXTS)
async def test_a_row_holds_what_can_be_stored(database: Database, text: str, kept: str) -> None:
    """By the ORM and by a prepared statement, in a text and in a document, as name and value."""

    def work(session: Session) -> None:
        an_app(session)
        a_user(session, "bo", name=text, custom={text: text, "in": [text, {"a": text}]})
        offer = Offer(Envelope("", ()), "b@reply.test", b"x", NOW, 30)
        receipt = receipt_of(offer, None, None, Accept(Reason.KEPT_FOR_OPERATOR), {"said": text})
        receipt.app_id, receipt.id, receipt.mail_message_id = APP, "rcp_1", text
        assert receipts.record(session, receipt)

    await database.write(work)
    bo: User | None = await database.read(lambda session: users.find(session, APP, "bo"))
    kept_mail = await database.read(lambda session: receipts.find(session, APP, "rcp_1"))

    assert bo is not None
    assert (bo.name, bo.custom) == (kept, {kept: kept, "in": [kept, {"a": kept}]})
    assert kept_mail is not None
    assert (kept_mail.mail_message_id, kept_mail.evidence) == (kept, {"said": kept})


@pytest.mark.parametrize(("text", "kept"), TEXTS)
@pytest.mark.parametrize("change", ["cut", "doubled", "behind much"])
def test_any_part_and_any_amount_can_be_stored(text: str, kept: str, change: str) -> None:
    """Cut in the middle, doubled, behind a megabyte."""
    half = len(text) // 2
    made = {
        "cut": (text[:half], kept[:half]),
        "doubled": (text * 2, kept * 2),
        "behind much": ("é " * 500_000 + text, "é " * 500_000 + kept),
    }
    given, left = made[change]

    assert storable(given) == left
    assert json.loads(stored_json({given: (given,)})) == {left: [left]}
