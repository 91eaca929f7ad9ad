# ruff: noqa: RUF001 (letters of forty languages look alike)
"""A text whose charset is not told, or wrongly, is read by what else tells of it."""

import re
import unicodedata

import pytest

from gateway.mail.charset import Evidence, decode
from gateway.mail.charset_guess import guess
from gateway.reading import Ask, Depth
from tests.support.written import bad_copies, words_in

PLAIN = "Content-Type: text/plain"
PAGE = "Content-Type: text/html"
RUSSIAN = "Да, велосипед ещё здесь. Приезжайте после шести."

# What people answer, in charsets that they are met in.
ANSWERS = {
    "koi8-r": ["Да, он ещё есть.", "Спасибо!", "Нет, уже продан", "Сколько стоит доставка?"],
    "cp1251": ["Хорошо, договорились", "ДА, КОНЕЧНО", "Дякую! Так, він ще є.", "Да, още е тук."],
    "iso8859-5": ["Приезжайте в пятницу после шести", "Перезвоню завтра, Иван"],
    "cp866": ["Сколько стоит доставка?", "Завтра заберу, хорошо?"],
    "koi8-u": ["Приїжджайте у п'ятницю після шостої"],
    "cp1253": ["Ναι, είναι ακόμα εδώ.", "Ευχαριστώ!", "Πόσο κοστίζει η αποστολή;"],
    "iso8859-7": ["Ελάτε την Παρασκευή μετά τις έξι"],
    "cp1255": ["כן, זה עדיין כאן.", "תודה", "בואו ביום שישי אחרי שש"],
    "cp1256": ["نعم، ما زال هنا.", "شكرا جزيلا", "تعال يوم الجمعة بعد السادسة"],
    "cp874": ["ใช่ ยังอยู่ครับ", "ขอบคุณค่ะ", "มาวันศุกร์หลังหกโมง"],
    "cp1254": ["Teşekkür ederim", "Cuma günü altıdan sonra gelin", "Görüşürüz"],
    "cp1250": ["Tak, jeszcze jest. Dziękuję", "Přijďte v pátek po šesté", "Mulţumesc frumos"],
    "iso8859-2": ["Proszę przyjść w piątek po szóstej", "Köszönöm szépen", "Děkuji!"],
    "cp1257": ["Jā, tas vēl ir šeit.", "Atvažiuokite penktadienį po šešių"],
    "cp1258": ["Vâng, nó vẫn còn ở đây.", "Cảm ơn bạn nhiều"],
    "cp1252": ["Größe 42 paßt, bis später", "Oui, il est déjà là.", "¿Cuánto cuesta el envío?",
               "Não, já foi vendido", "Ja, den är kvar.", "Mange tak, vi ses i København",
               "Sì, è ancora qui.", "It’s 5 € – “as new”", "£20, café at 3?"],
    "cp932": ["はい、まだあります。", "ありがとうございます", "了解です"],
    "euc_jp": ["金曜日の六時以降に来てください", "送料はいくらですか"],
    "cp949": ["네, 아직 있습니다.", "감사합니다", "배송비는 얼마인가요?"],
    "gb18030": ["是的，还在。", "谢谢您", "好的，没问题", "请星期五六点以后来"],
    "big5hkscs": ["是的，還在。", "運費多少錢？", "好的，沒問題"],
}  # fmt: skip


def encoded(text: str, codec: str) -> bytes:
    """Write a text in a charset; windows-1258 has tones as signs of their own."""
    if codec != "cp1258":
        return text.encode(codec)
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        whole = unicodedata.normalize("NFC", "".join(one for one in parts if one not in tones))
        out += (whole + "".join(one for one in parts if one in tones)).encode(codec)
    return out


