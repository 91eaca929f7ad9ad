"""Plain text that is called HTML, HTML that is called plain, and OpenPGP's armour around words."""

import pytest

from gateway.mail.content import mislabelled
from gateway.reading import Ask, Depth, Reading, read
from tests.support.letters import mail, multi, text
from tests.support.reading import ENVELOPE

HEADER = "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\n"
SIGNATURE = (
    "\r\n-----BEGIN PGP SIGNATURE-----\r\nVersion: X 1.0\r\n\r\niQEzBAEBCAAdFiEE\r\n=abcd\r\n"
    "-----END PGP SIGNATURE-----\r\n"
)
ARMOUR = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1\r\n=abcd\r\n-----END PGP MESSAGE-----"
QUOTE = (
    "\r\n\r\nOn Mon, 15 May 2023 at 12:03, Ann <ann@shop.example> wrote:\r\n\r\n> Still there?\r\n"
)


def what(words: str, kind: str = "text/plain") -> Reading:
    """Read a mail of these words."""
    return read(mail(text(words, kind=kind)), ENVELOPE, Ask(Depth.WHOLE))


PLAIN = [
    ("Yes, it is here.\r\nCome on Friday.", "Yes, it is here.\nCome on Friday."),
    ("Ja, es ist da.\r\n\r\nBis Freitag!", "Ja, es ist da.\n\nBis Freitag!"),
    ("Oui &amp; non.\r\n\r\nÀ vendredi", "Oui & non.\n\nÀ vendredi"),
    ("Write to <kim@example.org>\r\nor to <https://a.example/x>", None),
    ("a < b\r\nb > c", None),
    ("はい。\r\n金曜日に来てください。", None),
]


@pytest.mark.parametrize(("words", "said"), PLAIN)
def test_plain_text_that_is_called_html_keeps_its_lines(words: str, said: str | None) -> None:
    """Without one tag it is text: its lines matter, and its quote is found."""
    said = said or words.replace("\r\n", "\n")

    assert what(words, "text/html").text == said
    assert what(words + QUOTE, "text/html").text == said


@pytest.mark.parametrize(
    "words",
    [
        "<p>Yes,\r\nit is here.",
        "Yes,\r\n<span>it</span> is here.",
        "Yes,\r\nit is<BR>here.",
        "Yes,\r\n<o:p></o:p> it is here.",
    ],
)
def test_one_tag_makes_it_html(words: str) -> None:
    """Where there is a tag, a line break is a blank."""
    assert what(words, "text/html").text.split() == ["Yes,", "it", "is", "here."]


DOCUMENTS = [
    '<html><head></head><body><div style="x"><p>Yes, it is here.</p></div></body></html>',
    '<!DOCTYPE html>\r\n<html lang="de">\r\n<body>Yes, it\r\nis here.</body>\r\n</html>\r\n',
    "<!doctype html public '-//W3C//DTD HTML 4.01'><HTML><BODY>Yes, it is here.</BODY></HTML>",
    '<?xml version="1.0"?><html xmlns="http://x.example"><body>Yes, it is here.</body></html>',
    "<!-- by X --><html><body>Yes, it is here.</body></html>",
    "\ufeff<html><body><p>Yes, it<br>is here.</p></body></html>",
    "<html><style>p {x: y}</style><body>Yes, it is here.</body>",
]


@pytest.mark.parametrize("words", DOCUMENTS)
def test_a_document_that_is_called_plain_is_html(words: str) -> None:
    """Where all of the text is one document, nobody typed it."""
    assert what(words).text.split() == ["Yes,", "it", "is", "here."]


def test_what_a_list_puts_below_a_document_stays_with_it() -> None:
    """A footer in plain text behind the end of the HTML does not make it plain."""
    reading = what(DOCUMENTS[0] + "\r\n\r\n____________\r\nRiders: to leave, write to x@y.example")

    assert reading.text.startswith("Yes, it is here.")
    assert "<html" not in reading.text


FRAGMENTS = [
    "<p>Yes, it</p>\r\n<p>is here.</p>",
    '<div style="font-family:Arial">Yes, it<br>is here.<br/>\r\n</div>',
    "<DIV dir=ltr>Yes, it<BR>is<BR>here.</DIV>\r\n",
    "<body>Yes, it is here.</body>",
    '<meta charset="utf-8"><div>Yes, it is here.</div>',
    "<head><title></title></head><body><p>Yes, it is here.</p></body>",
    "\ufeff<div>Yes, it</div><div>is here.</div><br>",
    "<p>Yes, it</p><div><br></div><p>is here.</p>",
]


