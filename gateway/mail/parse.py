"""Octets to a Mail value: mail-parser reads the headers, ``body`` what was said.

The mail is parsed once, by the stdlib's compat32 parser, and mail-parser is handed the result.
Its full ``parse()`` also decodes every part and renders the mail as JSON, which costs a
millisecond and is not needed; ``_Headers`` stops it after the headers.

Call ``guard.inspect`` first. A mail that passes it never makes this raise, however broken.
"""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from mailparser import MailParser

from gateway.mail.body import Body, read_body


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was read: its headers, and what it says."""

    message: Message
    author: str | None
    authors: tuple[str, ...]
    message_id: str
    body: Body

    def header(self, name: str) -> str:
        """Return a header's first value, unfolded, or an empty string."""
        return " ".join(str(self.message.get(name, "")).split())

    def headers(self, name: str) -> list[str]:
        """Return all values of a header, unfolded."""
        return [" ".join(str(value).split()) for value in self.message.get_all(name, [])]

    @property
    def content_type(self) -> str:
        """The mail's own media type, in lower case."""
        return self.message.get_content_type()


class _Headers(MailParser):  # type: ignore[misc]
    """mail-parser, stopped after the headers."""

    def parse(self) -> "_Headers":
        """Read the headers only."""
        self._reset()
        return self


def parse(raw: bytes) -> Mail:
    """Read a mail that the guard has let pass."""
    message = message_from_bytes(raw, policy=policy.compat32)
    headers = _Headers(message)
    authors = _addresses(headers, "from")
    return Mail(
        message=message,
        author=authors[0] if len(authors) == 1 else None,
        authors=authors,
        message_id=str(message.get("message-id", "")).strip()[:998],
        body=read_body(message),
    )


def _addresses(headers: MailParser, name: str) -> tuple[str, ...]:
    """Return the addresses of a header as mail-parser reads them."""
    found = headers._header_value(name)  # noqa: SLF001  the resolver it gives names off the wire
    return tuple(address for _, address in found if "@" in address) if found else ()
