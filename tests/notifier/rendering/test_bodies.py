"""A digest as a mail: complete in both parts, safe, and not too long."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from notifier.rendering.digest import Digest, DigestMessage
from tests.support.digests import MARKER, MINUTE, NOON, a_digest, a_file, a_message, render

_HIDDEN = re.compile(r'<div class="hush".*?</div>', re.DOTALL)

GOLDEN = """\
-- Reply above this line --

Order 8841
3 new messages from Ann and Cy Ñ

* Friday 21 November

Ann, 13:00:
Is the table *still* there?

13:01:
Look:
[car.jpg, 1.2 MB]
https://n.example.org/f/1

* Saturday 22 November

Cy Ñ, 13:00:
It is.

----------------------------------------

Reply to this email, or view the conversation on Acme.

View conversation:
https://acme.example/inbox?c=1&d=2

You get this email because of messages you haven't read on Acme.

Unsubscribe from this conversation:
https://n.example.org/u/secret
"""


def _three(**details: Any) -> Digest:
    return a_digest(
        a_message("Is the table *still* there?"),
        a_message("Look:", sent_at=NOON + MINUTE, attachments=(a_file(),)),
        a_message("It is.", sender_name="Cy Ñ", sent_at=NOON + 24 * 60 * MINUTE),
        **details,
    )


def _seen(html: str) -> str:
    """Return the text a reader sees, its spaces joined."""
    body = LexborHTMLParser(_HIDDEN.sub("", html)).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


def test_the_text_part() -> None:
    """The text part says everything, in order, with bare URLs on lines of their own."""
    text = render(_three()).text

    assert text == GOLDEN
    assert max(map(len, text.splitlines())) <= 78


def test_both_parts_say_the_same() -> None:
    """Whatever the text part says, the HTML part says, and the other way round."""
    rendered = render(_three(header="Hello, Bo", footer="Acme Ltd", more=2))
    words = set(re.findall(r"\w+", rendered.text)) - {"https", "n", "example", "org", "f"}
    seen = set(re.findall(r"\w+", _seen(rendered.html)))

    assert words - seen <= {"u", "secret", "acme", "inbox", "c", "d", "2"}
    assert seen - words <= {"A", "C"}  # the initials


def test_the_same_digest_is_rendered_the_same() -> None:
    """A retry renders the same characters."""
    assert render(_three()) == render(_three())


def test_the_reply_line_comes_first() -> None:
    """The first thing seen is the line to reply above; the marker is there, and nobody sees it."""
    rendered = render(_three())

    assert _seen(rendered.html).startswith("Reply above this line Acme")
    assert f'id="{MARKER}"' in rendered.html
    assert rendered.html.count(MARKER) == 2
    assert "rjd-" not in _seen(rendered.html) + rendered.text


def test_a_reader_without_write_access_is_told() -> None:
    """Who may only read is told so, and never asked to reply."""
    rendered = render(_three(can_reply=False, locale="de"))

    assert rendered.text.startswith("Auf diese E-Mail kannst du nicht antworten")
    assert "oberhalb dieser Zeile" not in rendered.text + rendered.html
    assert rendered.html.count(MARKER) == 2


def test_the_way_out_is_at_the_end() -> None:
    """One opt-out link, below all else, in the role's words; no invitation to leave before it."""
    html = render(_three(opt_out_text="No more, please")).html
    every = LexborHTMLParser(html).css("a")
    links = [a for a in every if "/u/secret" in (a.attributes["href"] or "")]

    assert [a.text() for a in links] == ["No more, please"]
    assert links[0].attributes["href"] == every[-1].attributes["href"]


@pytest.mark.parametrize(
    ("locale", "direction"),
    [pytest.param("he", "rtl", id="Hebrew"), pytest.param("de", "ltr", id="German")],
)
def test_language_and_direction(locale: str, direction: str) -> None:
    """Language and direction stand on the page and, as mail programs drop it, on the body too."""
    html = render(_three(locale=locale)).html
    stood = [
        node
        for node in LexborHTMLParser(html).css("html, .all")
        if (node.attributes["lang"], node.attributes["dir"]) == (locale, direction)
    ]

    assert len(stood) == 2
    assert ("padding-right:12px" if direction == "rtl" else "padding-left:12px") in html


def test_the_page_is_accessible() -> None:
    """One heading of the first order, alternatives for images, roles for layout tables."""
    page = LexborHTMLParser(render(_three()).html)

    assert len(page.css("h1")) == 1
    assert all("alt" in image.attributes for image in page.css("img"))
    assert all(t.attributes.get("role") == "presentation" for t in page.css("table"))