@pytest.mark.parametrize("words", FRAGMENTS)
def test_a_page_without_html_that_is_called_plain_is_html(words: str) -> None:
    """Blocks from its first sign to its last: a program wrote it, and lost its label."""
    assert what(words).text.split() == ["Yes,", "it", "is", "here."]


@pytest.mark.parametrize("words", [FRAGMENTS[0], "<body>Ja</body>", "<p>a</p><p>b</p>"])
@pytest.mark.parametrize(
    "around", ["Why is this wrong?\n{0}", "{0}\nshows nothing", "```\n{0}\n```", "> {0}\nNo."]
)
def test_a_page_that_words_stand_beside_is_shown(words: str, around: str) -> None:
    """What somebody writes about keeps its signs."""
    words = around.format(words.replace("\r", ""))

    assert "</" in what(words.replace("\n", "\r\n")).reply.text + str(what(words).reply.cuts)
    assert mislabelled.document_of(words) is None


@pytest.mark.parametrize(
    "styles",
    [
        "<!-- /* Font Definitions */ @font-face {font-family:Calibri;} p.MsoNormal {x:y;} -->",
        "<!--\r\n/* Style Definitions */\r\np.MsoNormal, li.MsoNormal\r\n\t{margin:0cm;}\r\n-->",
        "<!-- @font-face {font-family:Aptos;} -->",
        "<!-- p.MsoNormal {margin:0;} -->",
    ],
)
@pytest.mark.parametrize("said", ["Ja, noch da.", "Oui, demain.", "はい。"])
def test_styles_that_a_converter_left_are_no_words(styles: str, said: str) -> None:
    """Outlook's stand in a comment, of which its converter takes only the tags off."""
    assert what(f"{styles}\r\n\r\n{said}").text == said


@pytest.mark.parametrize(
    "words", ["<!-- a note -->\nYes", "Look: <!-- /* Font Definitions */ -->", "<!-- @font-face"]
)
def test_other_comments_are_words(words: str) -> None:
    """Who writes a comment means it."""
    assert what(words.replace("\n", "\r\n")).text == words


@pytest.mark.parametrize(
    "words",
    [
        "Use <b> for bold.",
        "<html> is the first tag you write.",
        "<p>Why does this not work?</p>",
        "How do I mend this?\n<html><body>x</body></html>",
        "<html><body>x</body></html>\nWhy is this page empty?",
        "<div class='a'>\n  <span>x</span>\n</div>",
        "Salut <3 </3",
    ],
)
def test_who_writes_about_html_means_the_signs(words: str) -> None:
    """Some tags, or a page among words, are what somebody shows."""
    assert what(words.replace("\n", "\r\n")).text == words


def test_a_document_as_text_beside_the_page_is_not_said_twice() -> None:
    """Both halves of an alternative may be the same HTML."""
    both = multi("alternative", text(DOCUMENTS[0]), text(DOCUMENTS[0], kind="text/html"))

    assert read(mail(both), ENVELOPE, Ask(Depth.WHOLE)).text == "Yes, it is here."


SIGNED = [
    ("[EXTERNAL]\r\n\r\n", "Yes, it is here.", "", "Yes, it is here."),
    ("", "Ja, noch da.", "\r\n-- \r\nFahrrad mailing list\r\n", "Ja, noch da."),
    ("Hallo Ann,\r\n\r\n", "Ja, noch da.", "", "Hallo Ann,\n\nJa, noch da."),
    ("", "- - one\r\n- -- two", "", "- one\n-- two"),
    ("", "Oui.\r\n\r\n- From Paris", "", "Oui.\n\nFrom Paris"),
    ("", "はい。", "\r\nP.S. 金曜日に。\r\n", "はい。\n\nP.S. 金曜日に。"),
]


@pytest.mark.parametrize(("above", "words", "below", "said"), SIGNED)
def test_words_are_read_without_the_armour(above: str, words: str, below: str, said: str) -> None:
    """What is above and below stays, dashes are as they were (RFC 9580, 7)."""
    reading = what(f"{above}{HEADER}{words}{SIGNATURE}{below}")

    assert reading.verdict is None
    assert reading.text.split() == said.split()


@pytest.mark.parametrize(
    "said", ["Ja, um zehn.", "Oui, demain.", "はい。", "Sí, claro.\r\n\r\nAna"]
)
def test_a_signature_without_its_message_is_no_words(said: str) -> None:
    """A gateway took the armour's first line off, or put a banner in its place."""
    assert what(said + "\r\n" + SIGNATURE).text.split() == said.split()


