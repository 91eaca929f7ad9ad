"""A mail's text and HTML are read whole, in order, and nobody else's."""

import email
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.body import MAX_CHARACTERS, read_body


def part(kind: str, content: str, *more: str) -> str:
    """Write one part."""
    return "\n".join([f"Content-Type: {kind}; charset=utf-8", *more, "", content, ""])


def multi(kind: str, *parts: str, boundary: str = "b") -> str:
    """Write a multipart of these parts."""
    inner = "".join(f"--{boundary}\n{piece}" for piece in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def mail(text: str) -> Message:
    """Parse a mail as the gateway's adapter does."""
    return email.message_from_bytes(text.encode())


IMAGE = "Content-Type: image/png\nContent-ID: <x>\n\nAAAA\n"


@pytest.mark.parametrize(
    ("raw", "text", "markup"),
    [
        pytest.param(part("text/plain", "hi"), "hi\n", None, id="a text"),
        pytest.param(part("text/html", "<p>hi"), None, "<p>hi\n", id="HTML alone"),
        pytest.param("Subject: x\n\nhi", "hi", None, id="no content type at all"),
        pytest.param(
            multi("alternative", part("text/plain", "t"), part("text/html", "h")),
            "t",
            "h",
            id="two renderings of one thing",
        ),
        pytest.param(
            multi("mixed", part("text/plain", "one"), IMAGE, part("text/plain", "two")),
            "one\ntwo",
            None,
            id="Apple's text, image, text",
        ),
        pytest.param(
            multi("mixed", part("text/html", "<p>one"), part("text/plain", "a & b")),
            None,
            "<p>one\n<div>a &amp; b</div>",
            id="HTML with a footer in text",
        ),
        pytest.param(
            multi(
                "mixed",
                part("text/plain", "mine"),
                "Content-Type: message/rfc822\n\nX: y\n\ntheirs",
            ),
            "mine",
            None,
            id="an attached mail is not entered",
        ),
        pytest.param(
            multi("report", part("text/plain", "bounced")), None, None, id="a report is not entered"
        ),
        pytest.param(
            multi(
                "mixed",
                part("text/plain", "mine"),
                part("text/plain", "file", "Content-Disposition: attachment"),
                part("text/plain", "note", 'Content-Disposition: inline; filename="n.txt"'),
            ),
            "mine",
            None,
            id="attachments are left out",
        ),
        pytest.param(
            multi("signed", part("text/plain", "mine"), "Content-Type: application/pkcs7\n\nAA\n"),
            "mine",
            None,
            id="a signed text",
        ),
        pytest.param(
            multi(
                "alternative",
                part("text/plain", "t"),
                multi("related", part("text/html", "h"), IMAGE, boundary="c"),
            ),
            "t",
            "h",
            id="HTML with its images",
        ),
    ],
)
def test_what_a_mail_says(raw: str, text: str | None, markup: str | None) -> None:
    """Every shape of mail that clients send is read as meant."""
    body = read_body(mail(raw))

    assert ((body.text or "").rstrip("\n") or None) == ((text or "").rstrip("\n") or None)
    assert ((body.html or "").rstrip("\n") or None) == ((markup or "").rstrip("\n") or None)


def test_flowed_lines_are_joined() -> None:
    """format=flowed with DelSp (RFC 3676)."""
    raw = "Content-Type: text/plain; format=flowed; delsp=yes\n\nhal \nlo\n"

    assert read_body(mail(raw)).text == "hallo\n"


def test_the_headers_that_matter_are_read() -> None:
    """Encoded words are decoded, identifiers found."""
    raw = (
        "From: =?utf-8?q?J=C3=B6rg?= <j@x.example>\nSubject: =?utf-8?b?SMOkbGxv?=\n"
        "In-Reply-To: <a@x>\nReferences: <z@x>\n <a@x>\nMessage-ID: <m@x>\n\nhi"
    )

    body = read_body(mail(raw))

    assert (body.sender_name, body.sender_address, body.subject) == ("Jörg", "j@x.example", "Hällo")
    assert (body.in_reply_to, body.references, body.message_id) == (
        "<a@x>",
        ("<z@x>", "<a@x>"),
        "<m@x>",
    )


def test_a_reaction_part_is_found() -> None:
    """Gmail says a reaction in a part of its own."""
    kind = "text/vnd.google.email-reaction+json"
    reaction = part(kind, r'{"version": 1, "emoji": "\ud83d\udc4d"}')

    body = read_body(mail(multi("alternative", part("text/plain", "Kim reacted"), reaction)))

    assert body.reaction == "👍"


def test_a_reaction_part_without_an_emoji_is_nothing() -> None:
    """Such a mail says what its text says."""
    broken = part("text/vnd.google.email-reaction+json", '{"version": 1, "emoji": "hi"}')

    body = read_body(mail(multi("alternative", part("text/plain", "Yes, please."), broken)))

    assert (body.reaction, body.text) == (None, "Yes, please.")


def test_a_mail_too_deep_or_too_long_is_cut() -> None:
    """A tree built by hand, deeper than any parser would allow, costs no recursion."""
    root = message = Message()
    for _ in range(2_000):
        message["Content-Type"] = "multipart/mixed"
        inner = Message()
        message.set_payload([inner])
        message = inner
    message.set_payload("deep")
    long = mail("Content-Type: text/plain\n\n" + "x" * (MAX_CHARACTERS + 10))

    assert read_body(root).truncated
    assert read_body(long).truncated
    assert len(read_body(long).text or "") == MAX_CHARACTERS


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400), st.sampled_from([b"", b"Content-Type: text/plain; charset="]))
def test_arbitrary_octets_are_read(raw: bytes, head: bytes) -> None:
    """Nothing a stranger sends makes reading raise."""
    body = read_body(email.message_from_bytes(head + raw))

    assert body.text is None or isinstance(body.text, str)
