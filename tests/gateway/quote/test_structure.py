"""What HTML says about its lines: quotes, attributions, signatures, formats."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

OLD = "<p>Which room do you want?</p>"
SAID = "<div>The small one.</div>"


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(
            f'<div class="gmail_quote"><div class="gmail_attr">On x:</div>'
            f"<blockquote>{OLD}</blockquote></div>",
            id="Gmail",
        ),
        pytest.param(f'<blockquote type="cite">{OLD}</blockquote>', id="Apple"),
        pytest.param(
            f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Xo:</b> A</div>{OLD}',
            id="Outlook on the web, in any language",
        ),
        pytest.param(
            f"<div style='border:none;border-top:solid #E1E1E1 1.0pt'><b>Xo:</b> A<br><b>Xd:</b> B"
            f"</div>{OLD}",
            id="Outlook on the desk",
        ),
        pytest.param(f'<div id="ydp77yahoo_quoted_1" class="yahoo_quoted">{OLD}</div>', id="Yahoo"),
        pytest.param(
            f'<div class="moz-cite-prefix">A:</div><blockquote type="cite">{OLD}</blockquote>',
            id="Thunderbird",
        ),
        pytest.param(f'<hr id="zwchr"><div data-marker="__HEADERS__">A</div>{OLD}', id="Zimbra"),
        pytest.param(f'<div name="quote"><div name="quoted-content">{OLD}</div></div>', id="GMX"),
        pytest.param(f"<includetail>{OLD}</includetail>", id="QQ"),
        pytest.param(
            f'<div name="messageReplySection">A<blockquote>{OLD}</blockquote></div>', id="Spark"
        ),
        pytest.param(f'<div class="zmail_extra">{OLD}</div>', id="Zoho, no blockquote"),
        pytest.param(
            f'<div id="ms-outlook-mobile-signature">Get it</div><hr id="stopSpelling">{OLD}',
            id="old Hotmail",
        ),
        pytest.param(
            f'<div class="gmail_signature">Kim<br>CEO</div><blockquote>{OLD}</blockquote>',
            id="marked signature",
        ),
    ],
)
def test_a_clients_marks_are_believed(history: str) -> None:
    """What a client marks as history or signature is folded."""
    reply = extract(Body(html=SAID + history))

    assert reply.text == "The small one."


def test_answers_inside_gmails_container_are_kept() -> None:
    """Gmail puts what is typed between quotes inside its quote container."""
    quote = "<blockquote class=gmail_quote>{}</blockquote>"
    inside = quote.format("Which room?") + "<div>Small.</div>" + quote.format("Which day?")
    markup = f"<div class=gmail_quote>On x, A wrote:<br>{inside}<div>Friday.</div></div>"

    reply = extract(Body(html=f"<div>Inline.</div>{markup}"))

    assert [part for part in ("Inline.", "Small.", "Friday.") if part in reply.text] == [
        "Inline.",
        "Small.",
        "Friday.",
    ]
    assert "A wrote" not in reply.text


def test_formatting_is_kept_readable_and_safe() -> None:
    """Links, lists and emphasis survive in text and HTML; scripts do not."""
    markup = (
        '<p>See <a href="https://x.example/page">the page</a>, it is <b>urgent</b>:</p>'
        '<ul><li>first</li><li>second</li></ul><a href="javascript:x()">no</a>'
        "<script>bad()</script>"
    )

    reply = extract(Body(html=markup))

    assert reply.text == (
        "See the page <https://x.example/page>, it is *urgent*:\n\n- first\n- second\n\nno"
    )
    assert reply.html is not None
    assert '<a href="https://x.example/page"' in reply.html
    assert "<li>first</li><li>second</li>" in reply.html
    assert "script" not in reply.html


def test_a_table_of_data_stays_a_table() -> None:
    """Cells of one row stay on one line."""
    rows = "<tr><td>Hall</td><td>12</td></tr><tr><td>Room</td><td>7</td></tr>"

    reply = extract(Body(html=f"<p>Prices:</p><table>{rows}</table>"))

    assert "Hall" in reply.text
    assert any("Room" in line and "7" in line for line in reply.text.splitlines())


def test_plain_words_have_no_html() -> None:
    """HTML is only worth keeping where it says something."""
    assert extract(Body(html="<div>Just words.</div>")).html is None


def test_an_indented_mail_is_read() -> None:
    """A mail whose every line stands in one quote element, with a reply inside, is a reply."""
    inner = f"From: a@b.example<br>Date: 3 June 2025<br>To: Kim<br><blockquote>{OLD}</blockquote>"

    reply = extract(
        Body(html=f"<blockquote class=gmail_quote><div>Look.</div>{inner}</blockquote>")
    )

    assert reply.text == "Look."


def test_html_without_words_falls_back_to_the_text() -> None:
    """An empty HTML part does not hide what the text part says."""
    reply = extract(Body(text="All fine.", html="<div><img src='cid:x'></div>"))

    assert (reply.text, reply.source) == ("All fine.", "text")
