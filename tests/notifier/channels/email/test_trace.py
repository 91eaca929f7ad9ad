"""What is kept of a mail, to know our own words again."""

from notifier.channels.email.trace import trace
from tests.support.digests import MARKER, a_digest, a_letter, render


def test_a_trace_names_the_mail() -> None:
    """A trace holds the text, the marker and how the mail was addressed."""
    rendered = render(a_digest())

    assert trace(rendered, a_letter()) == {
        "text": rendered.text.replace("line --\n", f"line --\n[{MARKER}]\n", 1),
        "marker": MARKER,
        "message_id": "<n.ntf_1@example.org>",
        "subject": "Re: Order 8841",
        "name": "Ann via Acme",
        "address": f"r+{'a' * 44}@reply.example.org",
        "reverse_path": a_letter().reverse_path,
    }
    assert trace(rendered, a_letter(reply_to=None))["address"] == "notify@example.org"
