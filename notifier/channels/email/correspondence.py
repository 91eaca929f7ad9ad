"""Who writes to whom, about what, in which thread? From a view to the headers' values. Pure.

A digest is from "Ann via the app" and asks for a reply; the question about a held reply is from the
app alone, in a thread of its own, and answers by mail lead nowhere.
"""

from dataclasses import replace

from core.address import Purpose, Token
from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.held import HeldReply
from core.moment import Moment
from notifier.channels.email import headers
from notifier.channels.email.folding import Mailbox
from notifier.rendering import titles
from notifier.rendering.burst import can_reply, locale_of, sender_name_of, subject_of
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.clean import display_name
from notifier.rendering.identity import Identity, participant_token
from notifier.rendering.view import View


def correspondence_of(view: View, identity: Identity, now: Moment) -> headers.Correspondence:
    """Return the headers' values of what a view says."""
    usual = _digest(view.burst, view.delivery, view.references, identity, now)
    if view.is_test:
        return _test(usual)
    return usual if view.held is None else _question(usual, view.held, view.burst, identity)


def _digest(
    burst: Burst, delivery: Delivery, references: tuple[str, ...], identity: Identity, moment: int
) -> headers.Correspondence:
    """Return who writes to whom, about what, in which thread."""
    default, locale = burst.app.default_locale, locale_of(burst)
    app_name = identity.from_name or burst.app.name
    reply_to = None
    if can_reply(burst):
        reply = identity.address(Purpose.REPLY, participant_token(Purpose.REPLY, burst))
        reply_to = Mailbox(display_name(app_name), reply)
    opt_out_url, opt_out_address = identity.ways_to_stop(participant_token(Purpose.OPT_OUT, burst))
    bounce = Token(Purpose.BOUNCE, burst.app.number, delivery.reference)
    return headers.Correspondence(
        sender=Mailbox(sender_name_of(burst, app_name), identity.from_address),
        reply_to=reply_to,
        recipient=Mailbox(display_name(burst.user.name), delivery.address),
        reverse_path=identity.address(Purpose.BOUNCE, bounce),
        subject=subject_of(burst),
        moment=moment,
        message_id=delivery.message_id,
        root_id=headers.root_id(burst.conversation.id, burst.user.id, identity.list_domain),
        references=references,
        list_name=titles.list_name(app_name, locale, default),
        list_id=headers.list_id(burst.app.app_id, identity.list_domain),
        opt_out_url=opt_out_url,
        opt_out_address=opt_out_address,
        feedback_id=f"message:{burst.app.app_id}:missed:rejoinder",
        reason="mention" if burst.mentioned else "all",
    )


def _question(
    usual: headers.Correspondence, held: HeldReply, burst: Burst, identity: Identity
) -> headers.Correspondence:
    """Return the headers' values of the question about a held reply."""
    words = catalogue_for(locale_of(burst), burst.app.default_locale)
    app = display_name(identity.from_name or burst.app.name, 80)
    return replace(
        usual,
        sender=Mailbox(app, identity.from_address),
        reply_to=None,
        subject=titles.own_subject(words.say("question_title")) or app,
        root_id=headers.root_id(held.id, burst.user.id, identity.list_domain),
        feedback_id=f"message:{burst.app.app_id}:question:rejoinder",
        reason="question",
    )


def _test(usual: headers.Correspondence) -> headers.Correspondence:
    """Return the headers' values of a test mail: told by its subject, with nowhere to reply to."""
    return replace(
        usual,
        reply_to=None,
        subject=f"[Test] {usual.subject}",
        root_id=f"t.{usual.message_id.strip('<>')}",
        feedback_id=usual.feedback_id.replace(":missed:", ":test:"),
        reason="test",
    )
