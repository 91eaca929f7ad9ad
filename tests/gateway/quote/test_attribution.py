# ruff: noqa: RUF001 (letters of forty languages look alike)
"""The line above a quote is found in forty languages, and a sentence is not taken for one."""

import textwrap

import pytest

from gateway.mail.body import Body
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract

WRITTEN = "Thanks, that helps.\n\nSee you on Thursday."

LINES = {
    "en": "On Tue, Jun 3, 2025 at 10:15 AM {} <ada@example.net> wrote:",
    "de": "Am Di., 3. Juni 2025 um 10:15 Uhr schrieb {} <ada@example.net>:",
    "fr": "Le mar. 3 juin 2025 à 10:15, {} <ada@example.net> a écrit :",
    "es": "El mar, 3 jun 2025 a las 10:15, {} (<ada@example.net>) escribió:",
    "it": "Il giorno mar 3 giu 2025 alle ore 10:15 {} <ada@example.net> ha scritto:",
    "pt-BR": "Em ter., 3 de jun. de 2025 às 10:15, {} <ada@example.net> escreveu:",
    "pt-PT": "{} <ada@example.net> escreveu (terça, 3/06/2025 à(s) 10:15):",
    "nl": "Op 3 jun 2025, om 10:15 heeft {} <ada@example.net> het volgende geschreven:",
    "sv": "Den tis 3 juni 2025 kl 10:15 skrev {} <ada@example.net>:",
    "da": "Den tirs. 3. jun. 2025 kl. 10.15 skrev {} <ada@example.net>:",
    "nb": "tir. 3. juni 2025 kl. 10:15 skrev {} <ada@example.net>:",
    "fi": "ti 3. kesäk. 2025 klo 10.15 {} (ada@example.net) kirjoitti:",
    "pl": "Wiadomość napisana przez {} <ada@example.net> w dniu 3 cze 2025, o godz. 10:15:",
    "cs": "út 3. 6. 2025 v 10:15 odesílatel {} <ada@example.net> napsal:",
    "sk": "3. 6. 2025 o 10:15, {} <ada@example.net> napísal:",
    "hu": "{} <ada@example.net> ezt írta (időpont: 2025. jún. 3., K, 10:15):",
    "ro": "mar., 3 iun. 2025 la 10:15, {} <ada@example.net> a scris:",
    "bg": "На вт, 3.06.2025 г. в 10:15 {} <ada@example.net> написа:",
    "hr": "uto, 3. lip 2025. u 10:15 {} <ada@example.net> napisao je:",
    "sl": "V V tor., 3. jun. 2025 ob 10:15 je oseba {} <ada@example.net> napisala:",
    "sr": "уто, 3. јун 2025. у 10:15 {} <ada@example.net> је написао/ла:",
    "uk": "вт, 3 черв. 2025 р. о 10:15 {} <ada@example.net> пише:",
    "ru": "вт, 3 июн. 2025 г. в 10:15, {} <ada@example.net>:",
    "el": "Στις Τρί 3 Ιουν 2025 στις 10:15 π.μ., ο/η {} <ada@example.net> έγραψε:",
    "tr": "{} <ada@example.net>, 3 Haz 2025 Sal, 10:15 tarihinde şunu yazdı:",
    "he": "בתאריך יום ג׳, 3 ביוני 2025 ב-10:15 מאת {} < ada@example.net >:",
    "ar": "في ٣ يونيو ٢٠٢٥، الساعة ١٠:١٥ ص، كتب/كتبت {} <ada@example.net>:",
    "fa": "در تاریخ سه‌شنبه ۳ ژوئن ۲۰۲۵ ساعت ۱۰:۱۵ {} <ada@example.net> نوشت:",
    "hi": "मंगल, 3 जून 2025 को 10:15 am बजे को {} <ada@example.net> ने लिखा:",
    "th": "เมื่อ 3 มิ.ย. 2568 เวลา 10:15 {} <ada@example.net> เขียนว่า:",
    "vi": "Vào Th 3, 3 thg 6, 2025 vào lúc 10:15 {} <ada@example.net> đã viết:",
    "id": "Pada Sel, 3 Jun 2025 pukul 10.15 {} <ada@example.net> menulis:",
    "ja": "2025/06/03 10:15、{} <ada@example.net>のメール:",
    "ko": "2025년 6월 3일 (화) 오전 10:15, {} <ada@example.net>님이 작성:",
    "zh-CN": "{} <ada@example.net> 于2025年6月3日周二 10:15写道：",
    "zh-TW": "{} <ada@example.net> 於 2025年6月3日 週二 上午10:15寫道：",
    "ca": "Missatge de {} <ada@example.net> del dia dt., 3 de juny 2025 a les 10:15:",
    "et": "Kuupäev T, 3. juuni 2025 kell 10:15 kirjutas {} <ada@example.net>:",
    "lv": "otrd., 2025. g. 3. jūn., plkst. 10:15 — lietotājs {} (<ada@example.net>) rakstīja:",
    "lt": "2025-06-03, an, 10:15 {} <ada@example.net> rašė:",
}


@pytest.mark.parametrize("quoted", [True, False], ids=["above a quote", "above plain history"])
@pytest.mark.parametrize(
    "width", [0, 76, 60], ids=["on one line", "wrapped at 76", "wrapped at 60"]
)
@pytest.mark.parametrize("name", ["Ada B.", "[Blue Team] Planning Board (no-reply)", "山田 太郎"])
@pytest.mark.parametrize("locale", LINES)
def test_an_attribution_is_folded_in_every_language(
    locale: str, name: str, width: int, *, quoted: bool
) -> None:
    """Whatever the language, the wrapping and the name, only the sender's words are left."""
    line = LINES[locale].format(name)
    line = "\n".join(textwrap.wrap(line, width)) if width else line
    history = "> Which room?\n>\n> The small one?" if quoted else "\nWhich room?\n\nThe small one?"

    reply = extract(Body(text=f"{WRITTEN}\n\n{line}\n{history}\n"))

    assert reply.text == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("On Monday I wrote: the pump is broken.", id="a sentence goes on"),
        pytest.param("Am Montag schrieb ich schon: die Pumpe ist kaputt.", id="in German"),
        pytest.param("Le 3 juin, mon collègue a écrit : la pompe est cassée.", id="with a date"),
        pytest.param("2025-06-10 10:00 works for me.", id="a date comes first"),
        pytest.param("On error wrote:\n\nnothing useful", id="a verb and a colon alone"),
        pytest.param("In 2024 08:19 escreveu some more text", id="no colon at the end"),
        pytest.param("Somebody wrote:\nDuis ut libero.", id="no date at all"),
    ],
)
def test_a_sentence_is_not_an_attribution(text: str) -> None:
    """What the sender says stays, even if it sounds like a client."""
    reply = extract(Body(text=f"Hello,\n\n{text}\n\nWhat now?"))

    assert reply.text == f"Hello,\n\n{text}\n\nWhat now?"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("On Nov 21, 2014,\nat 10:18,\nJohn <john@x.example> wrote:", id="three lines"),
        pytest.param("tir. 18. apr. 2017 kl. 13:09 skrev T <t@example.com\n>:", id="bracket alone"),
        pytest.param("2013/1/31 Lawrence <l@example.com>", id="no colon but a quote below"),
    ],
)
def test_wrapping_hides_no_attribution(lines: str) -> None:
    """A line cut in pieces by a client is one line."""
    reply = extract(Body(text=f"Yes.\n\n{lines}\n\n> old\n"))

    assert reply.text == "Yes."
    assert Rule.ATTRIBUTION in {cut.rule for cut in reply.cuts}