def test_light_and_dark() -> None:
    """The dark scheme survives inlining, and the light one is in the elements."""
    html = render(_three()).html

    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert re.search(r'class="card"[^>]*style="[^"]*background-color:#ffffff', html)


@pytest.mark.parametrize(
    ("messages", "preheader"),
    [
        pytest.param(("Yes.", "And the chairs?"), "Yes. And the chairs?", id="short ones joined"),
        pytest.param(("a" * 50, "b"), "a" * 50, id="a long one alone"),
        pytest.param(("word " * 60,), ("word " * 22)[:109] + "…", id="cut at 110"),
    ],
)
def test_the_preheader(messages: tuple[str, ...], preheader: str) -> None:
    """An inbox shows the first words, 40 to 110 characters of them where there are so many."""
    rendered = render(a_digest(*map(a_message, messages)))

    assert rendered.preheader == preheader
    assert preheader in rendered.html


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(a_message("short"), id="many messages"),
        pytest.param(a_message("&" * 50_000), id="characters that grow when escaped"),
        pytest.param(a_message("www.a.b " * 9_000), id="links"),
        pytest.param(a_message("ж" * 50_000), id="characters of two octets"),
        pytest.param(a_message("x", attachments=(a_file("&" * 900),) * 60), id="attachments"),
        pytest.param(a_message("x", sender_photo_url="https://x/" + "&" * 1900), id="pictures"),
    ],
)
def test_a_mail_is_never_clipped(message: DigestMessage) -> None:
    """Gmail hides what is beyond 102 KB; we stop at 60 and say how many more there are."""
    others = [replace(message, sender_name=f"N{n}" * 50) for n in range(400)]
    digest = a_digest(*others, header="&" * 9_000, footer="www.a.b " * 9_000, more=5)

    rendered = render(digest)
    shown = rendered.html.count('class="said"')

    assert len(rendered.html.encode()) <= 60_000
    assert shown >= 1
    assert f"View {405 - shown} more messages" in rendered.text
    assert f"View {405 - shown} more messages" in rendered.html


def test_a_message_too_long_is_shortened() -> None:
    """A message that does not fit alone is cut, and both parts say so."""
    rendered = render(a_digest(a_message("word " * 20_000)))

    assert "[This message was shortened.]" in rendered.text
    assert "This message was shortened." in rendered.html
    assert "more message" not in rendered.text


def test_a_usual_mail_is_small() -> None:
    """Ten messages are far below what anybody clips."""
    messages = [a_message("Twelve words are about what people write in a chat, mostly.")] * 10

    assert len(render(a_digest(*messages)).html) < 20_000


def test_nobody_has_no_name() -> None:
    """A sender without a name is someone; an unusable link or picture is left out."""
    message = a_message(" ", sender_name="\u202e", sender_photo_url="javascript:x")
    rendered = render(a_digest(message, inbox_url="javascript:x", conversation_subject=" "))

    assert "1 new message from Someone" in rendered.text
    assert "javascript" not in rendered.html
    assert "Reply to this email to answer." in rendered.text


def test_links_that_cannot_be_are_left_out() -> None:
    """Without usable links there is no empty line for them, and no hint to follow them."""
    file = replace(a_file(), url="file:///etc/passwd")
    digest = a_digest(
        a_message("", attachments=(file,)), inbox_url=None, opt_out_url="x", can_reply=False, more=1
    )

    rendered = render(digest)

    assert "[car.jpg, 1.2 MB]\n\n---" in rendered.text
    assert "1 more message isn't shown here." in rendered.text
    assert "<a " not in rendered.html
    assert "http" not in rendered.text


hostile = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    ['"><script>x</script>', "{{ p.app }}", "<!--% if x %-->", "--></style><b>", "\r\n\r\n--"]
)


@given(hostile, hostile, hostile, hostile)
@settings(deadline=None, max_examples=150)
def test_nobody_writes_our_page(name: str, title: str, text: str, app: str) -> None:
    """Names, titles and messages of any characters add no element to the page."""
    plain = a_digest(a_message("x", sender_name="Ann"))
    digest = a_digest(
        a_message(text, sender_name=name, attachments=(a_file(name),)),
        conversation_subject=title,
        app_name=app,
        header=text,
    )
    known = {node.tag for node in LexborHTMLParser(render(plain).html).css("*")}

    page = LexborHTMLParser(render(digest).html)

    assert {node.tag for node in page.css("*")} - known <= {"br", "strong", "em", "s", "code"}
    assert "\r" not in render(digest).text
