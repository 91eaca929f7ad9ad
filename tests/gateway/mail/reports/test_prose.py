"""Reports that follow no standard are read by their wording, where a mail system speaks."""

import pytest

from core.outcome import Cause
from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mail.reports.prose import own_and_rest
from gateway.mail.reports.report import Report, ReportKind

BACK = "\nReceived: from app.example\nFrom: Acme <acme@app.example>\nTo: bo@example.net\n\nDigest\n"

QMAIL = f"""\
From: MAILER-DAEMON@mx.example.org
To: b+x@reply.test
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<bo@example.net>:
192.0.2.32 does not like recipient.
Remote host said: 550 5.1.1 unknown mailbox
Giving up on 192.0.2.32.

--- Below this line is a copy of the message.
{BACK}"""
EXIM = f"""\
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
To: b+x@reply.test
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: bo@example.net
Auto-Submitted: auto-replied

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  bo@example.net
    host mx.example.net [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<bo@example.net>:
    552 5.2.2 mailbox over quota

------ This is a copy of your message, including all the headers. ------
{BACK}"""
EXIM_WARNS = """\
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
To: b+x@reply.test
Subject: Warning: message 1aaaaa-000000-Aa delayed 24 hours
Auto-Submitted: auto-replied

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.org.

  bo@example.net
    Delay reason: host mx.example.net [192.0.2.7]: Connection timed out

No action is required on your part.
"""
EXCHANGE = """\
From: System Administrator <postmaster@example.net>
To: b+x@reply.test
Subject: Undeliverable: Digest

Your message

  To:      Bo
  Subject: Digest

did not reach the following recipient(s):

bo@example.net on Mon, 2 Nov 2026 10:00:00 +0100
    The recipient name is not recognized
"""
GMAIL = f"""\
From: Mail Delivery Subsystem <mailer-daemon@mail.example>
To: b+x@reply.test
Subject: Delivery Status Notification (Failure)

Delivery to the following recipient failed permanently:

     bo@example.net

Technical details of permanent failure:
We tried to deliver your message, but it was rejected by the server of the
recipient domain example.net by mx.example.net [192.0.2.1].

The error that the other server returned was:
550-5.7.26 This mail is unauthenticated, as its domain has a DMARC policy.
550 5.7.26 Ask the administrator of app.example.

----- Original message -----
{BACK}"""
POSTFIX = f"""\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: b+x@reply.test
Subject: Undelivered Mail Returned to Sender

This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<bo@example.net>: host mx.example.net[192.0.2.22] said: 550
    <bo@example.net>: User unknown (in reply to RCPT TO command)
{BACK}"""
YAHOO = f"""\
From: MAILER-DAEMON@mail.example
To: b+x@reply.test
Subject: Failure Notice

Sorry, we were unable to deliver your message to the following address.

<bo@example.net>:
554: 5.7.9 Message not accepted for policy reasons.

--- Below this line is a copy of the message.
{BACK}"""
HTML = """\
From: Postmaster <postmaster@example.net>
To: b+x@reply.test
Subject: Undeliverable: Digest
Content-Type: text/html

<html><body><h1>Your message to bo@example.net couldn't be delivered.</h1>
<p>bo wasn't found at example.net.</p></body></html>
"""
GERMAN = """\
From: Mailer-Daemon <mailer-daemon@example.net>
To: b+x@reply.test
Subject: Unzustellbar: Digest
Content-Type: text/plain; charset=utf-8

Ihre Nachricht an bo@example.net konnte nicht zugestellt werden:
Das Postfach ist voll, das heißt: Postfach ist voll.
"""
NO_REPLY = f"""\
From: no-reply@phone.example
Return-Path: <>
To: b+x@reply.test
Subject: Mail
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

     Could not be delivered to: <bo@example.net>
     As their mailbox is full.

--b
Content-Type: message/rfc822
{BACK}
--b--
"""
PHONE = """\
From: postmaster@phone.example
To: b+x@reply.test
Subject: Delivery report

Your message was relayed to bo@example.net, which may not send delivery status notifications.
"""
BARE = """\
From: postmaster@x.example
To: b+x@reply.test
Subject: Hello

bo@example.net: 550 5.1.1 computer says so
"""
GOOD = """\
From: postmaster@example.net
To: b+x@reply.test
Subject: Delivery report

Your message to bo@example.net was successfully delivered.
"""