@pytest.mark.parametrize(
    ("codec", "said"), [(codec, one) for codec, many in ANSWERS.items() for one in many]
)
@pytest.mark.parametrize(
    "label", ["", "; charset=us-ascii", "; charset=x-unknown", "; charset=utf-8"]
)
def test_a_short_text_is_read_by_its_letters(codec: str, said: str, label: str) -> None:
    """Ten letters do, in more than twenty languages, whether nothing was declared or nonsense."""
    read = words_in(encoded(said, codec), PLAIN + label)

    assert unicodedata.normalize("NFC", read) == said


@pytest.mark.parametrize(
    ("octets", "locale", "said"),
    [
        ("Bis später, tschüß".encode("cp850"), "de-AT", "Bis später, tschüß"),
        ("Işık var mı".encode("cp1254"), "tr", "Işık var mı"),
        ("謝謝".encode("big5"), "zh-TW", "謝謝"),
        ("Ačiū".encode("cp1257"), "lt", "Ačiū"),
        ("Ок".encode("koi8-r"), "ru-RU", "Ок"),
        ("Paldies, ļoti".encode("cp1257"), "lv", "Paldies, ļoti"),
        ("네".encode("cp949"), "ko", "네"),
    ],
)
def test_the_language_of_its_writer_tells(octets: bytes, locale: str, said: str) -> None:
    """Where the letters are too few, the language they are written to in does."""
    assert words_in(octets, PLAIN, ask=Ask(Depth.WHOLE, locale=locale)) == said


@pytest.mark.parametrize(
    "header",
    [
        "Subject: =?koi8-r?B?8M/EwdLPyw==?=",
        "Subject: Re: =?KOI8-R?Q?=F0=CF?=",
        "From: =?koi8-r*ru?B?4s8=?= <bo@example.net>",
    ],
)
def test_the_encoded_words_of_the_mail_tell(header: str) -> None:
    """Who writes their name in a charset writes their text in it."""
    said = "Ок, да"

    assert words_in(said.encode("koi8-r"), header, PLAIN) == said


