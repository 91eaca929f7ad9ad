"""What does the envelope's inside say? Every header of a notification, in its order.

The sender is the app, never the author (DMARC). The subject and the synthetic root in References
are the same for each mail of a conversation, so that mail programs show one thread. One https
link and one mailto stop it (RFC 2369, 3.2; RFC 8058, 3.1), ``Auto-Submitted`` and Exchange's own
header keep machines from answering (RFC 3834, 5). Outlook is told not to offer reactions: it would
answer in words, without a part that says which emoji.

A mail to somebody who may only read has no Reply-To: there is no address of ours they could use.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from core.email_address import wire_form
from notifier.channels.email.folding import (
    Mailbox,
    address_header,
    fold,
    phrase_tokens,
    safe_token,
    text_header,
)

MAX_REFERENCES = 10
_LONGEST_ID = 250
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOT_LABEL = re.compile(r"[^a-z0-9-]+")
_NOT_TAG = re.compile(r"[^A-Za-z0-9._:-]+")
_FIXED = (
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    "Auto-Submitted: auto-generated\r\n"
    "X-Auto-Response-Suppress: All\r\n"
    "x-ms-reactions: disallow\r\n"
)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Who writes to whom, about what, in which thread. Ids are written without brackets."""

    sender: Mailbox
    reply_to: Mailbox | None
    recipient: Mailbox
    reverse_path: str
    subject: str
    moment: int
    message_id: str
    root_id: str
    references: tuple[str, ...]
    list_name: str
    list_id: str
    opt_out_url: str
    opt_out_address: str
    feedback_id: str
    reason: str


def header_block(mail: Correspondence) -> str:
    """Return the headers of a mail up to, and without, those that describe its body."""
    reply_to = address_header("Reply-To", mail.reply_to) if mail.reply_to else ""
    thread = thread_ids(mail)
    return "".join(
        (
            _constant_address("From", mail.sender),
            reply_to,
            address_header("To", mail.recipient),
            text_header("Subject", mail.subject),
            f"Date: {date(mail.moment)}\r\n",
            fold("Message-ID", [_bracketed(mail.message_id)]),
            fold("In-Reply-To", thread[-1:]),
            fold("References", thread),
            _list_id(mail.list_name, mail.list_id),
            fold("List-Unsubscribe", _opt_outs(mail.opt_out_url, mail.opt_out_address)),
            _FIXED,
            f"Feedback-ID: {tag(mail.feedback_id)}\r\n",
            f"X-Rejoinder-Reason: {tag(mail.reason)}\r\n",
        )
    )


def thread_ids(mail: Correspondence) -> list[str]:
    """Return the root and the latest ids, oldest first (RFC 5322, 3.6.4); bad ids are left out."""
    known = [id_ for id_ in mail.references[-MAX_REFERENCES:] if _usable(id_)]
    others = [id_ for id_ in dict.fromkeys(known) if id_ not in {mail.root_id, mail.message_id}]
    return [_bracketed(mail.root_id), *(_bracketed(id_) for id_ in others)]


def root_id(conversation_id: str, user_id: str, domain: str) -> str:
    """Return the id of the mail that never was and that all mails of a thread answer.

    The ids are the app's, of any characters, and perhaps nobody else's business: hashed.
    """
    named = f"{conversation_id}\0{user_id}".encode(errors="replace")
    return safe_token(f"c.{hashlib.sha256(named).hexdigest()[:32]}@{domain}")


def list_id(app_id: str, domain: str) -> str:
    """Return the List-Id of an app's mail: one an app, so that filters hold (RFC 2919, 3)."""
    label = _NOT_LABEL.sub("-", app_id.lower()).strip("-")[:63] or "app"
    return f"messages.{label}.{domain}"


def date(moment: int) -> str:
    """Return a moment as headers write it (RFC 5322, 3.3), in UTC."""
    at = _EPOCH + timedelta(milliseconds=moment)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day}, {at.day:02} {month} {at.year:04} {at:%H:%M:%S} +0000"


def tag(text: str) -> str:
    """Return a value of our own making, or an app's id, as one plain word."""
    return _NOT_TAG.sub("_", text)[:200] or "none"


def _opt_outs(url: str, address: str) -> list[str]:
    """Return the two ways out, https first: exactly one https URI (RFC 8058, 3.1)."""
    return [
        f"<{safe_token(url)}>,",
        f"<mailto:{wire_form(address).replace('%', '%25')}?subject=unsubscribe>",
    ]


@lru_cache(maxsize=512)
def _constant_address(name: str, mailbox: Mailbox) -> str:
    return address_header(name, mailbox)


@lru_cache(maxsize=512)
def _list_id(name: str, identifier: str) -> str:
    for most in (150, 50, 15):
        tokens = phrase_tokens(name, first=len("List-Id: "), limit=most)
        folded = fold("List-Id", [*tokens, _bracketed(identifier)])
        if len(folded) <= 255:  # RFC 2919, 2: what a List-Id may be long
            return folded
    return fold("List-Id", [_bracketed(identifier)])


def _usable(identifier: str) -> bool:
    try:
        return len(safe_token(identifier.strip("<>"))) <= _LONGEST_ID
    except ValueError:
        return False


def _bracketed(identifier: str) -> str:
    return f"<{safe_token(identifier.strip('<>'))}>"
