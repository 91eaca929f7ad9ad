"""What does a mail say, to be posted? The reply without secrets, and the files with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.actions.say import Words
from core.files.keep import Kept
from core.ids import new_id
from core.model.member import Correspondent
from core.model.message import Origin
from core.moment import Moment
from gateway.mail.attachments import FileLimits, Gathered, gather
from gateway.mail.content.parts import leaves
from gateway.mail.content.pictures import Look
from gateway.mail.parse import Mail
from gateway.mail.token_scrub import scrub
from gateway.quote.extract import extract
from gateway.quote.extraction import Reply, ReplyKind
from gateway.quote.sent import Sent

LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Said:
    """A mail read to its end. ``text`` is the reply without what is secret in it."""

    mail: Mail
    reply: Reply
    text: str
    gathered: Gathered = field(repr=False)

    @property
    def is_nothing(self) -> bool:
        """Whether there is neither a word nor a file."""
        return not self.text and not self.gathered.files

    @property
    def too_much(self) -> str:
        """Which limit it goes beyond, in words for the receipt; or nothing."""
        if len(self.text) > LONGEST_TEXT:
            return f"more than {LONGEST_TEXT} letters"
        return self.gathered.too_much

    @property
    def asks_to_stop(self) -> bool:
        """Whether it only says that no more mail is wanted."""
        return self.reply.kind is ReplyKind.OPT_OUT_WORD


def read(
    mail: Mail, sent: Sequence[Sent], limits: FileLimits, seen: frozenset[str] = frozenset()
) -> Said:
    """Read a mail: what was written, and which files came with it.

    ``sent``: the digests it may be answering. ``seen``: the SHA-256 of the pictures that the
    conversation has already.
    """
    reply = extract(mail.body, *sent)
    gathered = gather(mail.message, limits, Look(folded=reply.folded_pictures, seen=seen))
    return Said(mail, reply, scrub(reply.text.strip()), gathered)


def words_of(said: Said, named: Correspondent, files: Sequence[Kept], now: Moment) -> Words:
    """Return what a mail says as its author's message."""
    return Words(
        message_id=new_id("msg", now),
        app_id=named.app_id,
        conversation_id=named.conversation_id,
        sender_id=named.user_id,
        text=said.text or None,
        origin=Origin.EMAIL,
        files=files,
    )


def has_pictures(mail: Mail) -> bool:
    """Tell whether pictures came with a mail."""
    if not mail.message.is_multipart():
        return False
    return any(part.get_content_maintype() == "image" for part, _ in leaves(mail.message))
