"""Mails that are made to hurt whoever reads them, of any size.

The numbers are the rows of two tables: 6 what was measured of other programs, 7 the attacks a
gateway must survive. Each generator takes a scale, and its mail grows in proportion to it.
"""

import zlib
from base64 import b64encode
from collections.abc import Callable

from tests.support.letters import SIGNED, signed_der, winmail

HEAD = b"From: Bo <bo@example.net>\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n"
TOKEN = b"aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q"
_MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"

Generator = Callable[[int], bytes]


def headed(*headers: bytes) -> bytes:
    """Write a mail with these headers and a word to read."""
    return HEAD + b"\r\n".join(headers) + b"\r\n\r\nhello\r\n"


def typed(kind: bytes, body: bytes) -> bytes:
    """Write a mail of one part."""
    return HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


def mixed(*parts: bytes) -> bytes:
    """Write a mail of these parts, each with its own headers."""
    return HEAD + _MIXED + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def attached(octets: bytes, kind: bytes, name: bytes = b"a.bin") -> bytes:
    """Write a part that is a file."""
    return (
        b"Content-Type: " + kind + b"\r\nContent-Disposition: attachment; filename=" + name
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(octets)
    )  # fmt: skip


def text(body: bytes) -> bytes:
    """Write a mail of plain text."""
    return typed(b"text/plain; charset=utf-8", body)


def html(body: bytes) -> bytes:
    """Write a mail of HTML."""
    return typed(b"text/html; charset=utf-8", body)


def nested(kind: bytes, depth: int, inside: bytes = b"hello\r\n") -> bytes:
    """Write multiparts within multiparts."""
    opening = b"".join(
        b"Content-Type: multipart/%s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, at, at)
        for at in range(depth)
    )
    return HEAD + opening + b"\r\n" + inside


def mails_in_mails(depth: int, inside: bytes = b"hello\r\n") -> bytes:
    """Write mails within mails: no boundary stands between them."""
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + inside


def _blocks(n: int) -> bytes:
    report = b"Content-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\n\r\n" * n
    return mixed(b"\r\nhello", report)


def _prefixed(n: int) -> bytes:
    parts = b"".join(
        b"--%s\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n" % (b"b" * at, b"b" * (at + 1))
        for at in range(1, 21)
    )
    return HEAD + _MIXED + parts + b"--b\r\n\r\nx\r\n" * n


def _png(side: int) -> bytes:
    size = side.to_bytes(4, "big") * 2
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x02\0\0\0" + bytes(60)


def _zip_bomb(n: int) -> bytes:
    packed = zlib.compress(bytes(n * 4_000), 9)
    size = (n * 4_000).to_bytes(4, "little")
    head = b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(8) + len(packed).to_bytes(4, "little") + size
    return head + b"\x05\0\0\0a.txt" + packed


def _repeated(unit: bytes, wrap: Callable[[bytes], bytes]) -> Generator:
    return lambda n: wrap(unit * n)


def _header(name: bytes, unit: bytes, before: bytes = b"", after: bytes = b"") -> Generator:
    return lambda n: headed(name + b": " + before + unit * n + after)


def _fragments(n: int) -> bytes:
    return b";".join(b"\r\n filename*%d*=%%41" % at for at in range(n))


