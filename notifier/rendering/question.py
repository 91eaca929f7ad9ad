"""Was it you? The mail that asks the owner of an address about a reply that is held.

It looks like a digest with the one message in it, and has three links instead of a way to answer.
A link opens a page and does nothing by itself: mail programs and scanners open links too.
"""

from dataclasses import dataclass, replace

from core.address import Purpose, Token
from core.brand import brand_of
from core.lookalike import resembled, shown_address
from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.held import HeldReply
from core.translations import Catalogue
from core.verdict import Reason
from notifier.rendering.burst import locale_of
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.clean import clip, one_line
from notifier.rendering.digest import Digest, DigestMessage, marker_of
from notifier.rendering.identity import Identity, participant_token
from notifier.rendering.page import Choice, Page, page_of

_EXCERPT = 300  # a stranger wrote it: enough to know it by, no room for a letter of theirs
_CHOICES = ("post", "mine", "not_me")
# Why it is held, by the reason on it: the phrase of the catalogue that says so.
_BECAUSE = {
    Reason.AUTO_REPLY_SUBJECT.value: "question_subject",
    Reason.READ_RECEIPT.value: "question_subject",
    Reason.SENDER_MISMATCH.value: "question_sender",
    Reason.SENDER_UNPROVEN.value: "question_unproven",
    Reason.MAILING_LIST.value: "question_list",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A held reply as its supposed author is asked about it.

    ``looks_like_own``: its sender's address could be taken for one of theirs, and is another.
    ``is_part``: there is more to it than the mail shows, and the page behind the links shows all.
    """

    digest: Digest
    claimed: str
    link: str
    reason: str = ""
    choices: tuple[str, ...] = _CHOICES
    is_part: bool = False
    looks_like_own: bool = False


def question_of(held: HeldReply, burst: Burst, delivery: Delivery, identity: Identity) -> Question:
    """Return what is asked about a held reply of a burst's participant."""
    claimed = shown_address(held.sender) or "?"
    user = burst.user
    alike = resembled(held.sender, [*(user.email or ()), *(user.aliases or ())]) is not None
    choices = tuple(one for one in _CHOICES if one != "mine" or (held.may_be_claimed and not alike))
    return Question(
        digest=Digest(
            app_name=identity.from_name or burst.app.name,
            conversation_subject=burst.conversation.subject,
            recipient_name=burst.user.name,
            locale=locale_of(burst),
            time_zone=burst.user.time_zone or burst.app.time_zone,
            messages=(DigestMessage(claimed, None, clip(held.text, _EXCERPT), held.held_at),),
            marker=marker_of(delivery.id),
            opt_out_url=identity.link("u", participant_token(Purpose.OPT_OUT, burst)),
            can_reply=False,
            brand=brand_of(burst.app.brand, burst.role.brand if burst.role else None),
        ),
        claimed=claimed,
        reason=held.reason,
        choices=choices,
        looks_like_own=alike,
        is_part=len(held.text) > _EXCERPT or bool(held.files),
        link=identity.link("h", Token(Purpose.HELD, burst.app.number, held.reference)),
    )


def question_page(question: Question, default_locale: str = "en") -> Page:
    """Return what is shown of the question, in its reader's language, else in the app's default."""
    words = catalogue_for(question.digest.locale, default_locale)
    return _asked(page_of(question.digest, words), question, words)


def _asked(usual: Page, question: Question, words: Catalogue) -> Page:
    """Turn the page of a digest into the page of the question."""
    about = one_line(question.digest.conversation_subject or "", 150) or usual.app
    news = words.say("question", sender=one_line(question.claimed, 100), conversation=about)
    phrases = [
        _BECAUSE.get(question.reason),
        "question_alike" if question.looks_like_own else None,
        "question_part" if question.is_part else None,
    ]
    return replace(
        usual,
        title=words.say("question_title"),
        news=" ".join([news, *(words.say(one) for one in phrases if one)]),
        choices=tuple(
            Choice(words.say(f"choice_{one}"), f"{question.link}?do={one}")
            for one in question.choices
        ),
        words=replace(
            usual.words,
            top=words.say("question_top"),
            hint=words.say("question_hint"),
            why=words.say("question_why", app=usual.app),
        ),
    )
