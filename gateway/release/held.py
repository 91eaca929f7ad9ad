"""Post a held reply after all: the words and the files that were shown, and no others.

Whoever lets it go (its owner by a link, the operator by a command) has answered for what they were
shown. The octets are read once more for the files, and for what tells copies of the mail apart.

The trap: a second reading knows of digests that the first did not, so that other lines of it are
quotes. Its words are never posted. Everything but the words is asked again, since much may have
changed meanwhile: whether its author is here and may write, whether another copy was posted.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.actions import hold
from core.actions.say import Words, say
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.files.keep import Kept, keep
from core.model.held import HeldReply
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.moment import Moment
from core.rules import admission
from core.store import held, participants, receipts, traces
from core.store.database import Session
from core.store.traces import Trace
from core.verdict import InsteadOfWords
from gateway.context import Context
from gateway.mail.attachments import FileLimits, FilePart
from gateway.mail.envelope import Envelope
from gateway.mailboxes import same_mail
from gateway.mailboxes.commit import words_of
from gateway.mailboxes.receipt import octets_of
from gateway.quote.known import Known
from gateway.quote.sent import sent_from
from gateway.reading import LATEST_DIGESTS, Ask, Depth, Reading, known_of, read

NOT_ALL_SHOWN = "NOT_ALL_SHOWN"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A held reply with everything it takes to read it again."""

    held: HeldReply
    receipt: Receipt
    named: Correspondent
    sent: list[Trace]


async def release(app_id: str, held_id: str, by: str, at: Context) -> str:
    """Post a held reply and return its message's id.

    Raise NotFound if there is none or its octets are gone, InvalidRequest if it was decided
    already, another copy of the mail was posted, or not all of it was shown yet (held before 0018:
    it is from now on); NotAllowed if its author may no longer write.
    """
    kept = await at.database.read(lambda session: _load(session, app_id, held_id))
    now = at.clock.now()
    known = known_of(kept.named, at.keys) if at.remembers else None
    reading = await asyncio.to_thread(read_again, kept, known, at.limits)
    if kept.held.files is None and _says_more(reading, kept.held):
        await at.database.write(lambda session: _show_anew(session, kept.held, reading))
        raise InvalidRequest("Not all of it was shown; look at it again.", code=NOT_ALL_SHOWN)
    files = await keep(_shown(reading.files, kept.held.files or []), at.files)
    words = _words_shown(kept, reading, files, now)

    def work(session: Session) -> str | None:
        one = hold.waiting(session, app_id, held_id)
        made = (kept.named, reading, words.message_id, now)
        copy = same_mail.take_place(session, kept.receipt, *made)
        if copy is not None:
            hold.overtaken(session, one, copy.message_id, now)
            return None
        message = say(session, words, now)
        hold.posted(session, one, by, message.id, now)
        receipts.became(session, app_id, one.receipt_id, message.id, f"released by {by}")
        return message.id

    message_id = await at.database.write(work)
    if message_id is None:  # said when it is on disk that the question is moot
        raise InvalidRequest(same_mail.ANOTHER_COPY, code="ALREADY_POSTED")
    at.nudge()
    return message_id


def read_again(kept: _Waiting, known: Known | None, limits: FileLimits) -> Reading:
    """Return what a kept mail says. Raise NotFound if its octets are no longer kept."""
    raw = octets_of(kept.receipt)
    if admission.may_write(kept.named) is not None:
        raise NotAllowed("Its author may no longer write here.", code="NO_WRITE_ACCESS")
    envelope = Envelope(kept.receipt.reverse_path, (), peer=kept.receipt.peer)
    sent = [sent_from(one.said) for one in kept.sent]
    ask = Ask(Depth.WHOLE, sent=sent, limits=limits, known=known, locale=kept.named.locale)
    files = kept.held.files
    if files is not None:
        ask = replace(ask, exactly=frozenset(one["sha256"] for one in files))
    reading = read(raw, envelope, ask)
    if reading.unsafe:
        raise InvalidRequest("This mail may not be read.", code="TOO_COMPLEX")
    if reading.is_nothing and not kept.held.text:
        seen = reading.instead or InsteadOfWords.NOTHING
        raise InvalidRequest(f"This mail says nothing ({seen}).", code="NOTHING_TO_SAY")
    return reading


def _says_more(reading: Reading, shown: HeldReply) -> bool:
    return reading.text != shown.text or bool(reading.files)


def _show_anew(session: Session, shown: HeldReply, reading: Reading) -> None:
    one = hold.waiting(session, shown.app_id, shown.id)
    hold.shown_anew(session, one, reading.text, reading.files)


def _words_shown(kept: _Waiting, reading: Reading, files: Sequence[Kept], now: Moment) -> Words:
    """Return what is posted: how it is told apart is read anew, what it says is not."""
    return replace(words_of(reading, kept.named, files, now), text=kept.held.text or None)


def _shown(found: Sequence[FilePart], listed: Sequence[dict[str, Any]]) -> list[FilePart]:
    """Return the files that were shown, as they were. Raise InvalidRequest if one is not found."""
    there = {one.sha256: one for one in found}
    if any(one["sha256"] not in there for one in listed):
        raise InvalidRequest("A file of it cannot be read any more.", code="FILE_GONE")
    return [
        replace(there[one["sha256"]], filename=one["filename"], content_type=one["contentType"])
        for one in listed
    ]


def _load(session: Session, app_id: str, held_id: str) -> _Waiting:
    one = held.find(session, app_id, held_id)
    receipt = receipts.find(session, app_id, one.receipt_id) if one else None
    if one is None or receipt is None:
        raise NotFound(f"There is no held reply {held_id!r}.", code="HELD_REPLY_NOT_FOUND")
    whose = (app_id, one.conversation_id, one.user_id)
    named = participants.correspondent(session, *whose)
    if named is None:
        raise NotFound("Its author is no longer here.", code="NOT_A_PARTICIPANT")
    return _Waiting(one, receipt, named, traces.of_participant(session, *whose, LATEST_DIGESTS))
