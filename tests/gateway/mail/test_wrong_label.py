# ruff: noqa: RUF001 (letters of many languages look alike)
"""A label that calls a charset by another's name is overruled where the letters leave no doubt."""

import pytest

from gateway.mail.charset import decode
from gateway.mail.wrong_label import is_utf_8, rival_of
from tests.support.written import bad_copies, words_in

UTF_8 = [
    ("gb2312", "还有货吗？请今天回复我。"),
    ("gbk", "可以，六点。"),
    ("gb18030", "不行。"),
    ("big5", "可以，明天見。"),
    ("shift_jis", "了解しました。明日伺います。"),
    ("euc-jp", "はい、届きました。"),
    ("euc-kr", "네, 내일 갈게요."),
    ("ks_c_5601-1987", "좋아요"),
    ("gb2312", "Größe 44 wäre schön, Grüße"),
    ("gbk", "Привет, заберу завтра"),
    ("gb2312", "Alles klar 👍 bis später 😀"),
]


@pytest.mark.parametrize(("label", "said"), UTF_8)
def test_utf_8_that_is_called_a_charset_of_east_asia_is_utf_8(label: str, said: str) -> None:
    """A gateway puts its country's label on whatever comes."""
    assert decode(said.encode(), label) == said
    assert decode(said.encode() + b"\xe5\xa5", label).startswith(said)


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("gb18030", "联通"), ("gb18030", "联"), ("gb18030", "谢谢，喔"), ("gb18030", "一定拢"),
        ("gb18030", "好的，没问题"), ("big5hkscs", "好的，沒問題"), ("cp949", "네, 좋아요 친구"),
        ("cp932", "ﾃｽﾄﾃﾞｽ"), ("cp932", "了解です"), ("euc_jp", "ありがとう"),
        ("gb18030", "OK 联通"),
    ],
)  # fmt: skip
def test_what_is_valid_utf_8_by_accident_is_what_it_was_called(codec: str, said: str) -> None:
    """Some ideographs make valid UTF-8, too few to prove anything."""
    assert decode(said.encode(codec), codec) == said
    assert not is_utf_8(said.encode(codec))


CYRILLIC = [
    ("koi8-r", "windows-1251", "Добрый день, забрал бы завтра утром."),
    ("cp1251", "koi8-r", "Спасибо, посылка пришла вчера вечером."),
    ("iso8859-5", "windows-1251", "Напишите, пожалуйста, сколько стоит доставка."),
    ("cp866", "koi8-r", "Напишите, пожалуйста, сколько стоит доставка."),
    ("koi8-u", "windows-1251", "Дякую, посилка прийшла вчора ввечері."),
    ("cp1251", "iso-8859-5", "Благодаря, пратката пристигна вчера вечерта."),
]


@pytest.mark.parametrize(("codec", "label", "said"), CYRILLIC)
def test_one_cyrillic_charset_is_told_from_another(codec: str, label: str, said: str) -> None:
    """Read as the other, capitals stand within words and letters follow as in no language."""
    assert decode(said.encode(codec), label) == said


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "iso8859-5", "cp866"])
@pytest.mark.parametrize(
    "said",
    ["ОК", "НДС, ФСБ, РЖД", "ДА, КОНЕЧНО, ЖДУ", "ыыыыы", "Хм", "г. Щёкино, ул. Фрунзе, Юхновец"],
)
def test_a_cyrillic_label_that_may_be_true_is_believed(codec: str, said: str) -> None:
    """Capitals, abbreviations, names and laughter prove nothing."""
    assert decode(said.encode(codec), codec) == said


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("cp1250", "Őszinte részvétem, később felhívom önöket, jövő héten visszük"),
        ("cp1250", "Dziękuję bardzo, zadzwonię później, paczka jeszcze nie doszła"),
        ("cp1250", "Dobrý den, děkuji, přijedu příští středu večer"),
        ("iso8859-2", "Zażółć gęślą jaźń, proszę o wiadomość"),
        ("cp1254", "Teşekkürler, şimdilik gerek kalmadı, yarın görüşürüz, ışık açık"),
        ("cp1257", "Ačiū, atvažiuosiu šeštadienį, jeigu dar turėsite žalią"),
    ],
)
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
def test_what_a_program_calls_western_is_read_by_its_letters(
    codec: str, said: str, label: str
) -> None:
    """A program that knows no other charset says this one."""
    assert decode(said.encode(codec), label) == said


