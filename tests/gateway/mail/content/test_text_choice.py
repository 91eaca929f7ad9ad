"""Which part is the text, which is a file: MIME as it is really written (RFC 2045, 2046, 2387)."""

from collections.abc import Sequence

import pytest

from gateway.mail.content.pictures import LeftOutReason
from gateway.reading import Ask, Depth, Reading, read
from tests.support.letters import ICON, PDF, PNG, attached, file, inline, mail, multi, text
from tests.support.reading import ENVELOPE

SAID = "Yes, it is still here."
PAGE = f"<p>{SAID}</p>"
FRAME = '<html><head><title>x</title></head><body><img src="cid:logo"></body></html>'
SMIL = "<smil><body><par><text src='t.txt'/></par></body></smil>"


def page(words: str = PAGE, *more: str) -> str:
    """Write an HTML part."""
    return text(words, *more, kind="text/html")


def related(*parts: str, more: str = "") -> str:
    """Write a multipart/related."""
    return multi("related", *parts, boundary="rel", more=more)


def alternative(*parts: str) -> str:
    """Write a multipart/alternative."""
    return multi("alternative", *parts, boundary="alt")


def typed(content_type: str, words: str = SAID) -> str:
    """Write a mail whose Content-Type is this line."""
    return f"Content-Type:{content_type}\r\n\r\n{words}\r\n"


def picture(content_id: str = "pic", octets: bytes = ICON) -> str:
    """Write a picture without a name."""
    return file(octets, "image/png", f"Content-ID: <{content_id}>")


def what(part: str) -> Reading:
    """Read a mail of this part."""
    return read(mail(part), ENVELOPE, Ask(Depth.WHOLE))


def names(part: str) -> Sequence[str]:
    """Return the names of a mail's files."""
    return [one.filename for one in what(part).files]


NAMED_PAGE = page(PAGE, "Content-ID: <page>")
RELATED = {
    "root named by start": related(picture(), NAMED_PAGE, more='; start="<page>"'),
    "start without angles": related(picture(), NAMED_PAGE, more="; start=page"),
    "start in another case": related(
        picture(), page(PAGE, "Content-ID: <Page@X>"), more='; start="<PAGE@x>"'
    ),
    "start names nothing": related(page(), picture(), more='; start="<gone>"'),
    "start names nothing, root second": related(picture(), page(), more='; start="<gone>"'),
    "root second, no start": related(picture(), page()),
    "root second, its type given": related(picture(), page(), more='; type="text/html"'),
    "start is a picture": related(picture(), text(SAID), more='; start="<pic>"'),
    "an alternative as second": related(picture(), alternative(text(SAID), page())),
    "a frame, and words beside it": related(page(FRAME), text(SAID)),
    "a frame, and words with an id": related(page(FRAME), text(SAID, "Content-ID: <t>")),
    "SMIL, and words": related(
        text(SMIL, kind="application/smil"), text(SAID, "Content-ID: <t.txt>"), picture()
    ),
    "SMIL by start, words before it": related(
        text(SAID, "Content-ID: <0>"), text(SMIL, "Content-ID: <s>", kind="application/smil"),
        more='; start="<s>"; type="application/smil"',
    ),
    "the same words beside the root": related(page(), text(SAID)),
    "alternative in mixed in related": related(
        multi("mixed", alternative(text(SAID), page()), boundary="mix"), picture()
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", RELATED.values(), ids=RELATED.keys())
def test_the_root_of_related_is_found(part: str) -> None:
    """By start, by type, or because it has words (RFC 2387, 3.2); else what is beside it counts."""
    assert what(part).text == SAID
    assert names(part) == []


TYPES = [
    " text/plain charset=utf-8",
    " text/plain, charset=utf-8",
    " text",
    " text/",
    " plain",
    " /plain",
    "",
    " ;",
    " ; charset=utf-8",
    " utf-8",
    " TEXT/PLAIN; CHARSET=UTF-8",
    ' "text/plain"; charset=utf-8',
    " text / plain",
    " text/plain; charset=utf-8; format",
    " text/plain;; charset=utf-8;",
    " text/plain charset=utf-8 format=flowed delsp=no ###",
    " =?utf-8?q?text/plain?=",
    " \r\nContent-Type: text/plain; charset=utf-8",
    " text/plain\r\nContent-Type: text/plain",
    " multipart/mixed",
    " multipart/alternative; boundary=gone",
    " text/markdown; charset=utf-8",
    " text/x-anything",
    " text/unknown; charset=utf-8",
    " text/x-web-markdown",
    " text/plaincharset=utf-8",
    " text/enriched",
    " text/richtext",
    " application/octet-stream",
]


@pytest.mark.parametrize("content_type", TYPES)
def test_what_cannot_be_read_is_plain_text(content_type: str) -> None:
    """A type that is broken, or unknown beside text/, loses nobody's words (RFC 2045, 5.2)."""
    assert what(typed(content_type)).text == SAID
    assert names(typed(content_type)) == []


@pytest.mark.parametrize("kind", ["application/xhtml+xml", "application/html"])
def test_a_page_by_another_name_is_the_text(kind: str) -> None:
    """RFC 3236: it is HTML, and no file."""
    page = f"<html><body><p>{SAID}</p></body></html>"

    assert what(typed(f" {kind}; charset=utf-8", page)).text == SAID
    assert names(typed(f" {kind}; charset=utf-8", page)) == []


@pytest.mark.parametrize("label", ["koi8-r", "windows-1251", "iso-8859-5"])
def test_a_charset_without_a_semicolon_is_read(label: str) -> None:
    """Parameters behind a blank count, too."""
    said = "Да, велосипед ещё здесь".encode(label).decode("ascii", "surrogateescape")

    assert what(typed(f" text/plain charset={label}", said)).text == "Да, велосипед ещё здесь"


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        ("enriched", "<bold>Yes</bold>, it is\nstill <<here>\n\nBo", "Yes, it is still <here>\nBo"),
        ("enriched", "<fontfamily><param>Times</param>Yes</fontfamily>, 2 < 3", "Yes, 2 < 3"),
        (
            "richtext",
            "<bold>Yes</bold>,<nl>it is <lt>here<comment>x</comment>",
            "Yes,\nit is <here",
        ),
    ],
)
def test_commands_of_enriched_text_are_no_words(kind: str, written: str, said: str) -> None:
    """RFC 1896 and its forerunner put them where HTML has tags."""
    assert what(text(written, kind=f"text/{kind}")).text == said


