"""Whatever is asked has an answer, and what we cannot do now is temporary."""

from core.address import Purpose
from core.store.database import Database
from gateway.mail.envelope import Envelope
from gateway.smtp.handler import MailHandler
from tests.support.reception import Gateway, a_gateway, a_mail

ENVELOPE = Envelope("bo@x", (), peer="192.0.2.1")


async def _gateway(database: Database) -> Gateway:
    return await a_gateway(database)


async def test_an_address_that_is_no_token_is_answered_at_data_too(database: Database) -> None:
    """An address without a token's form is refused in words, not by a bug."""
    handler = MailHandler((await _gateway(database)).at)
    envelope = Envelope("bo@x", ("somebody@reply.test",), peer="192.0.2.1")

    assert (await handler.data(envelope, a_mail())).startswith("550 5.1.1 ")


async def test_a_second_reply_address_waits_for_another_transaction(database: Database) -> None:
    """SMTP has one answer to a content, so it has one author; LMTP asks for each alone."""
    gateway = await _gateway(database)
    handler, address = MailHandler(gateway.at), await gateway.address()
    other = await gateway.address(Purpose.OPT_OUT)
    second = Envelope("bo@x", (address,), peer="192.0.2.1")

    assert (await handler.rcpt(ENVELOPE, address)).startswith("250 2.1.5 ")
    assert (await handler.rcpt(second, other)).startswith("452 4.5.3 ")


async def test_the_same_address_again_is_the_same_recipient(database: Database) -> None:
    """In whatever letters it is repeated: whoever names it twice means one delivery."""
    gateway = await _gateway(database)
    handler, address = MailHandler(gateway.at), await gateway.address()
    second = Envelope("bo@x", (address,), peer="192.0.2.1")

    assert (await handler.rcpt(second, address.swapcase())).startswith("250 2.1.5 ")
