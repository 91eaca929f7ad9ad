"""What do we remember of a mail, to know our own words when a reply quotes them?

The text part is enough: the HTML says the same in the same words, and a mail program that quotes
the HTML is matched by its text; what a theme's HTML says in other words stands with it. The HTML
has the marker, hidden, below the line to reply above; it is put there in what is remembered, so
that whoever finds it in a quote knows what stood above it.
"""

from notifier.channels.email.headers import Correspondence
from notifier.rendering.bodies import Rendered


def trace(rendered: Rendered, mail: Correspondence) -> dict[str, str]:
    """Return what was said, under which marker, id, subject, name, address and envelope."""
    top, _, rest = rendered.text.partition("\n\n")
    return {
        "text": "\n\n".join(
            one for one in (f"{top}\n[{rendered.marker}]", rendered.quoted, rest) if one
        ),
        "marker": rendered.marker,
        "message_id": f"<{mail.message_id.strip('<>')}>",
        "subject": mail.subject,
        "name": mail.sender.name,
        "address": (mail.reply_to or mail.sender).address,
        "reverse_path": mail.reverse_path,
        **({"theme_fault": rendered.theme_fault} if rendered.theme_fault else {}),
    }