@pytest.mark.parametrize(
    "part",
    [
        alternative(text(SAID, 'Content-Disposition: inline; filename="body.txt"'),
                    page(PAGE, 'Content-Disposition: inline; filename="body.html"')),
        alternative(text(SAID, 'Content-Disposition: attachment; filename="a.txt"'),
                    page(PAGE, "Content-Disposition: attachment")),
        alternative(text(SAID), related(page(PAGE, "Content-Disposition: inline; filename=b"))),
        text(SAID, "Content-Disposition: inline; filename=body.txt"),
        text(SAID, "Content-Disposition: attachment; filename=msg.txt"),
        text(SAID, "Content-Disposition: attachment"),
        multi("mixed", text(SAID, "Content-Disposition: attachment")),
        multi("mixed", page(PAGE, "Content-Disposition: inline; filename=part1.html")),
        text(SAID, "Content-Disposition: filename=body.txt"),
        text(SAID, "Content-Disposition: ;;;"),
        text(SAID, "Content-Disposition: Inline; FileName*=utf-8''t%C3%A9xt.txt"),
    ],
)  # fmt: skip
def test_a_body_under_a_file_name_is_the_text(part: str) -> None:
    """A named part is a file only beside another text; halves of an alternative never are."""
    assert what(part).text == SAID
    assert names(part) == []


@pytest.mark.parametrize(
    ("part", "files"),
    [
        (multi("mixed", text(SAID), text("x", "Content-Disposition: inline; filename=n.txt")),
         ["n.txt"]),
        (multi("mixed", alternative(text(SAID), page()),
               text("x", "Content-Disposition: attachment; filename=n.txt")), ["n.txt"]),
        (multi("mixed", text(SAID, "Content-Disposition: inline; filename=b.txt"),
               text("x", "Content-Disposition: attachment; filename=n.txt")), ["n.txt"]),
        (multi("mixed", text(SAID), text("# x", kind="text/markdown")), ["file.md"]),
        (multi("mixed", text(SAID), text("a,b", "Content-Disposition: inline", kind="text/csv")),
         ["file.csv"]),
        (multi("mixed", text(SAID), text("BEGIN:VCARD", kind="text/vcard")), ["file.vcf"]),
        (multi("mixed", text(SAID), file(b"\0\1\2", "weird")), ["file"]),
        (related(page(), text("<b>x", "Content-ID: <frame>", kind="text/html")), ["file.txt"]),
        (multi("x-unheard-of", text(SAID), attached(PDF, "application/pdf", "a.pdf")), ["a.pdf"]),
        (multi("parallel", text(SAID), file(PNG, "image/png")), ["file.png"]),
        (multi("mixed", text(SAID), multi("appledouble", file(b"\0", "application/applefile"),
               file(PDF, "application/pdf", "Content-Disposition: inline; filename=a.pdf"),
               boundary="c")), ["a.pdf"]),
    ],
)  # fmt: skip
def test_what_is_a_file_stays_one(part: str, files: list[str]) -> None:
    """A text that is the body leaves the named ones, and data written as text, to be files."""
    assert what(part).text == SAID
    assert names(part) == files


