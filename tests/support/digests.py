"""Digests and letters to render, each detail of which a test may change."""

from typing import Any

from notifier.channels.email.folding import Mailbox
from notifier.channels.email.headers import Correspondence, list_id, root_id
from notifier.rendering.bodies import Rendered
from notifier.rendering.bodies import render as render_page
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.digest import Digest, DigestMessage, FileLink, marker_of
from notifier.rendering.page import page_of

NOON = 1_763_726_400_000  # Friday, 21 November 2025, 12:00 UTC
MINUTE = 60_000
MARKER = marker_of("ntf_1")


def a_message(text: str = "Is the table still there?", **details: Any) -> DigestMessage:
    """Return a message of Ann's at noon."""
    known: dict[str, Any] = {
        "sender_name": "Ann",
        "sender_photo_url": None,
        "text": text,
        "sent_at": NOON,
    }
    return DigestMessage(**(known | details))


def a_digest(*messages: DigestMessage, **details: Any) -> Digest:
    """Return a digest of the messages, or of one, for Bo in Berlin who reads English."""
    known: dict[str, Any] = {
        "app_name": "Acme",
        "conversation_subject": "Order 8841",
        "recipient_name": "Bo",
        "locale": "en-GB",
        "time_zone": "Europe/Berlin",
        "messages": messages or (a_message(),),
        "marker": MARKER,
        "opt_out_url": "https://n.example.org/u/secret",
        "inbox_url": "https://acme.example/inbox?c=1&d=2",
    }
    return Digest(**(known | details))


def a_file(name: str = "car.jpg") -> FileLink:
    """Return a link to a picture of 1.2 MB."""
    return FileLink(name, "https://n.example.org/f/1", 1_234_567)


def a_letter(**details: Any) -> Correspondence:
    """Return what is known of a mail from the app to Bo."""
    known: dict[str, Any] = {
        "sender": Mailbox("Ann via Acme", "notify@example.org"),
        "reply_to": Mailbox("Acme", f"r+{'a' * 44}@reply.example.org"),
        "recipient": Mailbox("Bo", "bo@example.net"),
        "reverse_path": f"b+{'b' * 44}@bounce.example.org",
        "subject": "Re: Order 8841",
        "moment": NOON,
        "message_id": "n.ntf_1@example.org",
        "root_id": root_id("c1", "bo", "example.org"),
        "references": (),
        "list_name": "Acme messages",
        "list_id": list_id("acme", "example.org"),
        "opt_out_url": f"https://n.example.org/u/{'c' * 44}",
        "opt_out_address": f"u+{'c' * 44}@reply.example.org",
        "feedback_id": "dm:acme:missed:acme",
        "reason": "dm",
    }
    return Correspondence(**(known | details))


def render(digest: Digest, default_locale: str = "en") -> Rendered:
    """Return a digest as its reader gets it, in their language, else in the app's default."""
    return render_page(page_of(digest, catalogue_for(digest.locale, default_locale)))
