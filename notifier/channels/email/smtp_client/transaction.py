"""One mail on an open line: what became of it, and of the line?

MAIL, RCPT, DATA ── a refusal ──► the reply judges the mail; RSET, and the line is good
                 ── no word ────► deferred; if not even MAIL was answered, the line was stale
content, dot     ── a reply ────► the reply judges the mail
                 ── no word ────► uncertain (RFC 1047): the peer may have taken it
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aiosmtplib import SMTPResponse

from core.outcome import Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from notifier.channels.email.judgement import SERVICE_CLOSING, judge, judge_mail_from
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.smtp_client.dialogue import dialogue
from notifier.channels.email.smtp_client.peer_reply import peer_reply
from notifier.channels.email.smtp_client.wire import Heard, Wire

_EXPECTED = (2, 2, 3)  # MAIL, RCPT, DATA (RFC 5321, 4.3.2)
_START_INPUT = 354


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of the mail; whether the line can carry another; whether it was dead before."""

    outcome: Outcome
    line_is_good: bool
    line_was_stale: bool = False


async def transact(
    wire: Wire, parcel: MailParcel, extensions: Mapping[str, str], notify: str = ""
) -> Ended:
    """Offer a parcel once, and ask to be told of this (``dsn``)."""
    said = dialogue(parcel, extensions, notify)
    if isinstance(said, Failed):
        return Ended(said, line_is_good=True)
    heard = await wire.ask(*said.commands)
    refused_at = _refusal(heard)
    if refused_at is not None:
        return await _refused(wire, heard, refused_at)
    if len(heard.replies) < len(_EXPECTED):
        return _hung_up(heard)
    return _final(await wire.give(said.content))


def _refusal(heard: Heard) -> int | None:
    """Return which command was refused first, None if none was."""
    answers = zip(heard.replies, _EXPECTED, strict=False)
    return next((at for at, (reply, kind) in enumerate(answers) if reply.code // 100 != kind), None)


async def _refused(wire: Wire, heard: Heard, at: int) -> Ended:
    """Take a refusal for an answer and clear the line."""
    reply = heard.replies[at]
    said = _said(reply)
    if reply.code // 100 not in {4, 5}:  # an answer to some other question
        return Ended(Deferred(Cause.OTHER, said), line_is_good=False)
    outcome = judge_mail_from(said) if at == 0 else judge(said)
    if reply.code == SERVICE_CLOSING:
        return Ended(outcome, line_is_good=False, line_was_stale=at == 0)
    return Ended(outcome, line_is_good=await _cleared(wire, heard, at))


async def _cleared(wire: Wire, heard: Heard, at: int) -> bool:
    """Bring the peer back to where MAIL may be said; say whether it came."""
    if heard.trouble:
        return False
    if at < 2 and len(heard.replies) == 3 and heard.replies[2].code == _START_INPUT:
        # It took DATA although it has no recipient: an empty mail ends that (RFC 2920, 3.1).
        await wire.give(b".\r\n")
    reset = await wire.ask(b"RSET")
    return bool(reset.replies) and reset.replies[0].code // 100 == 2


def _hung_up(heard: Heard) -> Ended:
    """Defer: the line broke before any content, so nobody has the mail.

    A peer that hangs up on MAIL would do so on any mail; one that hangs up later may mean this.
    """
    at_once = not heard.replies
    outcome = Deferred(Cause.CONNECTION, _our_words(heard.trouble), whole_lane=at_once)
    return Ended(outcome, line_is_good=False, line_was_stale=at_once)


def _final(heard: Heard) -> Ended:
    """Judge by the reply to the final dot."""
    if heard.unsaid:
        return Ended(Deferred(Cause.CONNECTION, _our_words(heard.trouble)), line_is_good=False)
    if not heard.replies:
        return Ended(Uncertain(heard.trouble or "no final reply"), line_is_good=False)
    reply = _said(heard.replies[0])
    if reply.code // 100 not in {2, 4, 5}:
        return Ended(Uncertain(f"a final reply of {reply.code}"), line_is_good=False)
    return Ended(judge(reply), line_is_good=not heard.trouble and reply.code != SERVICE_CLOSING)


def _said(reply: SMTPResponse) -> PeerReply:
    return peer_reply(reply.code, reply.message)


def _our_words(trouble: str | None) -> PeerReply | None:
    return PeerReply(0, None, trouble) if trouble else None
