"""A report is taken apart once: words, fields, and the headers of the mail it brings back."""

import pytest

from gateway.mail.parse import parse
from gateway.mail.reports.fields import blocks
from gateway.mail.reports.pieces import Pieces, gather

BASE64 = (
    "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    "VG86IGJvQGV4YW1wbGUubmV0ClN1YmplY3Q6IHgKCkhpCg=="
)


def pieces(*parts: str, head: str = "From: <postmaster@x.example>\n") -> Pieces:
    """Return what is found in a mail of these parts."""
    inner = "".join(f"--b\n{part}\n" for part in parts)
    mail = f'{head}Content-Type: multipart/report; boundary="b"\n\n{inner}--b--\n'
    return gather(parse(mail.replace("\n", "\r\n").encode()))


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: message/rfc822\n\nTo: bo@example.net\nSubject: x\n\nHi",
        "Content-Type: text/rfc822-headers\n\nTo: bo@example.net\nSubject: x\n no: header\n",
        "Content-Type: message/rfc822-headers\n\nTo: bo@example.net\nSubject: x\n",
        "Content-Type: message/global-headers\n\nTo: bo@example.net\n",
        BASE64,
    ],
)
def test_the_headers_of_the_mail_that_comes_back(part: str) -> None:
    """Whole or headers alone, in any of the types for it."""
    assert pieces(part).returned.get("to") == "bo@example.net"


def test_the_words_of_the_mail_that_comes_back_are_not_the_report_s() -> None:
    """It is another mail, with parts of its own."""
    back = "Content-Type: message/rfc822\n\nSubject: x\n\nmailbox full"

    assert "full" not in pieces("Content-Type: text/plain\n\nNot delivered.", back).text


def test_html_is_read_where_there_is_no_text() -> None:
    """A plain part is what its author meant for machines, too."""
    html = "Content-Type: text/html\n\n<p>Not<br>delivered</p>"

    assert pieces(html).text.split() == ["Not", "delivered"]
    assert pieces("Content-Type: text/plain\n\nGone", html).text.strip() == "Gone"


def test_words_are_read_in_their_charset() -> None:
    """In that of the part, whatever the header of the mail says; beyond ASCII too."""
    part = 'Content-Type: text/plain; charset="iso-2022-jp"\n\n\x1b$BG[?.$G$-$^$;$s\x1b(B'
    found = pieces(part, head="From: <>\nX-Said: zurückgewiesen\n")

    assert found.text.strip() == "配信できません"
    assert found.headers["x-said"] == "zurückgewiesen"


def test_only_so_many_headers_and_parts_are_looked_at() -> None:
    """What a stranger piles up is not walked through."""
    many = "".join(f"X-{n}: x\n" for n in range(300))
    part = "Content-Type: text/plain\n\nagain"

    assert len(pieces(part, head=many).headers) == 200
    assert pieces(*[part] * 100).text.count("again") < 60


def test_only_so_many_blocks_are_told_apart() -> None:
    """One is what a mail of ours needs, as it has one recipient."""
    assert len(blocks("Status: 5.1.1\n\n" * 500)) == 100


def test_a_field_that_is_said_twice_counts_once() -> None:
    """The first rules; only those that begin a recipient's block begin another."""
    assert blocks("Action: failed\nRemote-MTA: a\nRemote-MTA: b\n") == [
        {"action": "failed", "remote-mta": "a"}
    ]
