"""Names of files in every form that RFC 2231 and the real world have."""

import pytest

from gateway.mail.attachments import gather
from gateway.mail.parse import parse
from tests.support.letters import PDF, file, mail, multi, text

GROUPED = "Grüße.pdf"


def name_of(*headers: str, kind: str = "application/pdf", charset: str = "utf-8") -> str:
    """Return the name of a file with these headers, beside a text in this charset."""
    said = text().replace("utf-8", charset)
    (found,) = gather(parse(mail(multi("mixed", said, file(PDF, kind, *headers)))).message).files
    return found.filename


def raw(name: str, charset: str) -> str:
    """Write octets of a charset as they stand in a header."""
    return name.encode(charset).decode("ascii", "surrogateescape")


@pytest.mark.parametrize(
    "name",
    ["見積書.pdf", "請求書 (最終).pdf", "ありがとう.pdf", "塩.pdf", "あああ写真.pdf", "plan.pdf"],
)
@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("application/pdf", 'Content-Disposition: attachment; filename="{0}"; size=3'),
        ('application/pdf; name="{0}"', "Content-Disposition: attachment"),
    ],
)
@pytest.mark.parametrize("charset", ["iso-2022-jp", "utf-8"])
def test_a_raw_name_in_iso_2022_jp_is_read(name: str, kind: str, header: str, charset: str) -> None:
    """Its octets are ASCII, quotes and backslashes among them, and say what they are."""
    written = raw(name, "iso2022_jp")

    assert name_of(header.format(written), kind=kind.format(written), charset=charset) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('filename="a\x1b$.pdf"; size=3', "a_$.pdf"),
        ('filename="\x1b$Ba.pdf"; size="3"', None),
        (r'filename="a \"b\".pdf"', "a _b_.pdf"),
    ],
)
def test_an_escape_that_opens_nothing_ends_no_name(written: str, name: str | None) -> None:
    """A name ends at its quote all the same."""
    found = name_of(f"Content-Disposition: attachment; {written}")

    assert "size" not in found
    assert name is None or found == name


WRITTEN = {
    "sections out of order": ("filename*1=e.pdf; filename*0*=utf-8''Gr%C3%BC%C3%9F", None),
    "a letter cut between sections": ("filename*0*=utf-8''Gr%C3; filename*1*=%BC%C3%9Fe.pdf", None),
    "encoded and plain sections": ("filename*0*=utf-8''Gr%C3%BC%C3%9F; filename*1=\"e.pdf\"", None),
    "a section missing": ("filename*0=Gr; filename*2=e.pdf", "Gre.pdf"),
    "in Latin-1": ("filename*=iso-8859-1'de'Gr%FC%DFe.pdf", None),
    "without charset": ("filename*=Gr%C3%BC%C3%9Fe.pdf", None),
    "in quotes": ("filename*=\"utf-8''Gr%C3%BC%C3%9Fe.pdf\"", None),
    "beside a plain one": ("filename=\"Gr__e.pdf\"; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", None),
    "encoded words": ('filename="=?utf-8?B?R3LDvMOfZS5wZGY=?="', None),
    "encoded words, split within a letter": (
        'filename="=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe=2Epdf?="', None),
    "encoded words with blanks": ('filename="=?utf-8?Q?My Gr=C3=BC=C3=9Fe?=.pdf"', "My Grüße.pdf"),
    "encoded words without padding": ('filename="=?utf-8?B?R3LDvMOfZS5wZGY?="', None),
    "encoded words, not quoted": ("filename==?iso-8859-1?Q?Gr=FC=DFe.pdf?=", None),
    "encoded words in sections": (
        'filename*0="=?utf-8?Q?Gr=C3=BC"; filename*1="=C3=9Fe.pdf?="', None),
    "percent signs in a plain name": ('filename="Gr%C3%BC%C3%9Fe.pdf"', None),
    "a percent sign that is one": ('filename="100%.pdf"', "100%.pdf"),
    "blanks without quotes": ("filename=My plan 2.pdf", "My plan 2.pdf"),
    "blanks without quotes, more below": ("filename=My plan.pdf; size=3", "My plan.pdf"),
    "a quote that does not end": ('filename="plan.pdf', "plan.pdf"),
    "a semicolon in quotes": ('filename="a; b.pdf"', "a; b.pdf"),
    "no semicolon": ('filename="plan.pdf" size=3', "plan.pdf"),
    "UTF-8 as it is": ('filename="Grüße.pdf"', None),
    "a path of Windows": (r'filename="C:\Users\bo\plan.pdf"', "plan.pdf"),
    "a path upwards": ('filename="../../etc/plan.pdf"', "plan.pdf"),
    "an encoded path": ("filename*=utf-8''..%2F..%2Fplan.pdf", "plan.pdf"),
    "turned round": ("filename*=utf-8''plan%E2%80%AEfdp.exe", "planfdp.exe"),
    "control signs": ("filename*=utf-8''a%00b%0Ac.pdf", "a_b c.pdf"),
    "an unknown charset": ("filename*=x-none''plan.pdf", "plan.pdf"),
}  # fmt: skip


