"""What is held against a mail, by rules that ask nobody: each kind in several forms."""

import pytest

from core.check_finding import Gravity
from notifier.channels.email.mail_checks.examine import findings_of

_HEAD = (
    "From: Ann via Shop <n@shop.example>\r\nTo: Bo <bo@x.example>\r\nDKIM-Signature: v=1\r\n"
    "Date: Fri, 21 Nov 2025 15:04:00 +0000\r\nMessage-ID: <1@shop.example>\r\n"
    "List-Unsubscribe: <https://n.shop.example/u/x>\r\n"
)
_BODY = "<h1>The bike</h1><p>Ann asks whether the red bike is still there, and when to come.</p>"
_TEXT = "The bike\n\nAnn asks whether the red bike is still there, and when to come.\n"


def a_mail(
    body: str = "", *, subject: str = "The red bike", head: str = _HEAD, text: str = _TEXT,
    style: str = "",
) -> bytes:  # fmt: skip
    """Return a mail of two parts that nothing is wrong with but what is given."""
    html = (
        f'<!doctype html><html lang="en"><head><title>t</title>{style}</head>'
        f"<body>{_BODY}{body}</body></html>"
    )
    parts = "".join(
        f"--b\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{said}\r\n"
        for kind, said in (("plain", text), ("html", html))
    ).replace("\n", "\r\n").replace("\r\r", "\r")  # fmt: skip
    top = f"Subject: {subject}\r\nMIME-Version: 1.0\r\n"
    kind = 'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    return f"{head}{top}{kind}{parts}--b--\r\n".encode()


def names(raw: bytes) -> set[str]:
    """Return what is found, by name."""
    return {one.name for one in findings_of(raw)}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    """An ordinary mail is told so."""
    assert findings_of(a_mail()) == ()


