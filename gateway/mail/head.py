"""What is told of a mail by its header fields: who wrote it, which mail it is, what it answers.

A small value of plain text, for all who ask after a mail was read. The parsed mail itself is let
go by then: it holds its octets a second time, and no process can hand it to another.
"""

from dataclasses import dataclass

from gateway.mail.parse import Mail

# What tells one mail from another of the same content, where its program wrote no Message-ID.
_IDENTITY = ("from", "date", "subject", "in-reply-to")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one mail; text as it stands there, unfolded, empty where nothing does.

    ``authors``: the addresses in all From fields (RFC 5322, 3.6.2). ``from_fields``: how many such
    fields there are, whatever stands in them. ``in_reply_to``: the one Message-ID it answers.
    ``references``: the last one that its thread names.
    ``identity``: what stands in place of a Message-ID that is not there, else empty.
    """

    message_id: str = ""
    authors: tuple[str, ...] = ()
    from_fields: int = 0
    subject: str = ""
    in_reply_to: str = ""
    references: str = ""
    identity: str = ""

    @property
    def author(self) -> str | None:
        """The author's address, None unless there is exactly one."""
        return self.authors[0] if len(self.authors) == 1 else None

    @property
    def named_authors(self) -> str:
        """Whoever claims to have written it, for people to read."""
        return ", ".join(self.authors)


NO_HEAD = Head()


def head_of(mail: Mail) -> Head:
    """Return the head of a mail that was parsed."""
    identity = "" if mail.message_id else "\0".join(mail.header(name) for name in _IDENTITY)
    return Head(
        message_id=mail.message_id,
        authors=mail.authors,
        from_fields=len(mail.message.get_all("from", [])),
        subject=mail.header("subject"),
        in_reply_to=mail.body.in_reply_to,
        references=mail.body.references[-1] if mail.body.references else "",
        identity=identity,
    )