MEASURED: dict[str, Generator] = {
    "6.11-semicolons in Content-Type": _header(b"Content-Type", b";", b"text/plain"),
    "6.11-semicolons in a part's Content-Type": lambda n: mixed(
        b"Content-Type: text/plain" + b";" * n + b"\r\n\r\nhello"
    ),
    "6.11-semicolons in a quoted file name": lambda n: mixed(
        b'Content-Disposition: attachment; filename="' + b";" * n + b"\r\n\r\nhello"
    ),
    "6.12-encoded words in Subject": _header(b"Subject", b" =?utf-8?q?a?="),
    "6.12-encoded words in From": _header(b"From", b" =?utf-8?q?a?=", after=b" <a@b.test>"),
    "6.13-addresses in To": _header(b"To", b"a@b.test, "),
    "6.13-addresses in From": _header(b"From", b"a@b.test, "),
    "6.13-many From headers": lambda n: headed(*[b"From: a@b.test"] * n),
    "6.14-empty parts": lambda n: HEAD + _MIXED + b"--b\r\n\r\n" * n,
    "6.14-empty parts with an empty boundary": lambda n: typed(
        b'multipart/mixed; boundary=""', b"--\r\n\r\n" * n
    ),
    "6.14-empty parts ended by bare CR": lambda n: HEAD + _MIXED + b"--b\r\r" * n,
    "6.14-boundaries and nothing else": lambda n: HEAD + _MIXED + b"--b\r\n" * n,
    "6.15-nested multiparts": lambda n: nested(b"mixed", n),
    "6.15-nested digests": lambda n: nested(b"digest", n),
    "6.15-nested mails": mails_in_mails,
    "6.15-nested by a folded parameter": lambda n: (
        HEAD
        + b"".join(
            b"Content-Type: multipart/mixed; boundary\r\n =b%d\r\n\r\n--b%d\r\n" % (at, at)
            for at in range(n)
        )
    ),
    "6.16-nested comments in To": lambda n: headed(b"To: " + b"(" * n + b")" * n),
    "6.16-nested comments in From": lambda n: headed(b"From: a@b " + b"(" * n + b")" * n),
    "6.16-comments without an end in From": _header(b"From", b"(", b"a@b "),
    "6.16-nested comments behind a bare CR": lambda n: headed(b"X: y\rFrom: " + b"(" * n),
    "6.17-parameters without a value": _header(b"Content-Type", b"; name*", b"text/plain"),
    "6.17-a parameter's number": _header(b"Content-Type", b"9", b"multipart/mixed; a*", b"=b"),
    "6.17-brackets in Message-ID": _header(b"Message-ID", b"<[", after=b"id@host]>"),
    "6.17-quotes in From": _header(b"From", b'"'),
    "6.20-paths in a file name": lambda n: mixed(attached(b"x", b"text/plain", b"../" * n)),
    "6.21-a mail as the only part": lambda n: mails_in_mails(1, b"Subject: s\r\n\r\n" + b"x " * n),
    "6.22-text, image, text": lambda n: mixed(
        *[b"Content-Type: text/plain\r\n\r\nhello", attached(_png(640), b"image/png")] * n
    ),
    "6.28-On x On x": _repeated(b"On x ", text),
}

