"""Who offers a mail to whom: what was said in the SMTP dialogue before the content.

RFC 5321, 2.3.1: the envelope is apart from the content, and it is the envelope that decides.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Envelope:
    """The envelope of one mail. ``reverse_path`` is empty for a null reverse-path.

    ``smtputf8``: the client said so, and reads UTF-8 in our replies (RFC 6531, 3.7.4.1).
    """

    reverse_path: str
    recipients: tuple[str, ...]
    peer: str = ""
    helo: str = ""
    tls: bool = False
    smtputf8: bool = False
