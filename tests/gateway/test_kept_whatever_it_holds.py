"""A mail that holds what no database takes is answered once, on both databases alike."""

import pytest

from core.store.database import Database
from core.verdict import Defer
from tests.support.reception import a_gateway

ODD = {
    "NUL": b"\0",
    "surrogate": b"\xed\xa0\x80",
    "both": b"\0\xed\xbf\xbf\0",
    "NUL encoded": b"=?utf-8?q?x=00y?=",
    "surrogate encoded": b"=?utf-8?b?7aCA?=",
    "half of UTF-16": b"=?utf-16-be?b?2AAAYQ==?=",
    "octets": b"\xff\xfe",
}
MAILS = {
    "Message-ID": b"From: bo@example.net\nMessage-ID: <1%s@x>\n\nHello\n",
    "Subject": b"From: bo@example.net\nSubject: a%s\nMessage-ID: <2@x>\n\nHello\n",
    "name of an author": b'From: "a%s" <bo@example.net>\nMessage-ID: <3@x>\n\nHello\n',
    "author": b"From: x%s@y.test\nMessage-ID: <4@x>\n\nHello\n",
    "In-Reply-To": b"From: bo@example.net\nIn-Reply-To: <%s@x>\nMessage-ID: <5@x>\n\nHello\n",
    "mark of a machine": (
        b"From: bo@example.net\nAuto-Submitted: auto-replied%s\nMessage-ID: <6@x>\n\nHello\n"
    ),
    "file": (
        b"From: bo@example.net\nMessage-ID: <7@x>\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\n"
        b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a%s.pdf"\n\n'
        b"%%PDF-1.4\n--b--\n"
    ),
    "text": b"From: bo@example.net\nMessage-ID: <8@x>\n\nHello %s you\n",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", MAILS)
async def test_no_mail_is_put_off_for_its_characters(
    database: Database, place: str, odd: str
) -> None:
    """To a reply address and to postmaster, a first and a second time."""
    gateway = await a_gateway(database)
    mail = MAILS[place] % ODD[odd]
    answers = [
        await gateway.offer(mail, to, sender)
        for to, sender in (
            (None, "bo@example.net"),
            (None, "bo@example.net"),
            ("postmaster@reply.test", "x@y.test"),
            ("postmaster@reply.test", "x@y.test"),
        )
    ]

    assert [one for one in answers if isinstance(one, Defer)] == []