FOUND = [
    ("script", "active_content", "<script>alert(1)</script>"),
    ("a form", "active_content", "<form action='https://x.example'><input></form>"),
    ("a frame", "active_content", "<iframe src='https://x.example'></iframe>"),
    ("a style sheet elsewhere", "active_content", "<p><link href='//x.example/s.css'></p>"),
    ("an object", "active_content", "<object data='x.swf'></object>"),
    ("sound", "active_content", "<audio src='https://x.example/a.mp3'></audio>"),
    ("onclick", "handlers", "<p onclick='go()'>Go</p>"),
    ("onerror", "handlers", "<img src='https://x.example/a.png' alt='' onerror='go()'>"),
    ("onmouseover", "handlers", "<a href='https://x.example' onmouseover=go()>Go</a>"),
    ("a link that runs", "link_not_web", "<a href='javascript:go()'>Go</a>"),
    ("a link with data", "link_not_web", "<a href='data:text/html,x'>Go</a>"),
    ("a link to a path", "link_not_web", "<a href='/inbox'>Inbox</a>"),
    ("a link to nothing", "link_not_web", "<a href=''>Inbox</a>"),
    ("a link in no form", "link_not_web", "<a href='https://[x'>Inbox</a>"),
    ("another bank", "link_elsewhere", "<a href='https://evil.example/x'>https://bank.example/</a>"),
    ("another host", "link_elsewhere", "<a href='https://evil.example'>bank.example</a>"),
    ("www", "link_elsewhere", "<a href='https://evil.example'>www.bank.example</a>"),
    ("with a path", "link_elsewhere", "<a href='https://evil.example'>bank.example/login</a>"),
    ("in Greek", "link_elsewhere", "<a href='https://evil.example'>https://τράπεζα.example</a>"),
    ("inside bold", "link_elsewhere", "<a href='https://evil.example'><b>bank.example</b></a>"),
    ("http", "link_insecure", "<a href='http://shop.example'>Go</a>"),
    ("a number", "link_to_number", "<a href='https://192.0.2.7/x'>Go</a>"),
    ("IPv6", "link_to_number", "<a href='https://[2001:db8::1]/x'>Go</a>"),
    ("no alt", "picture_without_words", "<img src='https://shop.example/a.png'>"),
    ("a picture by http", "picture_not_https", "<img alt='' src='http://shop.example/a.png'>"),
    ("a picture in the page", "picture_not_https", "<img alt='' src='data:image/png;base64,x'>"),
    ("one pixel", "picture_unseen", "<img alt='' width=1 height=1 src='https://t.example/p'>"),
    ("no height", "picture_unseen", "<img alt='' height=0 src='https://t.example/p'>"),
    ("grey on white", "low_contrast", "<p style='color:#aaa'>Pale</p>"),
    ("white on white", "hidden_text", f"<p style='color:#fff;background:#fff'>{'buy ' * 60}</p>"),
    ("navy on black", "low_contrast", "<p style='color:navy;background:black'>Dark</p>"),
    ("behind it all", "low_contrast", "<div bgcolor='#666666'><p>Black on grey</p></div>"),
    ("rgb", "low_contrast", "<p style='color: rgb(250, 250, 210)'>Pale</p>"),
    ("font", "low_contrast", "<font color='yellow'>Pale</font>"),
    ("not displayed", "hidden_text", f"<div style='display:none'>{'cheap pills ' * 30}</div>"),
    ("invisible", "hidden_text", f"<div style='visibility:hidden'>{'دواء رخيص ' * 30}</div>"),
    ("see-through", "hidden_text", f"<div style='opacity:0'>{'安い' * 150}</div>"),
    ("no size", "hidden_text", f"<div style='font-size:0px'>{'cheap pills ' * 30}</div>"),
    ("a wide table", "fixed_width", "<table width=600><tr><td>x</td></tr></table>"),
    ("a wide box", "fixed_width", "<div style='width: 700px'>x</div>"),
    ("a macro", "macro_left", "<p>Hello {{recipient.name}}</p>"),
    ("a tag", "macro_left", "<p>{% if sender %}</p>"),
    ("much", "html_large", f"<p>{'word ' * 13_000}</p>"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "body"), [pytest.param(name, body, id=id_) for id_, name, body in FOUND]
)
def test_of_the_page_is_found(name: str, body: str) -> None:
    """What filters and readers stumble over, with a sentence and how to mend it."""
    found = {one.name: one for one in findings_of(a_mail(body, text=_TEXT * 200))}

    assert name in found
    assert found[name].sentence
    assert found[name].mend


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<a href='https://shop.example/a'>shop.example</a>", id="the same host"),
        pytest.param("<a href='https://www.shop.example/a'>shop.example/a</a>", id="with www"),
        pytest.param("<a href='https://n.example/f/1'>lock.jpg</a>", id="a file's name"),
        pytest.param("<a href='https://n.example/f/1'>Rechnung Nr.5.pdf</a>", id="with blanks"),
        pytest.param("<a href='mailto:ann@shop.example'>Write</a>", id="a mailto"),
        pytest.param("<p style='color:#767676'>Enough</p>", id="just enough contrast"),
        pytest.param("<p style='color:#949494;font-size:24px'>Large</p>", id="large letters"),
        pytest.param("<div style='display:none'>In short: the bike</div>", id="a little hidden"),
        pytest.param("<div style='width:600px;max-width:100%'>x</div>", id="a width to give way"),
        pytest.param("<p style='color:var(--x)'>x</p>", id="a colour that is not known"),
        pytest.param("<p>Half price {5} { } said Bo</p>", id="braces"),
    ],
)  # fmt: skip
def test_of_the_page_nothing_is_held_against(body: str) -> None:
    """What only looks like something of the kind."""
    assert names(a_mail(body)) == set()


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        pytest.param("subject_shouts", "BUY THE RED BIKE", id="in capitals"),
        pytest.param("subject_shouts", "Re: =?utf-8?q?=D0=9A=D0=A3=D0=9F=D0=98_"
                     "=D0=92=D0=95=D0=9B=D0=9E=D0=A1?=", id="in Cyrillic capitals"),
        pytest.param("subject_marks", "The red bike!!", id="two marks"),
        pytest.param("subject_marks", "Really?!", id="both marks"),
        pytest.param("subject_marks", "A bike for $$$", id="money"),
        pytest.param("subject_marks", "Come!", id="one at the end"),
        pytest.param("subject_long", "The red bike " * 10, id="long"),
        pytest.param("field_missing", "", id="none"),
    ],
)  # fmt: skip
def test_of_the_subject_is_found(name: str, subject: str) -> None:
    """What shouts, what is long, what is not there."""
    assert name in names(a_mail(subject=subject))


