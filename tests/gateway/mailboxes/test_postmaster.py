"""Whoever runs this can be written to, and nobody can fill the disk that way."""

import pytest

from core.moment import DAY
from core.store import for_operator, receipts
from core.store.database import Database
from core.verdict import Accept, Defer, Reason, Verdict
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.mailboxes import postmaster
from gateway.reading import Ask, Depth, read
from tests.support.people import NOW

DOMAINS = frozenset({"reply.test", "bounce.test"})
MAIL = b"From: x@y.test\r\nMessage-ID: <%d@y.test>\r\n\r\nYour server is on fire.\r\n"


def _offer(number: int = 1, now: int = NOW, raw: bytes | None = None) -> Offer:
    envelope = Envelope("", ("Postmaster@Reply.test",), peer="192.0.2.1")
    return Offer(envelope, "Postmaster@Reply.test", raw or MAIL % number, now, 30)


async def _kept(database: Database, offer: Offer) -> Verdict:
    reading = read(offer.raw, offer.envelope, Ask(Depth.HEAD))
    return await database.write(lambda session: postmaster.keep(session, offer, reading))


@pytest.mark.parametrize(
    ("recipient", "is_it"),
    [
        pytest.param("postmaster@reply.test", True, id="postmaster"),
        pytest.param("POSTMASTER@Reply.TEST", True, id="in any letters"),
        pytest.param("Abuse@bounce.test", True, id="abuse at another domain of ours"),
        pytest.param("Postmaster", True, id="postmaster without a domain"),
        pytest.param("abuse", False, id="abuse without a domain"),
        pytest.param("postmaster@elsewhere.test", False, id="somebody else's"),
        pytest.param("postmaster+x@reply.test", False, id="with something behind it"),
        pytest.param("webmaster@reply.test", False, id="another role"),
        pytest.param("", False, id="nobody"),
    ],
)
def test_who_is_the_operator(recipient: str, is_it: bool) -> None:  # noqa: FBT001
    """RFC 5321, 4.5.1 and RFC 2142, and no address more."""
    assert postmaster.is_for_operator(recipient, DOMAINS) is is_it


async def test_the_mail_is_kept_with_its_reason(database: Database) -> None:
    """Also one with a null reverse-path, whole, and under the address it came to."""
    verdict = await _kept(database, _offer())
    (kept,) = await database.read(lambda s: receipts.listed(s, for_operator.NO_APP, 9))

    assert verdict == Accept(Reason.KEPT_FOR_OPERATOR, kept.id)
    assert (kept.reason, kept.recipient) == ("kept_for_operator", "Postmaster@Reply.test")
    assert (kept.mail_message_id or "").strip("<>") == "1@y.test"


async def test_the_same_mail_is_kept_once(database: Database) -> None:
    """Offered again it is a duplicate, whatever the day's room."""
    first = await _kept(database, _offer())
    again = await _kept(database, _offer())

    assert isinstance(first, Accept)
    assert again == Accept(Reason.DUPLICATE, first.receipt_id)


async def test_a_day_has_room_for_so_many(database: Database) -> None:
    """A flood is put off with 4yz, so that nothing honest is lost; tomorrow there is room."""
    for number in range(200):
        assert isinstance(await _kept(database, _offer(number)), Accept)

    assert await _kept(database, _offer(200)) == Defer(Reason.OPERATOR_BUSY)
    assert isinstance(await _kept(database, _offer(200, NOW + DAY + 1)), Accept)


async def test_a_day_has_room_for_so_much(database: Database) -> None:
    """Few big mails fill it like many small ones."""
    big = MAIL % 1 + b"x\r\n" * 7_000_000

    assert isinstance(await _kept(database, _offer(raw=big)), Accept)
    assert isinstance(await _kept(database, _offer(2)), Accept)
    assert await _kept(database, _offer(raw=big + b"y\r\n" * 4_000_000)) == Defer(
        Reason.OPERATOR_BUSY
    )


async def test_a_mail_that_had_better_not_be_read_is_kept_unread(database: Database) -> None:
    """A bomb at the operator's address is kept like a mail without an id."""
    offer = _offer(raw=b"Content-Type: x" + b";" * 300_000 + b"\r\n\r\nhi\r\n")

    assert read(offer.raw, offer.envelope).unsafe
    assert isinstance(await _kept(database, offer), Accept)
