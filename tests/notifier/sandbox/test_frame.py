"""Whatever a theme says, the mail says how to stop it, and is known when it is quoted."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from notifier.rendering.bodies import render
from notifier.rendering.page import Page
from notifier.rendering.view import digest_view
from notifier.sandbox.frame import framed, framed_text
from tests.support.bursts import a_burst, a_delivery
from tests.support.notifying import IDENTITY


def the_page() -> Page:
    """Return the page of a mail."""
    burst = a_burst({"text": "Is the bike still there?"})
    return digest_view(burst, a_delivery(), (), IDENTITY).page


ATTACKS = [
    pytest.param("<!-- ", id="a comment that does not end"),
    pytest.param("<div style='display:none'>", id="an element that is hidden and does not end"),
    pytest.param("<textarea>", id="what swallows the rest"),
    pytest.param("<plaintext>", id="what ends all markup"),
    pytest.param("<style>", id="a style sheet that does not end"),
    pytest.param("<script>", id="a script that does not end"),
    pytest.param("<title>", id="a title that does not end"),
    pytest.param("<a href='https://evil.example'>", id="a link that does not end"),
    pytest.param("<table><tr><td>", id="a table that does not end"),
    pytest.param("<select><option>", id="a list to choose from"),
    pytest.param("<svg><desc>", id="other markup within"),
    pytest.param("<math><mtext><table><mglyph><style>", id="confused parsers"),
    pytest.param("</div></body></html>", id="what ends the page"),
    pytest.param("<frameset>", id="frames"),
    pytest.param("<div style='font-size:0;color:#fff'>", id="no size"),
    pytest.param("<base href='https://evil.example/'>", id="another base"),
    pytest.param("<template>", id="a template"),
    pytest.param("<noscript>", id="noscript"),
    pytest.param("<iframe srcdoc='", id="half an attribute"),
    pytest.param("\u202e", id="turned round"),
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_way_out_stands_last_and_outside(attack: str) -> None:
    """It is a child of the body, with its address, its words, and styles that win."""
    page = the_page()
    tree = LexborHTMLParser(framed(f"<p>Hello</p>{attack}", page))

    (link,) = [one for one in tree.css("a") if one.attributes.get("href") == page.opt_out_url]
    foot = link.parent
    assert foot is not None
    assert foot.parent is not None
    assert foot.parent.tag == "body"
    assert page.words.stop_here in link.text()
    assert page.words.why in foot.text(deep=True)
    assert "display:block!important" in (foot.attributes["style"] or "")
    assert [str(one.tag) for one in tree.css("body > *")][-1] == "div"


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_marker_and_the_line_to_reply_above_stand_first(attack: str) -> None:
    """The gateway knows our own words by them."""
    page = the_page()
    html = framed(f"{attack}<p>Hello</p>", page)
    tree = LexborHTMLParser(html)

    assert len(tree.css(f"body > #{page.marker}")) == 1
    assert html.index(page.words.top) < html.index(page.marker)
    assert "Hello" not in html[: html.index(page.marker)]


@pytest.mark.parametrize(
    ("html", "gone"),
    [
        ("<script>alert(1)</script>", "alert"),
        ("<p onclick='go()'>x</p>", "onclick"),
        ("<a href='javascript:go()'>x</a>", "javascript"),
        ("<a href='JaVaScRiPt:go()'>x</a>", "go()"),
        ("<a href='data:text/html,x'>x</a>", "data:"),
        ("<img src='data:image/png;base64,AAAA'>", "data:"),
        ("<img src='cid:x'>", "cid:"),
        ("<form action='https://evil.example'><input name=x></form>", "evil"),
        ("<iframe src='https://evil.example'></iframe>", "evil"),
        ("<meta http-equiv=refresh content='0;url=https://evil.example'>", "evil"),
        ("<link rel=stylesheet href='https://evil.example/x.css'>", "evil"),
        ("<object data='https://evil.example'></object>", "evil"),
        ("<style>@import 'https://evil.example/x.css';</style>", "evil"),
        ("<style>p{background:url(https://evil.example/x)}</style>", "evil"),
        ("<style>@media all{div{position:fixed;top:0}}</style>", "position:fixed"),
        ("<style>@media all{div{POSITION : absolute}}</style>", "absolute"),
        ("<style>@media all{div{pos\\69tion:fixed}}</style>", "fixed"),
        ("<style>@media all{div{pos/**/ition:fixed}}</style>", "fixed"),
        ("<style>@media all{div{margin-bottom:-200px}}</style>", "-200px"),
        ("<style>@media all{div{transform:scale(0)}}</style>", "transform"),
        ("<style>@media all{a::after{content:'x'}}</style>", "content:"),
        ("<p style='position:absolute;top:0'>x</p>", "position:absolute"),
        ("<p style='background:url(https://evil.example/x)'>x</p>", "evil"),
        ("<p style='margin:0 0 -300px'>x</p>", "-300px"),
        ("<p style='width:expression(alert(1))'>x</p>", "expression"),
        ("<p id='rjd-000000000000'>x</p>", "rjd-000"),
        ("<!--[if mso]><p>evil</p><![endif]-->", "evil"),
        ("<svg onload=go()><p>x</p></svg>", "onload"),
        ("<a href='https://x.example' style='color:\\72 ed'>x</a>", "\\"),
    ],
)
def test_what_runs_loads_or_covers_is_taken_out(html: str, gone: str) -> None:
    """Wherever it stands, however it is written."""
    inner = framed(f"<html><head></head><body>{html}<p>Words</p></body></html>", the_page())

    inner = inner.partition("<style>")[2]
    assert gone.lower() not in inner.lower()
    assert "Words" in inner


@pytest.mark.parametrize(
    "html",
    [
        '<h1 style="color: #800">x</h1>',
        '<table width="100%" border="0"><tbody><tr><td>x</td></tr></tbody></table>',
        '<a href="https://shop.example/?a=1&amp;b=2">x</a>',
        '<a href="mailto:ann@shop.example">x</a>',
        '<img src="https://shop.example/logo.png" alt="Shop" width="120">',
        '<p dir="rtl" lang="ar">\u0645\u0631\u062d\u0628\u0627</p>',
        '<p style="margin:0 auto;background-color:#fff">x</p>',
    ],
)
def test_what_makes_a_mail_look_stays(html: str) -> None:
    """Colours, tables, links, pictures, directions."""
    assert html in framed(html, the_page())


@pytest.mark.parametrize(
    "body",
    [
        "<body style='height:250px;overflow:visible'>",
        "<body style='display:contents!important;position:fixed;float:left'>",
        "<body style='font-family:&quot;x'>",
        "<body style='color:rgb(1'>",
        "<body style='contain:none!important;overflow:visible!important'>",
        "<body>",
    ],
)
def test_the_style_that_holds_a_theme_in_stands_last(body: str) -> None:
    """After the theme's own for the page, which leaves no string and no bracket open before it."""
    (held,) = LexborHTMLParser(framed(f"{body}<p>Words</p></body>", the_page())).css(".own-theme")
    style = held.attributes["style"] or ""

    assert style.endswith(
        ";display:block!important;float:none!important;overflow:hidden!important;"
        "position:relative!important;contain:layout paint!important;isolation:isolate!important"
    )
    assert style.count("overflow") == style.count("position") == style.count("contain:") == 1
    assert not {'"', "("} & set(style)


def test_rules_for_narrow_screens_and_the_ground_stay() -> None:
    """As far as they cover nothing."""
    html = framed(
        "<head><style>@media (max-width:480px){h1{font-size:18px}}</style></head>"
        "<body bgcolor='#eeeeee' style='color:#222'><h1>x</h1></body>",
        the_page(),
    )

    assert "@media (max-width:480px){.own-theme h1{font-size:18px}}" in html
    assert "background-color:#eeeeee;color:#222" in html


@pytest.mark.parametrize("text", ["Hello", "-- \nsignature", "\u202e\x00x", "a " * 400, "\n\n\n"])
def test_the_text_part_begins_and_ends_as_ours(text: str) -> None:
    """The line to reply above, why it came, the way out on a line of its own."""
    page = the_page()
    told = framed_text(text, page)

    assert told.startswith(f"-- {page.words.top} --\n\n")
    assert f"\n{page.settings_url}\n" in told
    assert told.endswith(f"\n{page.words.stop_here}:\n{page.opt_out_url}\n")
    assert max(map(len, told.split("\n"))) <= 80
    assert "\x00" not in told


def test_ours_is_untouched_by_it() -> None:
    """A mail without a theme has no frame."""
    assert 'role="article"' in render(the_page()).html