@pytest.mark.parametrize(
    "part",
    [
        multi("mixed", text("One."), inline(PNG, "image/png", "a.png", "x"), text("Two.")),
        multi("x-new", text("One."), text("Two.")),
        multi("signed", text("One."), text("Two.")),
        multi("mixed", alternative(text("One."), page("<html><body></body></html>")), page("Two.")),
        multi("mixed", alternative(text(""), page("<p>One.</p>")), text("Two.")),
        related(page("<p>One.</p>"), text("Two.")),
        multi("mixed", text("One.", "Content-Disposition: inline; filename=1.txt"),
              text("Two.", "Content-Disposition: inline; filename=2.txt")),
        related(page(FRAME), text("One.", "Content-Location: 1.txt"),
                text("Two.", "Content-Location: 2.txt")),
    ],
)  # fmt: skip
def test_all_texts_of_a_mail_are_read(part: str) -> None:
    """Every text without a name counts, in order, also beside an empty half."""
    assert what(part).text.split() == ["One.", "Two."]


@pytest.mark.parametrize(
    "part",
    [
        alternative(text(SAID)),
        alternative(page()),
        alternative(text(""), page()),
        alternative(text(SAID), page("<html><body>&nbsp;</body></html>")),
        alternative(text(SAID), text("<b>x", kind="text/x-amp-html"), page()),
        alternative(text(SAID), text("x", kind="text/watch-html")),
        alternative(text("*x*", kind="text/markdown"), text(SAID), page()),
        alternative(text(SAID, kind="text/markdown")),
        alternative(text(SAID), multi("mixed", page(), attached(PDF, "application/pdf", "a.pdf"))),
    ],
)
def test_of_an_alternative_the_readable_half_is_read(part: str) -> None:
    """Whichever half has words is the text; what is written for one program alone is not."""
    assert what(part).text == SAID
    assert names(part) in ([], ["a.pdf"])


def test_nothing_vanishes() -> None:
    """Each part that is neither the text nor a file is named among what was left out."""
    parts = [
        text("x", kind="text/x-amp-html"),
        text("Subject: x", kind="message/delivery-status"),
        file(b"\x30\0", "application/pkcs7-signature"),
    ]
    reading = what(multi("mixed", text(SAID), *parts))

    assert [one.why for one in reading.gathered.left_out] == [
        LeftOutReason.WRAPPING,
        LeftOutReason.REPORT,
        LeftOutReason.WRAPPING,
    ]


EVERY = [*RELATED.values(), *map(typed, TYPES)]


@pytest.mark.parametrize("part", EVERY)
def test_any_of_these_may_be_cut_doubled_or_long(part: str) -> None:
    """Whatever becomes of such a mail on its way, reading it ends, and does not raise."""
    whole = mail(part)
    long = mail(typed(" text/plain", "x\r\n" * 350_000))
    for raw in (whole[: len(whole) // 2], whole + whole, long + whole):
        read(raw, ENVELOPE, Ask(Depth.WHOLE))


@pytest.mark.parametrize("unseen", ["&nbsp;", "&#8203;", "&shy;", "&zwnj;", "&#x200e;", "&#x3164;"])
def test_a_page_that_shows_nothing_is_no_half_of_an_alternative(unseen: str) -> None:
    """The text beside it says what was written, whichever unseen sign a program put there."""
    blank = page(f"<html><body><p>{unseen}</p></body></html>")

    assert what(alternative(text(SAID), blank)).text == SAID


def test_armour_is_taken_off_a_page_beside_a_blank_text() -> None:
    """A text part of one line end says nothing, and hides nothing of the page."""
    armour = (
        "<pre>-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nYes, at ten.\r\n"
        "-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----</pre>"
    )

    assert what(alternative(text("\r\n"), page(armour))).text == "Yes, at ten."