@pytest.mark.parametrize(
    ("meta", "codec"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ('<META content="text/html; charset=koi8-r" http-equiv=Content-Type>', "koi8-r"),
        ("<meta charset='windows-1251'/>", "cp1251"),
        ("<meta charset=iso-8859-5>", "iso8859-5"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251"),
        ('<meta name="x"><meta charset = "utf-8">', "utf-8"),
        ("<meta charset=utf-8>", "cp1251"),
        ("<meta charset=unicode_escape>", "cp1251"),
        ("<meta charset=utf-16>", "cp1251"),
    ],
)
@pytest.mark.parametrize("label", ["", "; charset=us-ascii", "; charset=default"])
def test_a_page_tells_its_charset(meta: str, codec: str, label: str) -> None:
    """Where no label does, and as far as what it says may be true."""
    page = f"<html><head>{meta}</head><body>{RUSSIAN}</body></html>".encode(codec)

    assert words_in(page, PAGE + label) == RUSSIAN


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        pytest.param("Größe paßt, ü".encode() + b"\xc3", "Größe paßt, ü\ufffd", id="cut"),
        pytest.param("Да, он ещё здесь".encode()[:-1], "Да, он ещё здес\ufffd", id="in Russian"),
        pytest.param("はい、まだあり".encode()[:-2], "はい、まだあ\ufffd", id="in Japanese"),
        pytest.param("Ça va, déjà".encode().replace(b"\xa9", b""), "Ça va, d\ufffdjà", id="broken"),
        pytest.param("Grüße,\nMüller\n".encode() + "Größe\n".encode("cp1252") + "é à\n".encode(),
                     "Grüße,\nMüller\nGröße\né à", id="a line of another charset"),
        pytest.param("Tschüß 👋".encode()[:-1], "Tschüß \ufffd", id="half an emoji"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", ["", "; charset=utf-8", "; charset=us-ascii"])
def test_a_broken_octet_breaks_one_letter(octets: bytes, said: str, label: str) -> None:
    """The other letters stay what they are."""
    assert words_in(octets, PLAIN + label) == said


@pytest.mark.parametrize(
    ("octets", "label", "said"),
    [
        pytest.param(RUSSIAN.encode("cp1251"), "iso-8859-1", RUSSIAN, id="Cyrillic called Latin"),
        pytest.param("はい、あります".encode("cp932"), "latin1", "はい、あります", id="Japanese"),
        pytest.param(RUSSIAN.encode(), "koi8-r", RUSSIAN, id="UTF-8 called KOI8"),
        pytest.param("ÄÖÜ! ÀÉ".encode("cp1252"), "iso-8859-1", "ÄÖÜ! ÀÉ", id="few letters"),
        pytest.param(b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", "iso-8859-1", "Grüße", id="a mark"),
        pytest.param("Grüße".encode("utf-16"), "utf-8", "Grüße", id="a mark of UTF-16"),
        pytest.param("Grüße".encode("utf-16-le"), "", "Grüße", id="UTF-16 without a mark"),
        pytest.param("Grüße".encode("utf-16-be"), "utf-16", "Grüße", id="UTF-16, big end first"),
        pytest.param("안녕하세요".encode("iso2022_kr"), "", "안녕하세요", id="ISO-2022-KR"),
        pytest.param("返信です".encode("iso2022_jp"), "shift_jis", "返信です", id="ISO-2022-JP"),
        pytest.param("好的,谢谢".encode("hz"), "", "好的,谢谢", id="HZ"),
        pytest.param("好的".encode("hz"), "hz-gb-2312", "好的", id="HZ declared"),
        pytest.param(b"Gr+APwA3w-e +- x", "unicode-1-1-utf-7", "Grüße + x", id="UTF-7 declared"),
        pytest.param(b"Gr+APwA3w-e", "us-ascii", "Gr+APwA3w-e", id="UTF-7 not declared"),
        pytest.param("好的，没问题".encode("gbk")[:-1], "gb2312", "好的，没问\ufffd", id="cut GBK"),
        pytest.param("Ёлка".encode("cp866"), "cp-866", "Ёлка", id="a hyphen"),
        pytest.param("Ёлка".encode("cp1251"), "'Win-1251'", "Ёлка", id="a short name"),
        pytest.param("Grüße".encode(), '"UTF-8; format=flowed"', "Grüße", id="a label's leftovers"),
        pytest.param("똠방".encode("cp949"), "korean", "똠방", id="Korean"),
    ],
)  # fmt: skip
def test_octets_prove_what_they_are(octets: bytes, label: str, said: str) -> None:
    """Whatever the label says."""
    assert decode(octets, label or None) == said


@pytest.mark.parametrize(
    "said",
    [
        "Grüße aus Köln, Müller",
        "Déjà vu, à bientôt, où",
        "Да, он ещё здесь",
        "“as new” – 5 €",
        "é à ü 👋",
    ],
)
def test_what_was_read_as_1252_once_too_often_is_mended(said: str) -> None:
    """Only where the whole text has come about so."""
    octets = said.encode()
    twice = "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in octets)

    assert decode(twice.encode(), "utf-8") == said
    assert decode(f"{twice} ł".encode(), "utf-8") == f"{twice} ł"


@pytest.mark.parametrize(
    "said",
    ["I see Ã¼ in your mail", "ÃO, NÃO", "São Paulo, â and Â", "Grüße Ã¼ Ã¶ Ã¤", "Ñandú, Ñoño, Î"],
)
def test_letters_that_look_misread_are_left(said: str) -> None:
    """In doubt nothing is mended."""
    assert decode(said.encode(), "utf-8") == said


@pytest.mark.parametrize(
    "said",
    [
        "Our order list shows MÃ¼ller, BÃ¤cker and SchrÃ¶der. It should be a different encoding.",
        "Auf der Rechnung stehen kaputte Umlaute: GrÃ¼n, KÃ¶ln, MÃ¼nchen.",
        "Les accents ne passent pas : dÃ©jÃ\u00a0, trÃ¨s, Ã©tÃ©",
        "Los caracteres salen mal: aÃ±o, niÃ±o, jamÃ³n",
        "I get cafÃ© and naÃ¯ve and rÃ©sumÃ© instead of the real words",
    ],
)
def test_who_writes_about_misread_letters_means_them(said: str) -> None:
    """They show what came wrong; mended, their words would say nothing."""
    assert decode(said.encode(), "utf-8") == said


@pytest.mark.parametrize(
    "said",
    [
        "Können Sie es statt dessen für Köln schön größer in Grün, Müller, ändern?",
        "I don’t know, it shows “open” – café, naïve",
        "Schöne Grüße, Müller, bis später",
    ],
)
def test_who_writes_of_something_else_is_still_mended(said: str) -> None:
    """Many misread words, or signs that programs put, are no example that somebody shows."""
    twice = "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in said.encode())

    assert decode(twice.encode(), "utf-8") == said


@pytest.mark.parametrize(
    ("octets", "label", "said"),
    [
        ("Größe ist schön, ja".encode("cp1252") + b"\x81", "iso-8859-1", "Größe ist schön, ja"),
        ("Šiandien, ačiū".encode("cp1257") + b"\xa1", "windows-1257", "Šiandien, ačiū"),
        ("شكرا جزيلا لك".encode("iso8859-6") + b"\xa1", "iso-8859-6", "شكرا جزيلا لك"),
        ("għandi żewġ ħbieb".encode("iso8859-3") + b"\xa5", "iso-8859-3", "għandi żewġ ħbieb"),
    ],
)  # fmt: skip
def test_one_stray_octet_does_not_make_a_label_a_lie(octets: bytes, label: str, said: str) -> None:
    """The other letters are what they were declared to be."""
    assert decode(octets, label) == f"{said}\ufffd"


@pytest.mark.parametrize("said", ["GÜÇLÜ ÖĞÜTÜCÜ", "İŞ ÜÇÜNCÜ", "ÇÖZÜLDÜ"])
@pytest.mark.parametrize("label", ["iso-8859-9", "windows-1254"])
def test_turkish_capitals_are_not_taken_for_another_script(said: str, label: str) -> None:
    """Nobody declares Latin-5 by default, so many letters beyond ASCII are no sign of a lie."""
    assert decode(said.encode("cp1254"), label) == said


@pytest.mark.parametrize(
    "said", ["Please cut 3 × 4 m for us.", "It measures 20×30 cm", "The gap is 5 µm wide"]
)
@pytest.mark.parametrize("label", [None, "us-ascii", "x-unknown"])
def test_a_lone_sign_is_no_letter_of_another_script(said: str, label: str | None) -> None:
    """Signs of measures are written in any language."""
    assert decode(said.encode("cp1252"), label) == said


CASES = [RUSSIAN.encode("koi8-r"), "はい、まだ".encode("cp932"), "Grüße".encode() + b"\xc3",
         "Grüße".encode("utf-16"), "好的".encode("hz"), "返信".encode("iso2022_jp"),
         b"<meta charset=", b"\xff\xfe\x00", "ã¡".encode() * 9]  # fmt: skip


@pytest.mark.parametrize("octets", CASES)
def test_bad_copies_are_read(octets: bytes) -> None:
    """Cut, doubled or behind much else, nothing raises; and what came in full is still right."""
    for copy in bad_copies(octets):
        assert isinstance(words_in(copy, PLAIN), str)
        assert isinstance(decode(copy, "utf-8", Evidence(markup=True)), str)


@pytest.mark.parametrize(
    "octets", [b"\xe9", b"\xc3\xa9\xc3", b"\xd0\xcf ", b"~{", b"\x1b$B", b"+AAA", b"\0\xff"]
)
def test_a_megabyte_of_anything_takes_bounded_time(octets: bytes) -> None:
    """However much there is, only its beginning is tried in all charsets."""
    assert isinstance(decode(octets * (1_000_000 // len(octets))), str)
    assert re.fullmatch(r"[a-z0-9_-]+", guess(octets))
