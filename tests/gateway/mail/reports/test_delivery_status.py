"""Delivery status notifications are read by their fields (RFC 3464, RFC 6533)."""

import pytest

from core.outcome import Cause
from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mail.reports.report import Report, ReportKind

ONE = "Final-Recipient: rfc822; bo@example.net\nAction: failed\nStatus: 5.1.1\n"


def a_report(
    *blocks: str,
    kind: str = "message/delivery-status",
    prose: str = "Sorry.",
    sender: str = "Mail System <MAILER-DAEMON@mx.example>",
    outer: str = "report; report-type=delivery-status",
) -> bytes:
    """Return a notification with these blocks for recipients."""
    fields = "\n".join(("Reporting-MTA: dns; mx.example\n", *blocks))
    return (
        f"From: {sender}\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/{outer}; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{prose}\n\n--b\nContent-Type: {kind}\n\n{fields}\n"
        "--b\nContent-Type: message/rfc822\n\nTo: bo@example.net\nSubject: Digest\n\nHi\n--b--\n"
    ).encode()


def read(raw: bytes) -> Report:
    """Return what is read of a mail that is a report."""
    found = read_report(parse(raw.replace(b"\n", b"\r\n")))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        pytest.param("failed", "5.1.1", ReportKind.BOUNCE, id="failed"),
        pytest.param("failed", "4.4.7", ReportKind.BOUNCE, id="failed for lack of time"),
        pytest.param(
            "Failed (bad address)", "5.1.1", ReportKind.BOUNCE, id="failed, with a comment"
        ),
        pytest.param("delayed", "4.4.1", ReportKind.DELAY, id="delayed"),
        pytest.param("delayed", "5.0.0", ReportKind.DELAY, id="delayed, with a final status"),
        pytest.param("delivered", "2.0.0", ReportKind.DELIVERED, id="delivered"),
        pytest.param("relayed", "2.0.0", ReportKind.RELAYED, id="relayed"),
        pytest.param("expanded", "2.0.0", ReportKind.RELAYED, id="expanded"),
        pytest.param("fehlgeschlagen", "5.1.1", ReportKind.BOUNCE, id="a translated action"),
        pytest.param("", "5.1.1", ReportKind.BOUNCE, id="a status alone"),
        pytest.param("", "2.1.5", ReportKind.DELIVERED, id="a good status alone"),
        pytest.param("fehlgeschlagen", "", ReportKind.BOUNCE, id="a translated action alone"),
    ],
)
def test_the_action_rules(action: str, status: str, kind: ReportKind) -> None:
    """The status decides only where the action cannot be read."""
    block = f"Final-Recipient: rfc822; bo@example.net\nAction: {action}\nStatus: {status}\n"

    assert read(a_report(block, prose="About your mail.")).kind is kind


@pytest.mark.parametrize(
    ("status", "diagnostic", "prose", "reply", "cause"),
    [
        pytest.param(
            "5.1.1", "smtp; 550 5.1.1 No", "", (550, "5.1.1"), Cause.INVALID_RECIPIENT, id="both"
        ),
        pytest.param(
            "5.0.0",
            "smtp; 552 5.2.2 full",
            "",
            (552, "5.2.2"),
            Cause.QUOTA,
            id="the far server knows better",
        ),
        pytest.param(
            "5.0.0",
            "x-unix; 77",
            "550 5.1.1 User unknown",
            (550, "5.1.1"),
            Cause.INVALID_RECIPIENT,
            id="only the prose knows",
        ),
        pytest.param("5.4.7", "", "", (0, "5.4.7"), Cause.EXPIRED, id="the status alone"),
        pytest.param(
            "5.4.1",
            "smtp; 550 5.4.1 Recipient address rejected: Access denied.",
            "",
            (550, "5.4.1"),
            Cause.INVALID_RECIPIENT,
            id="a code with a meaning of its own",
        ),
        pytest.param(
            "5.1.1",
            "smtp; 550 5.1.1 blocked, see https://www.spamhaus.org/",
            "",
            (550, "5.1.1"),
            Cause.SENDER_REPUTATION,
            id="a code of habit",
        ),
        pytest.param(
            "5.1.1",
            "smtp; 552 sorry, over quota (#5.1.1)",
            "",
            (552, "5.1.1"),
            Cause.QUOTA,
            id="a full mailbox is there",
        ),
        pytest.param(
            "5.2.1",
            "smtp; 550 5.2.1 The user is receiving mail at a rate",
            "",
            (550, "5.2.1"),
            Cause.BUSY,
            id="a busy one is not closed",
        ),
        pytest.param(
            "5.7.1",
            "smtp; 551 5.7.1 Not authorized",
            "",
            (551, "5.7.1"),
            Cause.OTHER,
            id="the precise code rules",
        ),
        pytest.param(
            "4.1.1",
            "smtp; 450 4.1.1 User unknown",
            "",
            (450, "4.1.1"),
            Cause.BUSY,
            id="unknown for now is not gone",
        ),
        pytest.param(
            "5.0.0", "smtp; 550 computer says no", "", (550, "5.0.0"), Cause.OTHER, id="nothing"
        ),
    ],
)
def test_the_reply_and_its_cause(
    status: str, diagnostic: str, prose: str, reply: tuple[int, str], cause: Cause
) -> None:
    """The best account of what the server said, and what it tells of."""
    block = f"Final-Recipient: rfc822; bo@example.net\nAction: failed\nStatus: {status}\n"
    report = read(a_report(f"{block}Diagnostic-Code: {diagnostic}\n", prose=prose))

    assert (report.reply.code, report.reply.enhanced, report.cause) == (*reply, cause)
    assert report.shape == "status"


