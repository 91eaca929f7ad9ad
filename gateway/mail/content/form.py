"""What comes of judging a mail's form: the mail to go on reading, or why it ends here."""

from dataclasses import dataclass

from core.verdict import Discard, Reject
from gateway.mail.parse import Mail


@dataclass(frozen=True, slots=True)
class Form:
    """The form a mail has (``forms`` lists them), the mail as it is to be read, and its end.

    ``verdict`` is None where the mail goes on. ``mail`` is the one that was signed or wrapped,
    under the headers of the one that came.
    """

    name: str
    mail: Mail
    verdict: Discard | Reject | None = None