@pytest.mark.parametrize(("written", "name"), WRITTEN.values(), ids=WRITTEN.keys())
@pytest.mark.parametrize("header", ["Content-Disposition", "Content-Type"])
def test_a_name_is_read_however_it_is_written(header: str, written: str, name: str | None) -> None:
    """The same rule reads the disposition's name and the type's."""
    if header == "Content-Type":
        kind = f"application/pdf; {written.replace('filename', 'name')}"
        assert name_of(kind=kind) == (name or GROUPED)
    else:
        assert name_of(f"Content-Disposition: attachment; {written}") == (name or GROUPED)


@pytest.mark.parametrize(
    ("name", "charset", "label"),
    [
        ("报价单.pdf", "gb18030", "gb2312"),
        ("Größe.pdf", "latin-1", "iso-8859-1"),
        ("счёт.pdf", "koi8-r", "koi8-r"),
        ("請求書.pdf", "cp932", "shift_jis"),
        ("報價單.pdf", "big5", "big5"),
        ("견적서.pdf", "cp949", "euc-kr"),
        ("τιμή.pdf", "cp1253", "windows-1253"),
    ],
)
def test_raw_octets_are_read_as_the_text_beside_them(name: str, charset: str, label: str) -> None:
    """What the body says its charset is holds for names that say nothing."""
    written = raw(name, charset)
    header = f'Content-Disposition: attachment; filename="{written}"'

    assert name_of(header, charset=label) == name
    assert name_of(kind=f'application/pdf; name="{written}"', charset=label) == name


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["Content-Disposition: attachment"], "file.pdf"),
        (["Content-Location: http://x.example/a/My%20plan.pdf?x=1"], "My plan.pdf"),
        (["Content-Location: cid:part1.pdf"], "file.pdf"),
        (["Content-Description: Grüße.pdf"], GROUPED),
        (["Content-Description: the plan"], "file.pdf"),
        (['Content-Disposition: attachment; filename=""'], "file.pdf"),
        (['Content-Disposition: attachment; filename="' + "a" * 900 + '.pdf"'], "a" * 116 + ".pdf"),
    ],
)
def test_a_file_without_a_name_gets_one(headers: list[str], name: str) -> None:
    """By where it was, by what describes it, or by its type."""
    assert name_of(*headers) == name


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_vom_See?=", "Grüße vom See.eml"),
        ("Grüße vom See", "Grüße vom See.eml"),
        ("=?utf-8?B?5oql5Lu3?=\r\n =?utf-8?B?5Y2V?=", "报价单.eml"),
        ("=?iso-2022-jp?B?GyRCQUMbKEI=?=", "礎.eml"),
        ("Re: a/b", "a b.eml"),
        ("", "mail.eml"),
        (raw("Größe", "latin-1"), "Größe.eml"),
    ],
)
def test_an_attached_mail_is_named_by_its_subject(subject: str, name: str) -> None:
    """Decoded, as a person would read it."""
    inner = f"From: kim@example.org\r\nSubject: {subject}\r\n\r\nhello\r\n"
    part = f"Content-Type: message/rfc822\r\n\r\n{inner}"
    said = text().replace("utf-8", "iso-8859-1")
    (found,) = gather(parse(mail(multi("mixed", said, part))).message).files

    assert found.filename.removeprefix("Re_ ") == name


@pytest.mark.parametrize("written", [written for written, _ in WRITTEN.values()])
def test_any_of_these_may_be_cut_doubled_or_long(written: str) -> None:
    """Whatever becomes of such a header, there is a name, and no error."""
    for one in (written[: len(written) // 2], f"{written}; {written}", "x; " * 150 + written):
        assert name_of(f"Content-Disposition: attachment; {one}")