SURVIVED: dict[str, Generator] = {
    "7.2-tokens": _repeated(b"r+" + TOKEN + b"@reply.test ", text),
    "7.2-tokens that nearly are": _repeated(b"r+" + TOKEN[:43] + b"@reply.test ", text),
    "7.2-links that nearly are": _repeated(b"https://x.test/u/" + TOKEN[:40] + b"/", text),
    "7.2-tokens in a text file": lambda n: mixed(
        b"\r\nhello", attached(b"u+" + TOKEN * n, b"text/plain", b"a.txt")
    ),
    "7.12-a header without an end": _header(b"X", b"y"),
    "7.12-headers without an end": lambda n: HEAD + b"X: y\r\n" * n,
    "7.12-continuations without an end": _header(b"X", b"\r\n y"),
    "7.12-headers of a part without an end": lambda n: mixed(b"X: y\r\n" * n + b"\r\nhello"),
    "7.12-headers of a mail in a mail": lambda n: mails_in_mails(1, b"X: y\r\n" * n),
    "7.12-a line without an end": _repeated(b"y", text),
    "7.12-blank lines": _repeated(b"\r\n", text),
    "7.12-blank lines in a part": lambda n: mixed(b"\r\n" + b"\r\n" * n + b"hello"),
    "7.13-parts with text": lambda n: mixed(*[b"\r\nhello"] * n),
    "7.13-parts of files": lambda n: mixed(*[attached(b"x", b"text/plain")] * n),
    "7.13-blocks of a report": _blocks,
    "7.13-blank blocks of a report": lambda n: typed(b"message/delivery-status", b"\r\n" * n),
    "7.13-boundaries that begin alike": _prefixed,
    "7.13-lines in many multiparts": lambda n: nested(b"mixed", 50, b"x\r\n" * n),
    "7.13-lines in many mails": lambda n: mails_in_mails(50, b"\r\n" + b"x\r\n" * n),
    "7.13-a multipart without a boundary": lambda n: typed(b"multipart/mixed", b"--\r\n" * n),
    "7.13-a boundary in a charset that is none": lambda n: typed(
        b"multipart/mixed; boundary*=idna''b", b"--b\r\n" * n
    ),
    "7.13-flowed lines": lambda n: typed(b"text/plain; format=flowed", b"a \r\n" * n),
    "7.13-base64 of rubbish": lambda n: typed(
        b"text/plain\r\nContent-Transfer-Encoding: base64", b"=A" * n
    ),
    "7.13-quoted-printable of rubbish": lambda n: typed(
        b"text/plain\r\nContent-Transfer-Encoding: quoted-printable", b"=\r\n=X" * n
    ),
    "7.13-uuencoded rubbish": lambda n: typed(
        b"text/plain\r\nContent-Transfer-Encoding: uuencode", b"begin 6 x\r\n" + b"M#\r\n" * n
    ),
    "7.14-quotes and semicolons": _header(b"Content-Type", b'";', b'text/plain; a="'),
    "7.14-references": _header(b"References", b"<a@b.test> "),
    "7.14-received": lambda n: headed(*[b"Received: from a by b; Mon"] * n),
    "7.14-authentication results": _header(
        b"Authentication-Results", b"; spf=pass (a) ", b"a.test"
    ),
    "7.14-tags before a subject": _header(b"Subject", b"[a] "),
    "7.15-a zip bomb": lambda n: mixed(attached(_zip_bomb(n), b"application/zip", b"42.zip")),
    "7.15-a picture of 50,000 points a side": lambda n: mixed(
        attached(_png(50_000) + bytes(n), b"image/png", b"a.png")
    ),
    "7.15-an envelope of Outlook's": lambda n: mixed(
        attached(winmail() + b"\2" + bytes(8) + b"\xff" * n, b"application/ms-tnef", b"winmail.dat")
    ),
    "7.15-files in an envelope of Outlook's": lambda n: mixed(
        attached(
            winmail() + (b"\2\x02\x90\0\0" + bytes(6)) * n, b"application/ms-tnef", b"winmail.dat"
        )
    ),
    "7.15-nested structures in S/MIME": lambda n: typed(
        b"application/pkcs7-mime\r\nContent-Transfer-Encoding: base64",
        b64encode(b"\x30\x80" + SIGNED + b"\xa0\x80" + b"\x30\x80" * n),
    ),
    "7.15-a bomb in S/MIME": lambda n: typed(
        b"application/pkcs7-mime\r\nContent-Transfer-Encoding: base64",
        b64encode(signed_der(nested(b"mixed", n))),
    ),
    "7.16-quoted lines": _repeated(b"> quoted\r\n", text),
    "7.16-quote signs": _repeated(b">", text),
    "7.16-attributions": _repeated(b"On Tue, Jan 2, 2024 at 3:04 PM Bo <a@b.c> wrote:\r\n", text),
    "7.16-attributions on one line": _repeated(b"On Tue, Jan 2, 2024 Bo <a@b.c> wrote: ", text),
    "7.16-header blocks": _repeated(b"From: a@b.c\r\nSent: b\r\nTo: c\r\nSubject: d\r\n\r\n", text),
    "7.16-separators": _repeated(b"-----Original Message-----\r\n", text),
    "7.16-underscores": _repeated(b"_", text),
    "7.16-signatures": _repeated(b"-- \r\nBo\r\n", text),
    "7.17-nested blocks": _repeated(b"<div>", html),
    "7.17-nested quotes": _repeated(b"<blockquote><div>", html),
    "7.17-blocks closed crosswise": _repeated(b"<b><div></b>", html),
    "7.17-attributes": lambda n: html(b"<p " + b"a=1 " * n + b">hello"),
    "7.17-entities": _repeated(b"&lt;script&gt;", html),
    "7.17-scripts": _repeated(b"<script>alert(1)</script>", html),
    "7.17-comments without an end": _repeated(b"<!--", html),
    "7.17-tables": _repeated(b"<table><tr><td>", html),
    "7.17-styles": _repeated(b"<p style='display:none'>x", html),
    "7.28-a long file name": lambda n: mixed(attached(b"x", b"text/plain", b"a" * n)),
    "7.28-endings": lambda n: mixed(attached(b"x", b"text/plain", b".a" * n)),
    "7.28-fragments of a file name": lambda n: mixed(
        b"Content-Disposition: attachment;" + _fragments(n) + b"\r\n\r\nhello"
    ),
    "7.28-file names in many headers": lambda n: mixed(
        *[b"Content-Disposition: attachment; filename=a\r\n\r\nx"] * n
    ),
    "7.29-punycode": lambda n: typed(b"text/plain; charset=punycode", b"\xe9-" + b"a" * n),
    "7.29-idna": lambda n: typed(b"text/plain; charset=idna", b"\xe9." * n),
    "7.29-escapes": lambda n: typed(b"text/plain; charset=unicode_escape", b"\\x41\xe9" * n),
    "7.29-punycode in From": _header(b"From", b"a", b"=?punycode?q?=E9-", b"?= <a@b.test>"),
    "7.30-mails side by side": lambda n: mixed(
        *[b"Content-Type: message/rfc822\r\n\r\nSubject: s\r\n\r\nhello"] * n
    ),
    "7.30-a large mail in many": lambda n: mails_in_mails(20, b"\r\n" + b"y" * n),
}

GENERATORS: dict[str, Generator] = MEASURED | SURVIVED