@pytest.mark.parametrize(
    "words",
    [
        "What does this mean?\n-----BEGIN PGP SIGNATURE-----\nit stands below every mail",
        "It ends with -----BEGIN PGP SIGNATURE----- and so on",
        "Ja.\n\n-----BEGIN PGP SIGNATURE-----\nmy words\n=abcd\n-----END PGP SIGNATURE-----",
    ],
)
def test_who_writes_about_a_signature_means_it(words: str) -> None:
    """Without armour to its end it is none."""
    assert what(words.replace("\n", "\r\n")).text == words


@pytest.mark.parametrize("said", ["Ja, um zehn.", "Oui, demain.", "はい。"])
@pytest.mark.parametrize(
    ("begin", "end", "line"),
    [("<p>", "</p>", "<br>"), ("<div>", "</div>", "</div><div>"), ("<pre>", "</pre>", "\r\n")],
)
def test_armour_in_a_page_is_taken_off(said: str, begin: str, end: str, line: str) -> None:
    """A page that has no text beside it may hold the armour, too."""
    page = begin + f"{HEADER}{said}{SIGNATURE}".replace("\r\n", line) + end

    assert what(page, "text/html").text == said


@pytest.mark.parametrize("end", [len(HEADER), len(HEADER) + 8, -30, -60, -1])
def test_armour_that_is_cut_off_costs_no_words(end: int) -> None:
    """Whatever is left of the message is read."""
    whole = f"{HEADER}Yes, it is here.{SIGNATURE}"
    reading = what("Hello.\r\n\r\n" + whole[:end])

    assert reading.text.startswith("Hello.")
    assert "Hash:" not in reading.text
    assert "iQEz" not in reading.text


def test_armour_in_both_halves_is_taken_off() -> None:
    """A program that signs text and sends HTML of it puts the armour into both."""
    whole = f"{HEADER}Yes, it is here.{SIGNATURE}"
    page = "<pre>" + whole.replace("\r\n", "<br>\r\n") + "</pre>"
    both = multi("alternative", text(whole), text(page, kind="text/html"))

    assert read(mail(both), ENVELOPE, Ask(Depth.WHOLE)).text == "Yes, it is here."


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (ARMOUR, True),
        (f"[EXTERNAL]\r\n\r\n{ARMOUR}", True),
        (f"{ARMOUR}\r\n\r\n--\r\nSent by a list", True),
        (f"What is this?\r\n\r\n{ARMOUR}", False),
        ("I cannot read it:\r\n" + "".join(f"> {one}\r\n" for one in ARMOUR.split("\r\n")), False),
        (f"It begins with {ARMOUR}", False),
    ],
)
def test_a_secret_message_is_refused_and_a_quoted_one_is_not(words: str, *, refused: bool) -> None:
    """Only where it is all there is: what somebody shows is theirs to show."""
    assert (what(words).verdict is not None) is refused


BASE64 = "WWVzLCBpdCBpcyBzdGlsbCBoZXJlLiBDb21lIG9uIEZyaWRheS4K"
FOOTERS = [
    "--\r\nThis mail was checked by MailGate.",
    "_______________________________\r\nFahrrad mailing list\r\nfahrrad@lists.example",
    "-- \r\nДля отписки пишите на list@example.ru",
    "Unsubscribe: https://lists.example/u",
    "*** Virenfrei. Geprüft von X. ***",
    "Este mensaje fue revisado\r\n\r\npor Filtro S.A.",
]


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("blank", ["", "\r\n"])
def test_what_a_gateway_puts_below_base64_is_a_footer(footer: str, blank: str) -> None:
    """It is shown as it stands, folded as what the author did not write."""
    encoded = text(f"{BASE64}\r\n{blank}{footer}", "Content-Transfer-Encoding: base64")
    reading = read(mail(encoded), ENVELOPE, Ask(Depth.WHOLE))

    assert reading.text == "Yes, it is still here. Come on Friday."
    assert any(footer.rpartition("\n")[2] in cut.text for cut in reading.reply.cuts)


def test_what_a_gateway_puts_above_base64_stays_text() -> None:
    """A banner above it is read as any other."""
    encoded = text(f"[EXTERNAL]\r\n\r\n{BASE64}", "Content-Transfer-Encoding: base64")

    assert "Yes, it is still here." in read(mail(encoded), ENVELOPE, Ask(Depth.WHOLE)).text


CASES = [
    *(words for words, _ in PLAIN),
    *DOCUMENTS,
    *FRAGMENTS,
    *(HEADER + words + SIGNATURE for _, words, _, _ in SIGNED),
]


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
@pytest.mark.parametrize("words", CASES)
def test_any_of_these_may_be_cut_doubled_or_long(words: str, kind: str) -> None:
    """Whatever becomes of such a mail on its way, reading it ends, and does not raise."""
    for one in (words[: len(words) // 2], words + words, "x y\r\n" * 200_000 + words):
        what(one, kind)
