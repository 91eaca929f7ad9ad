"""What does a mail say, as words to post? The reply without secrets, and the files with it."""

from core.actions.say import File, Words
from core.ids import new_id
from core.model.member import Correspondent
from core.model.message import Origin
from core.moment import Moment
from gateway.mail.attachments import files_of
from gateway.mail.parse import Mail
from gateway.mail.scrub import scrub
from gateway.quote.reply import Reply

_LONGEST_TEXT = 50_000


def said(
    mail: Mail, reply: Reply, named: Correspondent, largest_file: int, now: Moment
) -> Words | None:
    """Return the words of a mail as its author's message; None if it says nothing at all."""
    text = text_of(reply)
    files = files_of(mail.message, largest_file)
    if not text and not files:
        return None
    return Words(
        message_id=new_id("msg", now),
        app_id=named.app_id,
        conversation_id=named.conversation_id,
        sender_id=named.user_id,
        text=text or None,
        origin=Origin.EMAIL,
        files=[File(one.filename, one.content_type, one.octets) for one in files],
    )


def text_of(reply: Reply) -> str:
    """Return what was written, without addresses and links that are secrets."""
    return scrub(reply.text.strip())[:_LONGEST_TEXT]
