"""What the notifier says above the line, the gateway knows again, in every language."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from notifier.rendering import catalogue
from notifier.rendering.digest import Digest, DigestMessage
from tests.support.digests import render

LANGUAGES = sorted(catalogue.languages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quoted_digest_is_known_without_what_was_sent(language: str) -> None:
    """A reply above our own digest is found though nothing is known of what we sent."""
    message = DigestMessage("Ann", None, "Is the red bike still there today?", 1_700_000_000_000)
    digest = Digest(
        app_name="Acme",
        conversation_subject="Bike",
        recipient_name="Bo",
        locale=language,
        time_zone="UTC",
        messages=(message,),
        marker="rjd-0123456789ab",
        opt_out_url="https://n.test/u/x",
    )
    quoted = "\n".join(f"> {line}" for line in render(digest).text.splitlines())

    reply = extract(Body(text=f"Yes, come on Sunday.\n\n{quoted}\n"))

    assert reply.text == "Yes, come on Sunday."
