"""Complaints are read by RFC 5965; what is no wish of the reader's is no complaint."""

import pytest

from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mail.reports.report import ReportKind

HEAD = "From: fbl@isp.example\nSubject: FW: Digest\nMIME-Version: 1.0\n"


def a_complaint(
    sort: str, more: str = "", kind: str = "message/feedback-report", outer: str = "report"
) -> bytes:
    """Return a feedback report."""
    return (
        f'{HEAD}Content-Type: multipart/{outer}; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nAbuse report.\n\n"
        f"--b\nContent-Type: {kind}\n\nFeedback-Type: {sort}\nVersion: 1\nUser-Agent: X/1\n{more}\n"
        "--b\nContent-Type: message/rfc822\n\nTo: Bo <bo@example.net>\nSubject: Digest\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("sort", "kind"),
    [
        ("abuse", ReportKind.COMPLAINT),
        ("Abuse", ReportKind.COMPLAINT),
        ("fraud", ReportKind.COMPLAINT),
        ("opt-out", ReportKind.COMPLAINT),
        ("virus", ReportKind.OTHER),
        ("auth-failure", ReportKind.OTHER),
        ("not-spam", ReportKind.OTHER),
        ("other", ReportKind.OTHER),
    ],
)
def test_only_a_wish_is_a_complaint(sort: str, kind: ReportKind) -> None:
    """A failed signature or a scanner's finding says nothing of what the reader wants."""
    report = read_report(parse(a_complaint(sort)))

    assert report is not None
    assert (report.kind, report.cause, report.shape) == (kind, None, "feedback")
    assert report.recipient == "bo@example.net"
    assert report.summary == f"{kind.value}: feedback {sort.lower()}"


@pytest.mark.parametrize(
    ("kind", "outer"),
    [("text/feedback-report", "report"), ("message/feedback-report", "mixed")],
)
def test_other_types_of_the_same(kind: str, outer: str) -> None:
    """Some providers spell it in their own way."""
    raw = a_complaint("abuse", "Original-Rcpt-To: <cy@example.net>\n", kind, outer)
    report = read_report(parse(raw))

    assert report is not None
    assert (report.kind, report.recipient) == (ReportKind.COMPLAINT, "cy@example.net")


def test_a_report_without_its_type_is_no_complaint() -> None:
    """RFC 5965, 3.1 requires it; without it nobody knows what is wanted."""
    report = read_report(parse(a_complaint("abuse").replace(b"Feedback-Type", b"X-Type")))

    assert report is not None
    assert report.kind is ReportKind.OTHER


def test_microsoft_complains_without_a_report() -> None:
    """Its program sends the mail back under a subject, and names the reader in a header of it."""
    raw = (
        "From: staff@mail.example\nSubject: complaint about message from 192.0.2.1\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n'
        "X-HmXmrOriginalRecipient: bo@example.net\nSubject: Digest\n\nHi\n--b--\n"
    )
    report = read_report(parse(raw.encode()))

    assert report is not None
    assert (report.kind, report.recipient) == (ReportKind.COMPLAINT, "bo@example.net")
    assert read_report(parse(raw.replace("complaint about", "on the").encode())) is None