@pytest.mark.parametrize(
    "subject", ["USA", "自転車", "Die rote SMS-Box", "Où est le vélo ?", "الدراجة"]
)
def test_an_ordinary_subject_is_fine(subject: str) -> None:
    """Short words in capitals, scripts without them, a question."""
    assert not {one for one in names(a_mail(subject=subject)) if one.startswith("subject")}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param("not_signed", "DKIM-Signature: v=1\r\n", id="no signature"),
        pytest.param("field_missing", "Date: Fri, 21 Nov 2025 15:04:00 +0000\r\n", id="no date"),
        pytest.param("field_missing", "Message-ID: <1@shop.example>\r\n", id="no Message-ID"),
        pytest.param("field_missing", "To: Bo <bo@x.example>\r\n", id="no recipient"),
        pytest.param("opt_out_not_https", "List-Unsubscribe: <https://n.shop.example/u/x>\r\n",
                     id="no way out"),
    ],
)  # fmt: skip
def test_a_field_that_is_missing_is_found(name: str, line: str) -> None:
    """Each header field that a receiver asks for."""
    assert name in names(a_mail(head=_HEAD.replace(line, "")))


def test_an_address_in_the_name_is_found() -> None:
    """A filter takes it for forged."""
    head = _HEAD.replace("Ann via Shop", '"ceo@bank.example"')

    assert "address_in_name" in names(a_mail(head=head))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("text_missing", "", id="empty"),
        pytest.param("text_missing", " \n\u200b\n", id="nothing that is seen"),
        pytest.param("text_short", "See HTML.", id="says nothing"),
    ],
)
def test_of_the_text_part_is_found(name: str, text: str) -> None:
    """One that is not there, and one that says less."""
    assert name in names(a_mail(text=text))


def test_the_dark_theme_is_looked_at_as_well() -> None:
    """Rules for a dark theme hold there, and only there."""
    style = (
        "<style>@media (prefers-color-scheme: dark) {body{background:#111!important}"
        ".t{color:#333!important} h1,p{color:#eee}}</style>"
    )

    found = findings_of(a_mail("<p class=t>Words</p>", style=style))

    assert [one.name for one in found] == ["low_contrast"]
    assert "#333333 on #111111 is 1.5:1 in a dark theme" in found[0].sentence


def test_the_gravest_comes_first_and_of_a_kind_a_few() -> None:
    """A hundred pictures are mended at one place."""
    found = findings_of(a_mail("<img src='http://x.example/a'>" * 100 + "<script></script>"))

    assert found[0].gravity is Gravity.ERROR
    assert 1 < len(found) < 20


@pytest.mark.parametrize("body", [one[2] for one in FOUND[:-1]])
def test_whatever_it_holds_it_is_read_to_the_end(body: str) -> None:
    """Cut in the middle, doubled, behind a megabyte: no exception."""
    raw = a_mail(body)

    findings_of(raw[: len(raw) // 2])
    findings_of(raw + raw)


def test_much_text_is_examined_in_bounded_time() -> None:
    """A megabyte of elements, and two thousand within each other."""
    findings_of(a_mail("<p>" + "<b>x</b> " * 20_000 + FOUND[0][2]))
    found = names(a_mail("<div>" * 2_000 + "<p style='color:#aaa'>Pale</p>"))

    assert "low_contrast" not in found  # deeper than anybody writes
