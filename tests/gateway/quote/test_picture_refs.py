"""A quoted picture or a logo is no file of the reply; a photograph always is."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

PICTURE = '<img src="cid:p@x">'
QUOTE = (
    '<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Nov 2026 at 10:00, Ann &lt;n@x.test'
    '&gt; wrote:<br></div><blockquote class="gmail_quote">Is it there?{}</blockquote></div>'
)
SIGNED = '<div class="gmail_signature">Bo Berg<br>Harbour Ltd{}</div>'


@pytest.mark.parametrize(
    ("html", "folded"),
    [
        pytest.param(f"<p>Yes.</p>{QUOTE.format(PICTURE)}", True, id="within a quote"),
        pytest.param(f"<p>Yes.</p>{SIGNED.format(PICTURE)}", True, id="a logo in a signature"),
        pytest.param(
            "<p>Yes.</p><p>-----Original Message-----<br>From: Ann<br>Sent: Monday<br>To: Bo"
            f"<br>Subject: x</p><p>Is it there?</p>{PICTURE}",
            True,
            id="below an old header block",
        ),
        pytest.param(f"<p>Yes.</p>{PICTURE}{QUOTE.format('')}", False, id="below the words"),
        pytest.param(f"<p>See {PICTURE} there</p>{QUOTE.format('')}", False, id="amid the words"),
        pytest.param(f"{PICTURE}{QUOTE.format('')}", False, id="a picture and no word"),
        pytest.param(
            f"<p>Yes.</p><p>Sent from my iPhone</p>{PICTURE}", False, id="below a phone's line"
        ),
        pytest.param(
            f"<p>Yes. {PICTURE}</p>{QUOTE.format(PICTURE)}", False, id="shown twice, once as theirs"
        ),
        pytest.param(
            "<p>FYI</p><div>---------- Forwarded message ---------<br>"
            "From: Ida &lt;i@x.test&gt;<br>Date: Mon, 2 Nov 2026<br>Subject: crates<br>"
            "To: Bo &lt;bo@example.net&gt;</div>"
            f"<p>They look like this:</p>{PICTURE}",
            False,
            id="within what is forwarded",
        ),
    ],
)
def test_a_picture_goes_with_its_place(html: str, *, folded: bool) -> None:
    """Folded with what it stands in, kept with what was written, kept when in doubt."""
    reply = extract(Body(html=html, text=None))

    assert ("p@x" in reply.folded_pictures) is folded


def test_content_ids_are_read_as_urls() -> None:
    """A ``cid:`` URL escapes what a Content-ID does not (RFC 2392)."""
    reply = extract(Body(html=f"<p>Yes.</p>{QUOTE.format('<img src=CID:a%2Bb@x>')}", text=None))

    assert reply.folded_pictures == {"a+b@x"}
