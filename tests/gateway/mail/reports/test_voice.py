"""Who speaks, a mail system or a person? Only the first reports anything."""

import pytest

from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mail.reports.report import Report, ReportKind

BOUNCE = """\
From: MAILER-DAEMON@mx.example.org
Subject: failure notice

I wasn't able to deliver your message to the following addresses.

<bo@example.net>:
Remote host said: 550 5.1.1 unknown mailbox
"""


def the_report(text: str, reverse_path: str | None = None) -> Report | None:
    """Return what is read of a mail."""
    return read_report(parse(text.replace("\n", "\r\n").encode()), reverse_path)


def test_a_daemon_is_believed() -> None:
    """The one that the mails below quote, forward and talk of."""
    assert the_report(BOUNCE) is not None


def person(body: str, subject: str = "Re: Digest", more: str = "") -> str:
    """Return a mail as a person, or their auto-responder, sends it."""
    return f"From: Bo <bo@example.net>\nTo: b+x@reply.test\nSubject: {subject}\n{more}\n{body}"


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(person(f"Look at this:\n\n{BOUNCE}"), id="a bounce is quoted"),
        pytest.param(person("Look!", "Fwd: failure notice"), id="a bounce is forwarded"),
        pytest.param(
            person("My mail could not be delivered, it came back.", "Undeliverable?"),
            id="a bounce is talked of",
        ),
        pytest.param(
            person("I am away.", "Automatic reply: Digest", "Auto-Submitted: auto-replied\n"),
            id="an out-of-office",
        ),
        pytest.param(
            person(
                "This mailbox is full of ideas. I was unable to read.",
                "Out of office",
                "Return-Path: <>\n",
            ),
            id="an out-of-office with telling words",
        ),
        pytest.param(
            "From: noreply@shop.example\nSubject: Your order\n\nIt could not be delivered.",
            id="a shop's robot",
        ),
        pytest.param(
            "From: Ann Post <ann@postoffice.example>\nSubject: Hi\n\nIt was rejected, 550 times.",
            id="a name of that kind",
        ),
        pytest.param("From: postmaster@example.net\nSubject: Hi\n\nShall we talk?", id="no words"),
    ],
)
def test_a_person_reports_nothing(mail: str) -> None:
    """Whoever is not a mail system may say and quote what they like."""
    assert the_report(mail) is None
    assert the_report(mail, "bo@example.net") is None


def test_no_reverse_path_makes_a_daemon_of_who_says_so_in_the_subject() -> None:
    """The envelope is believed before the header, which a server may not have written."""
    mail = "From: Gate <gate@mx.example>\nSubject: Undeliverable: x\n\nbo@example.net: no such user"
    report = the_report(mail, "")

    assert report is not None
    assert report.kind is ReportKind.BOUNCE
    assert the_report(mail) is None
    assert the_report(f"Return-Path: <>\n{mail}", "gate@mx.example") is None