@pytest.mark.parametrize(
    ("fields", "kind", "recipient"),
    [
        ("Final-Recipient: rfc822; bo@example.net", "message/delivery-status", "bo@example.net"),
        ("Final-Recipient: RFC822;<bo@example.net>", "message/delivery-status", "bo@example.net"),
        (
            "Original-Recipient: rfc822;bo@example.net\nFinal-Recipient: rfc822;x@far.example",
            "message/delivery-status",
            "bo@example.net",
        ),
        (
            "Final-Recipient: utf-8; bø@example.net",
            "message/global-delivery-status",
            "bø@example.net",
        ),
        (
            r"Final-Recipient: utf-8-addr-xtext; b\x{F8}@example.net",
            "message/global-delivery-status",
            "bø@example.net",
        ),
        ("Final-Recipient: x400; /O=Example/S=Bo", "message/delivery-status", "bo@example.net"),
    ],
)
def test_the_recipient_is_named_as_we_wrote_it(fields: str, kind: str, recipient: str) -> None:
    """In any of the notations; from the mail that is brought back where none names it."""
    block = f"{fields}\nAction: failed\nStatus: 5.1.1\n"

    assert read(a_report(block, kind=kind)).recipient == recipient


def test_the_worst_news_count() -> None:
    """One mail, several recipients: where any failed, it is a bounce about those."""
    arrived = "Final-Recipient: rfc822; ann@example.net\nAction: delivered\nStatus: 2.0.0\n"
    report = read(a_report(arrived, ONE, ONE.replace("bo@", "cy@")))

    assert report.kind is ReportKind.BOUNCE
    assert report.recipients == ("bo@example.net", "cy@example.net")


@pytest.mark.parametrize(
    ("outer", "sender", "is_one"),
    [
        pytest.param("report", "x <x@y.example>", True, id="the mail is a report"),
        pytest.param("mixed", "<postmaster@y.example>", True, id="a daemon sends it"),
        pytest.param("mixed", "Bo <bo@example.net>", False, id="a person sends it on"),
    ],
)
def test_fields_count_where_a_system_speaks(outer: str, sender: str, *, is_one: bool) -> None:
    """Some mail programs take a forwarded report apart; it is not the forwarder's."""
    raw = a_report(ONE, outer=outer, sender=sender)

    assert (read_report(parse(raw)) is not None) is is_one


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_encoded_fields_are_read(encoding: str) -> None:
    """RFC 3464 wants them bare; some encode them, and the parser takes them for mails."""
    body = b"UmVwb3J0aW5nLU1UQTogZG5zOyBteAoKQWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQo="
    if encoding == "quoted-printable":
        body = b"Reporting-MTA: dns; mx\n\nAction: fai=\nled\nStatus: 5=2E1.1\n"
    raw = (
        b'From: <>\nContent-Type: multipart/report; boundary="b"\n\n--b\n'
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\n\n"
        + body
        + b"\n--b--\n"
    )

    assert (read(raw).kind, read(raw).reply.enhanced) == (ReportKind.BOUNCE, "5.1.1")


def test_the_summary_is_one_line() -> None:
    """For an operator: the cause, the codes, the words."""
    report = read(a_report(f"{ONE}Diagnostic-Code: smtp; 550 5.1.1 No\n such user\n"))

    assert report.summary == "invalid_recipient: 550 5.1.1 No such user"


def test_a_read_receipt_is_a_report_of_another_kind() -> None:
    """RFC 8098: it was read, or deleted; either way it arrived."""
    raw = a_report(
        "Disposition: manual-action/MDN-sent-manually; displayed\n",
        kind="message/disposition-notification",
        sender="Bo <bo@example.net>",
        outer="report; report-type=disposition-notification",
    )

    assert (read(raw).kind, read(raw).cause) == (ReportKind.OTHER, None)
