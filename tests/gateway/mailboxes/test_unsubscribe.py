"""Which mail is no longer wanted is told by the subject of an opt-out, and by nothing else."""

import pytest

from core.address import Purpose
from core.model.opt_out import EVERYTHING
from core.store import opt_outs
from core.store.database import Database
from tests.support.people import APP, ROOM
from tests.support.reception import a_gateway

ALL = [
    "Subject: unsubscribe: all messages\n\n",
    "SUBJECT: Unsubscribe from ALL MESSAGES\nTo: x@y.example\n\nPlease.",
    "From: bo@example.net\nsubject:all messages",
]
ONE = [
    pytest.param("Subject: unsubscribe\n\nSubject: all messages\n", id="a line of the body"),
    pytest.param("\nSubject: all messages\n", id="no header at all"),
    pytest.param(
        "Subject: weg\n\n> Am Montag:\n>\nsubject: unsubscribe from all messages\n", id="quoted"
    ),
    pytest.param(
        "Subject: bounced\nContent-Type: message/rfc822\n\nSubject: all messages\n\nhi",
        id="a mail within",
    ),
    pytest.param(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nSubject: all messages\n\nhi\n--b--",
        id="a part's field",
    ),
    pytest.param("X-Note: a\n subject: all messages\n\n", id="within another field"),
    pytest.param("Thread-Subject: all messages\n\n", id="another field"),
    pytest.param("From: x\n\n" + "so\n" * 60_000 + "Subject: all messages\n", id="far below"),
]


@pytest.mark.parametrize("head", ALL)
async def test_the_subject_asks_for_all(database: Database, head: str) -> None:
    """As the link in our mails writes it, in any case of letters."""
    gateway = await a_gateway(database)
    await gateway.offer(head.encode(), await gateway.address(Purpose.OPT_OUT))

    assert await database.read(lambda s: EVERYTHING in opt_outs.scopes(s, APP, "bo"))


@pytest.mark.parametrize("mail", ONE)
async def test_the_rest_asks_for_this_one(database: Database, mail: str) -> None:
    """Whatever a line below looks like."""
    gateway = await a_gateway(database)
    await gateway.offer(mail.encode(), await gateway.address(Purpose.OPT_OUT))

    assert await database.read(lambda s: set(opt_outs.scopes(s, APP, "bo"))) == {ROOM}
