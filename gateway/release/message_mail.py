"""The mail that a posted message came by: what was folded of it, and posting that after all.

Whoever runs the app may look at all that somebody sent it, and knows better than a rule what was
meant. The mail is read in a child process, as it would have been read when it came: with the
digests that had been sent by then. Its lines are numbered through, so that a number means the same
line whatever the rules say of it; ``fingerprint`` tells whether they are the lines that were shown.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.actions import edit
from core.errors import InvalidRequest, NotFound
from core.model.member import Correspondent
from core.model.message import Message
from core.model.receipt import Receipt
from core.store import participants, receipts, traces
from core.store.database import Session
from core.store.traces import Trace
from gateway.context import Context
from gateway.isolation.child_reader import read_in_child
from gateway.isolation.second_reading import read_beside_sent
from gateway.mail.envelope import Envelope
from gateway.mailboxes.receipt import octets_of
from gateway.quote.cutmap import Rule
from gateway.quote.sent import sent_from
from gateway.quote.wanted import NOTHING_MORE, Wanted
from gateway.reading import LATEST_DIGESTS, Ask, Depth, Reading, known_of

_REPOSTED = "reposted"  # in a receipt's evidence: the digest of the text that was posted after all


@dataclass(frozen=True, slots=True)
class _Kept:
    """What it takes to read a message's mail again; ``named``: its author, if still here."""

    message: Message
    receipt: Receipt
    sent: Sequence[Trace]
    named: Correspondent | None


@dataclass(frozen=True, slots=True)
class MessageMail:
    """A message, the receipt of its mail, and what the mail says."""

    message: Message
    receipt: Receipt
    reading: Reading

    @property
    def fingerprint(self) -> str:
        """What tells the lines of this mail from others: 16 hex digits of a SHA-256."""
        lines = "\n".join(cut.text for cut in self.reading.reply.cuts)
        return _digest(lines)


async def read(where: tuple[str, str], message_id: str, at: Context) -> MessageMail:
    """Return what the mail of a message of (app, conversation) says.

    Raise NotFound if there is no such message, if it did not come by mail, or if the mail's octets
    are no longer kept; InvalidRequest if it cannot be read; TooBusy if too many others are.
    """
    return await _read(where, message_id, NOTHING_MORE, at)


async def repost(
    where: tuple[str, str], message_id: str, wanted: Wanted, shown: str | None, at: Context
) -> Message:
    """Post wanted lines of a message's mail after all, as an edit; return the message.

    ``shown``: the fingerprint of the lines that were looked at, None if that was a moment ago.
    Raise as ``read`` does, and InvalidRequest if these are other lines, if nothing would change,
    if it is too long, or if somebody edited the message meanwhile.
    """
    mail = await _read(where, message_id, wanted, at)
    receipt, after = mail.receipt, mail.reading
    _check(mail, wanted, shown)
    if after.too_much:
        raise InvalidRequest(f"It would be too long: {after.too_much}.", code="TOO_LONG")

    def work(session: Session) -> Message:
        one = edit.held(session, where[0], message_id)
        kept = receipts.find(session, receipt.app_id, receipt.id)
        if one.text == after.text:
            raise InvalidRequest("All these lines are posted already.", code="NOTHING_NEW")
        if one.edited_at is not None and _edited_by_others(one, kept):
            raise InvalidRequest(
                "The message was edited since; put its text together by an edit of your own.",
                code="EDITED_SINCE",
            )
        if kept is not None:
            kept.evidence = (kept.evidence or {}) | {_REPOSTED: _digest(after.text)}
            session.add(kept)
        return edit.edit(session, where[0], message_id, {"text": after.text}, at.clock.now())

    edited = await at.database.write(work)
    at.nudge()
    return edited


def _check(mail: MessageMail, wanted: Wanted, shown: str | None) -> None:
    """Raise InvalidRequest if other lines were looked at, or there are no such lines."""
    if shown is not None and shown != mail.fingerprint:
        raise InvalidRequest(
            "The lines that were shown are not those of this mail; look at it again.",
            code="OTHER_LINES",
        )
    count = len(mail.reading.reply.cuts)
    beyond = [line for line in wanted.lines if not 1 <= line <= count]
    if beyond:
        raise InvalidRequest(
            f"keep: there is no line {min(beyond)}; the mail has lines 1 to {count}."
        )


def _edited_by_others(message: Message, receipt: Receipt | None) -> bool:
    """Whether a message says what neither its mail nor an earlier repost made it say."""
    known: dict[str, Any] = (receipt.evidence if receipt else None) or {}
    return known.get(_REPOSTED) != _digest(message.text or "")


async def _read(
    where: tuple[str, str], message_id: str, wanted: Wanted, at: Context
) -> MessageMail:
    async with at.children.one():
        kept = await at.database.read(lambda s: _load(s, where, message_id))

        async def read(sent: Sequence[Trace]) -> Reading:
            return await _in_child(replace(kept, sent=sent), wanted, at)

        reading, _ = await read_beside_sent(read, kept.sent, kept.named, at.database)
    return MessageMail(kept.message, kept.receipt, reading)


async def _in_child(kept: _Kept, wanted: Wanted, at: Context) -> Reading:
    receipt = kept.receipt
    # How their mails end was learnt from this one, too: only what was known then is looked for.
    was_known = Rule.KNOWN in (receipt.evidence or {}).get("folded", ())
    ask = Ask(
        Depth.WHOLE,
        sent=[sent_from(one.said) for one in kept.sent],
        limits=at.limits,
        known=known_of(kept.named, at.keys) if was_known and kept.named else None,
        wanted=wanted,
        locale=kept.named.locale if kept.named else "",
    )
    envelope = Envelope(receipt.reverse_path, (), peer=receipt.peer)
    return await read_in_child(octets_of(receipt), envelope, ask)


def _load(session: Session, where: tuple[str, str], message_id: str) -> _Kept:
    message = edit.existing(session, where, message_id)
    receipt = receipts.of_message(session, message)
    if receipt is None:
        raise NotFound(f"The message {message_id!r} did not come by mail.", code="NOT_BY_MAIL")
    whose = (message.app_id, message.conversation_id, message.sender_id or "")
    sent = traces.known_at(session, whose, receipt.received_at, LATEST_DIGESTS)
    return _Kept(message, receipt, sent, participants.correspondent(session, *whose))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
