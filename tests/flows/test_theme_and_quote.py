"""What a theme says in words of its own is known again when a reply quotes it."""

import html

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent, sent_from
from notifier.channels.email.write import MailWriter
from notifier.rendering.view import digest_view
from notifier.sandbox.frame import words_of
from tests.support.bursts import a_burst, a_delivery
from tests.support.notifying import IDENTITY
from tests.support.people import NOW

THEME = (
    "<h1>{{ title }}</h1><p>Somebody in our little shop of bicycles has a question for you.</p>"
    "{% for m in messages %}<p><b>{{ m.sender.name }}</b> {{ m.formattedText }}</p>{% endfor %}"
    "<p>We wish you many happy miles on whatever you ride.</p>"
)
ANSWER = "Yes, come on Sunday."


async def _a_themed_mail() -> tuple[Sent, str]:
    """Return what is remembered of a themed mail, and its HTML."""
    view = digest_view(
        a_burst({"text": "Is the red bike still there today?"}, theme_html=THEME),
        a_delivery(), (), IDENTITY,
    )  # fmt: skip
    parcel, made = await MailWriter(IDENTITY).written(view, NOW)
    assert made.theme_fault == ""
    return sent_from(parcel.trace or {}), made.html


@pytest.mark.parametrize("mark", ["> ", ">", "", "| "])
async def test_a_themed_mail_is_known_in_text(mark: str) -> None:
    """As programs write an HTML mail as text, with a mark before each line or without."""
    sent, page = await _a_themed_mail()
    shown = [line for line in words_of(page).splitlines() if "\u034f" not in line]  # the preheader
    quoted = "\n".join(f"{mark}{line}" for line in shown)

    reply = extract(Body(text=f"{ANSWER}\n\n{quoted}\n"), sent)

    assert reply.text == ANSWER


async def test_a_themed_mail_is_known_in_html() -> None:
    """By the marker and by its words, though no client's own marks are there."""
    sent, page = await _a_themed_mail()
    inner = page.partition("<body")[2].partition(">")[2].partition("</body>")[0]

    reply = extract(Body(html=f"<div>{html.escape(ANSWER)}</div><br><div>{inner}</div>"), sent)

    assert reply.text == ANSWER