def the_report(text: str, reverse_path: str | None = None) -> Report | None:
    """Return what is read of a mail."""
    return read_report(parse(text.replace("\n", "\r\n").encode()), reverse_path)


@pytest.mark.parametrize(
    ("mail", "kind", "cause", "codes"),
    [
        pytest.param(QMAIL, ReportKind.BOUNCE, Cause.INVALID_RECIPIENT, (550, "5.1.1"), id="qmail"),
        pytest.param(EXIM, ReportKind.BOUNCE, Cause.QUOTA, (552, "5.2.2"), id="Exim"),
        pytest.param(
            EXIM_WARNS, ReportKind.DELAY, Cause.CONNECTION, (0, None), id="Exim's warning"
        ),
        pytest.param(
            EXCHANGE, ReportKind.BOUNCE, Cause.INVALID_RECIPIENT, (0, None), id="Exchange"
        ),
        pytest.param(
            GMAIL, ReportKind.BOUNCE, Cause.SENDER_REPUTATION, (550, "5.7.26"), id="Gmail"
        ),
        pytest.param(
            POSTFIX, ReportKind.BOUNCE, Cause.INVALID_RECIPIENT, (550, None), id="Postfix"
        ),
        pytest.param(YAHOO, ReportKind.BOUNCE, Cause.AUTHENTICATION, (554, "5.7.9"), id="Yahoo"),
        pytest.param(HTML, ReportKind.BOUNCE, Cause.INVALID_RECIPIENT, (0, None), id="HTML alone"),
        pytest.param(GERMAN, ReportKind.BOUNCE, Cause.QUOTA, (0, None), id="in German"),
        pytest.param(
            NO_REPLY, ReportKind.BOUNCE, Cause.QUOTA, (0, None), id="an operator's no-reply"
        ),
        pytest.param(PHONE, ReportKind.RELAYED, None, (0, None), id="handed on"),
        pytest.param(
            BARE, ReportKind.BOUNCE, Cause.INVALID_RECIPIENT, (550, "5.1.1"), id="a code alone"
        ),
        pytest.param(GOOD, ReportKind.DELIVERED, None, (0, None), id="good news"),
    ],
)
def test_a_report_is_read_by_its_words(
    mail: str, kind: ReportKind, cause: Cause | None, codes: tuple[int, str | None]
) -> None:
    """Kind, cause, codes and whom it is about, whichever program wrote it."""
    report = the_report(mail)

    assert report is not None
    assert (report.kind, report.cause, report.shape) == (kind, cause, "prose")
    assert (report.reply.code, report.reply.enhanced) == codes
    assert report.recipient == "bo@example.net"


@pytest.mark.parametrize(
    "line",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message, including all the headers. ------",
        "----- Original message -----",
        "   ----- Unsent message follows -----",
        "Received: from app.example",
        "Message headers follow.",
    ],
)
def test_the_mail_that_is_brought_back_is_left_aside(line: str) -> None:
    """What our own mail said must not pass for what became of it."""
    own, rest = own_and_rest(f"Not delivered.\n\n{line}\nSubject: mailbox full\n")

    assert own == "Not delivered.\n\n"
    assert "mailbox full" in rest


@pytest.mark.parametrize(
    "subject", ["It has been delayed", "mailbox full", "No such user: suspended", "DMARC"]
)
def test_our_own_subject_says_nothing(subject: str) -> None:
    """Reports repeat the subject of the mail, which its writers choose."""
    mail = f"From: postmaster@x.example\nSubject: Undeliverable: {subject}\n\n"
    report = the_report(f"{mail}Your message\n  Subject: {subject}\ndid not reach bo@x.example.\n")

    assert report is not None
    assert (report.kind, report.cause) == (ReportKind.BOUNCE, Cause.OTHER)


def test_a_report_about_nobody_names_its_reader() -> None:
    """Where a system sends a mail back to the address that it was for."""
    mail = QMAIL.replace("b+x@reply.test", "bo@example.net")
    report = the_report(mail.partition("--- Below")[0])

    assert report is not None
    assert report.recipient == "bo@example.net"