@pytest.mark.parametrize(
    "said",
    [
        "Não, já não dá, amanhã talvez às três", "Jõudsin koju, õhtul räägime, tänan väga",
        "Þetta er gott, ég kem á föstudaginn, þökk sé þér", "Très déçu, où êtes-vous, ça va mal",
        "Blåbærsyltetøy på brød, værsågod", "Così è, però più in là, lunedì", "François Lefèvre",
        "ÖÄÜ", "ééééééé", "òòòòòòò", "nôôôôn", "àààà éé", "Ñññññ ñam", "ÀÉ ÀÈÉ ÀÔ", "ÆØÅ æøå",
        "jaaaa schööööön", "üüü öööö ääää",
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
def test_western_letters_stay(said: str, label: str) -> None:
    """Also where they are drawn out, or there is nothing but them."""
    assert decode(said.encode("cp1252"), label) == said


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"\x1b$B-!-j\x1b(B ok", "①㈱ ok"),
        (b'\x1b$B-!\x1b(B\n\x1b$B-"\x1b(B', "①\n②"),
        (b"\x1b$B-5\x1b(B \x1b(I1\x1b(B", "Ⅰ ｱ"),
        ("見積".encode("iso2022_jp") + b"\x1b$B-b\x1b(B1", "見積№1"),
        (b"\x1b$B|b\x1b(B", "髙"),
    ],
)
@pytest.mark.parametrize("label", ["iso-2022-jp", "us-ascii", "utf-8", None])
def test_signs_of_one_vendor_are_read_in_iso_2022_jp(
    octets: bytes, said: str, label: str | None
) -> None:
    """Rows that the standard leaves open are NEC's and IBM's in practice."""
    assert decode(octets, label) == said


@pytest.mark.parametrize("label", ["utf-8", None, "us-ascii", "iso-8859-1"])
def test_an_emoji_in_two_halves_is_one(label: str | None) -> None:
    """CESU-8 is what a program writes that takes UTF-16 for letters."""
    said = "Ça marche 😀👍"
    halves = said.encode("utf-16-le", "surrogatepass")
    units = "".join(
        chr(int.from_bytes(halves[at : at + 2], "little")) for at in range(0, len(halves), 2)
    )

    assert decode(units.encode("utf-8", "surrogatepass"), label) == said


def test_half_an_emoji_is_no_letter() -> None:
    """A half without the other is broken, whatever stands beside it."""
    assert "Ja" in decode(b"Ja \xed\xa0\xbd, gr\xc3\xbcn", "utf-8")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (b"R3LDvMOfZSwgb2s_IMO_Pj4-", "Grüße, ok? ÿ>>>"),
        (b"0J_RgNC40LLQtdGCLCDQtNCwPz8_", "Привет, да???"),
        (b"R3LDvMOfZSwgb2s_\r\nIMO_Pj4-\r\n", "Grüße, ok? ÿ>>>"),
        (b"see-you_on-friday_then-ok", "see-you_on-friday_then-ok"),
        (b"-----", "-----"),
    ],
)
def test_base64_of_urls_is_read(code: bytes, said: str) -> None:
    """Its alphabet has two other signs (RFC 4648, 5); words that only look like it stay."""
    read = words_in(
        code, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"
    )

    assert read == said


@pytest.mark.parametrize(
    ("octets", "label"),
    [
        *((said.encode(), label) for label, said in UTF_8),
        *((said.encode(codec), label) for codec, label, said in CYRILLIC),
        (b"\x1b$B-!-j\x1b(B ok", "iso-2022-jp"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "utf-8"),
    ],
)
def test_bad_copies_are_read(octets: bytes, label: str) -> None:
    """Cut, doubled or behind much else, nothing raises."""
    for copy in (*bad_copies(octets), octets * (1_000_000 // len(octets))):
        assert isinstance(decode(copy, label), str)
        assert isinstance(rival_of(copy, "cp1251"), str)
