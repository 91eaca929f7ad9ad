"""Whatever a stranger sends, reading it for a report ends, soon and without an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail import guard
from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mail.reports.addresses import addresses_in
from gateway.mail.reports.fields import blocks
from gateway.mail.reports.wording import wording

LINES = st.sampled_from(
    [
        "From: MAILER-DAEMON@x.example",
        "Subject: failure notice",
        "X-Failed-Recipients: \udcff@\udcfe",
        'Content-Type: multipart/report; boundary="b"',
        "Content-Type: message/delivery-status; charset=idna",
        "Content-Type: message/feedback-report",
        "Content-Type: text/plain; charset=no-such-thing",
        "Content-Type: text/html",
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        "",
        "--b",
        "--b--",
        "Final-Recipient: rfc822; \\x{D800}\\x{FFFFFF}@x",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: ;;;",
        "Feedback-Type: abuse",
        "550 5.1.1 <bo@example.net> User unknown",
        "could not be delivered",
        " \x00\x80\udc80=ff=",
    ]
)


@given(st.lists(LINES | st.text(max_size=40), max_size=40))
@settings(deadline=None)
def test_reading_never_raises(lines: list[str]) -> None:
    """Broken headers, parts, encodings and charsets included."""
    raw = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    if guard.inspect(raw) is None:
        found = read_report(parse(raw), "")
        summary = found.summary if found else ""

        assert len(summary) <= 500
        assert "\n" not in summary


@pytest.mark.parametrize(
    "body",
    ["user unknow unable to delive ", "550 ", "a@", "rcpt to: ", "-" * 79 + "\n", "!", "\\x{"],
)
def test_only_so_much_is_read(body: str) -> None:
    """What stands beyond the bound is as if it were not there: work does not grow with the mail."""
    head = b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n"
    filler = head + (body * 200_000)[:400_000].encode()

    assert read_report(parse(filler)) == read_report(
        parse(filler + b"\n\n550 5.1.1 bo@example.net unknown user, could not be delivered")
    )


def test_addresses_are_found_once_and_few() -> None:
    """In order; those beyond the twentieth say nothing more."""
    assert addresses_in("<a@x.example>, 'b@x.example' a@x.example \"c d\"@x.example.") == (
        "a@x.example",
        "b@x.example",
        '"c d"@x.example',
    )
    assert len(addresses_in(" ".join(f"a{n}@x.example" for n in range(99)))) == 20


def test_blocks_part_at_empty_lines_and_where_one_begins_again() -> None:
    """Reports lack the line between recipients; lines that are no field continue the last."""
    text = "Action: failed\nStatus: 5.1.1\nmore\n of it\nAction: delayed\n\n\nStatus: 4.0.0\n"

    assert blocks(text) == [
        {"action": "failed", "status": "5.1.1 more of it"},
        {"action": "delayed"},
        {"status": "4.0.0"},
    ]


def test_every_phrase_can_be_found() -> None:
    """Texts are compared in lower case with single spaces, so phrases are written so."""
    told = wording()
    patterns = [told.subjects, told.delayed, told.delivered, told.relayed, told.failed]
    patterns += [pattern for _, pattern in told.causes]

    assert [one.pattern for one in patterns if one.pattern != one.pattern.lower()] == []
    assert [one.pattern for one in patterns if "  " in one.pattern] == []
