"""Mails in every form that is no plain text, made octet by octet."""

import struct
from base64 import b64encode

HEAD = "From: Bo <bo@example.net>\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\0\0\0" + bytes(60)
)
ICON = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 32, 32) + b"\x08\x02\0\0\0" + bytes(60)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def text(words: str = "Hello", *more: str, kind: str = "text/plain") -> str:
    """Write a text part."""
    lines = [f"Content-Type: {kind}; charset=utf-8", *more, "", words]
    return "\r\n".join(lines) + "\r\n"


def file(octets: bytes, kind: str, *more: str) -> str:
    """Write a part that holds octets."""
    body = b64encode(octets).decode("ascii")
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *more, "", body]
    return "\r\n".join(lines) + "\r\n"


def multi(kind: str, *parts: str, boundary: str = "b", more: str = "") -> str:
    """Write a multipart."""
    inner = "".join(f"--{boundary}\r\n{piece}\r\n" for piece in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{more}\r\n\r\n'
    return f"{head}{inner}--{boundary}--\r\n"


def mail(part: str) -> bytes:
    """Write a whole mail."""
    return (HEAD + part).encode("utf-8", "surrogateescape")


def attached(octets: bytes, kind: str, name: str) -> str:
    """Write a file that its sender attached."""
    return file(octets, kind, f'Content-Disposition: attachment; filename="{name}"')


def inline(octets: bytes, kind: str, name: str, content_id: str) -> str:
    """Write a picture that the HTML refers to."""
    return file(
        octets,
        kind,
        f"Content-ID: <{content_id}>",
        f'Content-Disposition: inline; filename="{name}"',
    )


# ---------------------------------------------------------------- CMS, in DER and in BER

SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
AUTH_ENVELOPED = bytes.fromhex("060b2a864886f70d0109100117")
COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
DATA = bytes.fromhex("06092a864886f70d010701")


def der(tag: int, content: bytes) -> bytes:
    """Write an element of known length."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def ber(tag: int, content: bytes) -> bytes:
    """Write an element that an end mark ends, as streaming programs do."""
    return bytes([tag, 0x80]) + content + b"\0\0"


def signed_der(content: bytes) -> bytes:
    """Write SignedData as Outlook does."""
    inside = der(0x30, DATA + der(0xA0, der(0x04, content)))
    data = der(0x30, b"\x02\x01\x01" + der(0x31, b"") + inside + der(0x31, b""))
    return der(0x30, SIGNED + der(0xA0, data))


def signed_ber(content: bytes) -> bytes:
    """Write SignedData as OpenSSL streams it: lengths unknown, the content in pieces."""
    pieces = b"".join(der(0x04, content[at : at + 10]) for at in range(0, len(content), 10))
    inside = ber(0x30, DATA + ber(0xA0, ber(0x24, pieces)))
    data = ber(0x30, b"\x02\x01\x01" + ber(0x31, der(0x30, b"")) + inside + der(0x31, b""))
    return ber(0x30, SIGNED + ber(0xA0, data))


def sealed(kind: bytes) -> bytes:
    """Write an envelope of another sort."""
    return der(0x30, kind + der(0xA0, der(0x30, b"\x02\x01\x00")))


def smime(octets: bytes, kind: str = "application/pkcs7-mime") -> str:
    """Write an S/MIME part as mail programs name it."""
    return attached(octets, f"{kind}; smime-type=signed-data; name=smime.p7m", "smime.p7m")


# ---------------------------------------------------------------- TNEF


def attribute(number: int, data: bytes, level: int = 1) -> bytes:
    """Write one attribute."""
    return struct.pack("<BII", level, number, len(data)) + data + b"\0\0"


def prop(number: int, sort: int, value: bytes) -> bytes:
    """Write one property of variable length."""
    padded = value + bytes(-len(value) % 4)
    return struct.pack("<HHII", sort, number, 1, len(value)) + padded


def properties(*given: bytes) -> bytes:
    """Write a list of properties, with one that has a name and a fixed length before them."""
    named = struct.pack("<HH", 0x03, 0x8001) + bytes(16) + struct.pack("<III", 0, 0x8530, 7)
    return struct.pack("<I", len(given) + 1) + named + b"".join(given)


def winmail(*attributes: bytes) -> bytes:
    """Write an envelope."""
    page = attribute(0x9007, struct.pack("<II", 1252, 0))
    return b"\x78\x9f\x3e\x22\x01\0" + page + b"".join(attributes)


def tnef_file(name: str, octets: bytes, content_id: str = "") -> bytes:
    """Write a file of an envelope."""
    more = [prop(0x3712, 0x1F, content_id.encode("utf-16-le"))] if content_id else []
    told = properties(prop(0x3707, 0x1F, f"{name}\0".encode("utf-16-le")), *more)
    return (
        attribute(0x9002, bytes(14), 2)
        + attribute(0x8010, b"SHORT~1.DAT\0", 2)
        + attribute(0x800F, octets, 2)
        + attribute(0x9005, told, 2)
    )
