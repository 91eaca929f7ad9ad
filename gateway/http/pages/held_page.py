"""What does the page of a held reply show? All that would be posted, and whose it claims to be.

In the language of the person it was asked of (``page_language``); what strangers wrote stands
beside our words, never in the middle of a sentence that their language could not be fitted into.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from babel.units import format_unit
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from core.actions import hold
from core.address import Purpose, Token
from core.lookalike import shown_address
from core.model.held import AuthorProof, HeldReply, HeldState
from core.moment import Moment
from core.store import apps, conversations, participants
from core.store.database import Session
from core.translations import Catalogue
from core.verdict import Reason
from gateway.context import Context
from gateway.http.pages.page_language import words_for
from gateway.http.pages.templating import page

CHOICES = ("post", "mine", "not_me")
# Why it waits, by its reason: the phrase that says so.
_BECAUSE = {
    Reason.AUTO_REPLY_SUBJECT.value: "question_subject",
    Reason.READ_RECEIPT.value: "held_receipt",
    Reason.SENDER_MISMATCH.value: "question_sender",
    Reason.SENDER_UNPROVEN.value: "question_unproven",
    Reason.MAILING_LIST.value: "question_list",
}
_EXCERPT = 100
_ENDED = {HeldState.POSTED: "held_posted", HeldState.DROPPED: "held_dropped"}


@dataclass(frozen=True, slots=True)
class _About:
    """What is known beside the reply: ``own`` is an address of theirs that its sender's is like."""

    subject: str | None
    number: int
    locales: tuple[str, ...]
    own: str | None
    others: list[HeldReply]


async def held_page(
    one: HeldReply, at: Context, liked: str, first: str = "", error: str = ""
) -> HTMLResponse:
    """Return the page of a reply as it stands. ``first``: the choice that its link was for.

    ``error``: why it could not be posted, in English, if that was tried.
    """
    about = await at.database.read(lambda session: _about(session, one))
    words = words_for(*about.locales, liked)
    ended = _ENDED.get(one.state) or ("held_refused" if error else "")
    ordered = sorted(offered(one, about.own), key=lambda name: name != first)
    return page(
        "held",
        words,
        ended=ended,
        error=error if ended == "held_refused" else "",
        subject=about.subject or "",
        sender=shown_address(one.sender),
        resembles=shown_address(about.own) if about.own is not None else "",
        held_on=_day(one.held_at, words),
        because=_BECAUSE.get(one.reason, ""),
        proof=f"held_{AuthorProof(one.proof or AuthorProof.UNCHECKED)}",
        text=one.text,
        letters=format_decimal(len(one.text), locale=words.locale),
        lines=format_decimal(one.text.count("\n") + 1, locale=words.locale),
        files=[_file(file, words) for file in one.files or ()],
        shown=fingerprint(one),
        others=[_other(other, about.number, at, words) for other in about.others],
        choices=ordered,
    )


def offered(one: HeldReply, own: str | None) -> list[str]:
    """Return what may be chosen: an address is only one's own where it surely wrote this.

    ``own``: an address of theirs that the sender's looks like, and then it is never.
    """
    claimable = one.may_be_claimed and own is None
    return [name for name in CHOICES if name != "mine" or claimable]


def fingerprint(one: HeldReply) -> str:
    """Return what tells one thing shown from another: 16 hex digits of a SHA-256."""
    said = json.dumps([one.id, one.sender, one.text, one.files], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _about(session: Session, one: HeldReply) -> _About:
    found = conversations.find(session, one.app_id, one.conversation_id)
    app = apps.find(session, one.app_id)
    owner = participants.correspondent(session, one.app_id, one.conversation_id, one.user_id)
    locales = (owner.locale if owner else "", app.default_locale if app else "")
    return _About(
        subject=found.subject if found else None,
        number=app.number if app else 0,
        locales=locales,
        own=hold.looks_like_own(session, one),
        others=hold.others_from_there(session, one) if one.has_one_sender else [],
    )


def _file(one: dict[str, Any], words: Catalogue) -> dict[str, str]:
    size = format_unit(one["size"], "digital-byte", length="long", locale=words.locale)
    return {"name": one["filename"], "size": _ours(size), "kind": one["contentType"]}


def _other(one: HeldReply, number: int, at: Context, words: Catalogue) -> dict[str, str]:
    """Return how another reply from the same address is listed: each is decided on its own page."""
    text = " ".join(one.text.split())
    return {
        "link": at.keys.sign(Token(Purpose.HELD, number, one.reference)),
        "held_on": _day(one.held_at, words),
        "text": text if len(text) <= _EXCERPT else text[:_EXCERPT] + "\u2026",
    }


def _day(moment: Moment, words: Catalogue) -> Markup:
    """Return a moment as the language writes it: "14 November 2023, 22:13 UTC"."""
    local = datetime.fromtimestamp(moment / 1000, UTC)
    day = format_date(local, "long", locale=words.locale)
    return _ours(f"{day}, {format_time(local, 'short', tzinfo=UTC, locale=words.locale)} UTC")


def _ours(text: str) -> Markup:
    """Return words of CLDR's for a page as they are: some hold blanks that nobody sees."""
    return Markup(escape(text))  # noqa: S704  (escaped)
