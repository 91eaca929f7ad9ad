"""What does a delivery say, whatever the channel? To whom, about what, and in which words.

``page`` holds all that is shown, cleaned and in the reader's language; ``burst`` is what it is
about, for what a channel says beside that (an address to answer to, a thread to stand in). Nothing
here knows how a mail, a text message or a push is written.
"""

from dataclasses import dataclass, replace

from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.held import HeldReply
from core.model.receipt import Receipt
from notifier.rendering.burst import digest_of
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.identity import Identity
from notifier.rendering.page import Page, page_of
from notifier.rendering.question import question_of, question_page

TEST_NOTICE = "This is a test mail. Nothing was said to you, and replies to it are not posted."


@dataclass(frozen=True, slots=True)
class View:
    """A digest, or the question about a held reply, as its one reader meets it.

    ``references``: the ids under which earlier deliveries of this conversation went, oldest first.
    ``held``: the reply that is asked about; None if it is a digest. ``is_test``: somebody wants to
    see what the next hop says of it, and no reply to it is posted.
    """

    delivery: Delivery
    burst: Burst
    page: Page
    references: tuple[str, ...] = ()
    held: HeldReply | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class OperatorMail:
    """A mail that came to postmaster@ or abuse@ and is passed on: of no app, in no language."""

    delivery: Delivery
    receipt: Receipt


def digest_view(
    burst: Burst, delivery: Delivery, references: tuple[str, ...], identity: Identity
) -> View:
    """Return a burst as its recipient will read it."""
    digest = digest_of(burst, delivery, identity)
    words = catalogue_for(digest.locale, burst.app.default_locale)
    return View(delivery, burst, page_of(digest, words), references)


def question_view(held: HeldReply, burst: Burst, delivery: Delivery, identity: Identity) -> View:
    """Return what the supposed author of a held reply is asked."""
    question = question_of(held, burst, delivery, identity)
    page = question_page(question, burst.app.default_locale)
    return View(delivery, burst, page, held=held)


def as_test(view: View) -> View:
    """Return a digest marked as a test: whoever reads it is told so first, and cannot reply.

    In English, as all that is said to who runs the service.
    """
    words = replace(view.page.words, top=TEST_NOTICE, hint="")
    return replace(view, page=replace(view.page, words=words, can_reply=False), is_test=True)
