"""How does one mail become another that reads differently? Mutations that know what a mail is.

A fuzzer that changes octets alone seldom gets past the first blank line. These put in whole
headers, change a boundary at both ends, wrap what is there in another part, and splice two mails.
"""

from random import Random

_ATTRIBUTION = b"On Tue, Jan 2, 2024 at 3:04 PM Bo <bo@example.net> wrote:"
HEADERS = (
    b"From", b"To", b"Sender", b"Reply-To", b"Subject", b"Message-ID", b"In-Reply-To",
    b"References", b"Content-Type", b"Content-Type", b"Content-Type", b"Content-Disposition",
    b"Content-Transfer-Encoding", b"Content-Transfer-Encoding", b"Content-ID", b"Auto-Submitted",
    b"Precedence", b"Return-Path", b"List-Id", b"Received", b"X-Failed-Recipients", b"Date",
    b"Reporting-MTA", b"Final-Recipient", b"Action", b"Status", b"Diagnostic-Code",
    b"Feedback-Type", b"Authentication-Results",
)  # fmt: skip
TYPES = (
    b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative", b"multipart/report",
    b"multipart/related", b"multipart/signed", b"multipart/digest", b"multipart/encrypted",
    b"message/rfc822", b"message/delivery-status", b"message/global-delivery-status",
    b"message/feedback-report", b"text/feedback-report", b"message/partial",
    b"message/disposition-notification", b"text/rfc822-headers", b"text/calendar",
    b"text/vnd.google.email-reaction+json", b"application/ms-tnef", b"application/pkcs7-mime",
    b"application/pkcs7-signature", b"image/png", b"application/octet-stream", b"text", b"/",
)  # fmt: skip
CHARSETS = (
    b"utf-8", b"us-ascii", b"iso-2022-jp", b"gb2312", b"utf-16", b"utf-7", b"idna", b"punycode",
    b"unicode_escape", b"undefined", b"hex", b"big5", b"hz", b"iso-2022-kr", b"x\0y", b"",
    b"cp65001", b"iso-8859-8-i", b"utf-32", b"raw_unicode_escape", b"mbcs", b"9" * 30,
)  # fmt: skip
ENCODINGS = (
    b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary", b"x-uuencode", b"uu", b"\xff",
)  # fmt: skip
PARAMETERS = (
    b'boundary="%s"', b"boundary*0=%s", b"boundary*=utf-8''%s", b"boundary*=%s", b"charset=%s",
    b"charset*=%s''x", b'name="%s"', b"name*0*=%s''a", b"filename=%s", b"filename*=%s''%%E9",
    b"filename*1=%s", b"format=flowed", b"delsp=yes", b"report-type=delivery-status",
    b"method=REPLY", b"smime-type=signed-data", b"a*99999999999999999999=%s", b'"%s', b"%s*",
)  # fmt: skip
WORDS = (
    b"\r\n\r\n", b"\r\n", b"\n", b"\r", b"\r\n ", b"--b\r\n", b"--b--\r\n", b"--\r\n", b"-- \r\n",
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b$B", b"\x1b(B", b"=?utf-8?q?=E9?=",
    b"=?idna?b?4pyT?=", b"=?x?q??=", b"> ", b">>>> ", _ATTRIBUTION, b"wrote:", b"schrieb:",
    b"-----Original Message-----", b"From: a@b.c\r\nSent: x\r\nTo: y\r\nSubject: z\r\n",
    b"Sent from my iPhone", b"<blockquote type=cite>", b"</blockquote>", b"<div class=gmail_quote>",
    b"<!--", b"-->", b"<p", b'"', b"&#x110000;", b"&#55296;", b"<img src=cid:a>", b"<table>",
    b"<style>", b"<pre>", b"<a href=https://x.test/u/", b"begin 644 a\r\n", b"=\r\n", b"=3D",
    b"r+aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q@reply.test", b"\xe2\x80\xae", b"\xcc\x81" * 9,
    b'{"emoji": "\\ud83d\\udc4d", "version": 1}', b"-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n",
    b"-----BEGIN PGP SIGNATURE-----", b"\x78\x9f\x3e\x22", b"550 5.1.1 <a@b.test> unknown",
    b"Final-Recipient: rfc822; a@b.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n",
)  # fmt: skip


def mutated(data: bytes, others: list[bytes], rng: Random) -> bytes:
    """Return a mail made of this one by a few changes."""
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        change = rng.choice((_header, _header, _word, _word, _wrap, _move, _repeat, _drop))
        data = change(data, rng)
    if others and rng.random() < 0.15:
        other = rng.choice(others)
        data = data[: _line(data, rng)] + other[_line(other, rng) :]
    return data


def _line(data: bytes, rng: Random) -> int:
    """Return where some line begins."""
    at = rng.randrange(len(data) + 1)
    return data.rfind(b"\n", 0, at) + 1


def _header(data: bytes, rng: Random) -> bytes:
    """Put a header before some line, most often among the first."""
    at = _line(data[: rng.choice((60, 400, len(data)))], rng)
    return data[:at] + rng.choice(HEADERS) + b": " + _value(rng) + b"\r\n" + data[at:]


def _value(rng: Random) -> bytes:
    value = rng.choice((*TYPES, *ENCODINGS, *WORDS, b"Bo <bo@example.net>", b"<1@x>", b"auto"))
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        value += b"; " + rng.choice(PARAMETERS).replace(b"%s", rng.choice((*CHARSETS, b"b", b"c")))
    return value


def _word(data: bytes, rng: Random) -> bytes:
    """Put in something that some reader looks for."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(WORDS) * rng.choice((1, 1, 1, 2, 40)) + data[at:]


def _wrap(data: bytes, rng: Random) -> bytes:
    """Make what is there a part of something else."""
    kind, name = rng.choice(TYPES), b"b%d" % rng.randrange(9)
    head = b"From: bo@example.net\r\nContent-Type: " + kind
    if kind.startswith(b"multipart"):
        opened = head + b"; boundary=" + name + b"\r\n\r\n--" + name + b"\r\n"
        return opened + data + b"\r\n--" + name + b"--\r\n"
    return head + b"\r\n\r\n" + data


def _move(data: bytes, rng: Random) -> bytes:
    """Move a piece elsewhere."""
    start, end = sorted((_line(data, rng), _line(data, rng)))
    rest = data[:start] + data[end:]
    at = _line(rest, rng)
    return rest[:at] + data[start:end] + rest[at:]


def _repeat(data: bytes, rng: Random) -> bytes:
    """Say a piece again, many times if it is short."""
    start, end = sorted((_line(data, rng), _line(data, rng)))
    times = rng.choice((1, 3, 30)) if end - start < 300 else 1
    return data[:end] + data[start:end] * times + data[end:]


def _drop(data: bytes, rng: Random) -> bytes:
    """Take a piece out, or cut the mail short."""
    start, end = sorted((_line(data, rng), _line(data, rng)))
    return data[:start] if rng.random() < 0.2 else data[:start] + data[end:]
