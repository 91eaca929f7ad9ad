"""A reply header block is known by its values; a filled-in form is not one."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

LABELS = {
    "en": "From Sent To Subject",
    "de": "Von Gesendet An Betreff",
    "fr": "De Envoyé À Objet",
    "es": "De Enviado Para Asunto",
    "it": "Da Inviato A Oggetto",
    "nl": "Van Verzonden Aan Onderwerp",
    "sv": "Från Skickat Till Ämne",
    "fi": "Lähettäjä Lähetetty Vastaanottaja Aihe",
    "pl": "Od Wysłane Do Temat",
    "cs": "Od Odesláno Komu Předmět",
    "hu": "Feladó Elküldve Címzett Tárgy",
    "ro": "De_la Trimis Către Subiect",
    "bg": "От Изпратено До Относно",
    "hr": "Šalje Poslano Prima Predmet",
    "uk": "Від Надіслано Кому Тема",
    "el": "Από Στάλθηκε Προς Θέμα",
    "tr": "Kimden Gönderildi Kime Konu",
    "he": "מאת נשלח אל נושא",
    "ar": "من تم_الإرسال إلى الموضوع",
    "th": "จาก ส่ง ถึง เรื่อง",
    "vi": "Từ Đã_gửi Đến Chủ_đề",
    "id": "Dari Dikirim Kepada Subjek",
    "ja": "差出人 送信日時 宛先 件名",
    "ko": "보낸_사람 보낸_날짜 받는_사람 제목",
    "zh-CN": "发件人 发送时间 收件人 主题",
    "lv": "No Nosūtīts Kam Tēma",
    "unknown to the data": "Xorf Xsent Xto Xsubj",
}


@pytest.mark.parametrize("locale", LABELS)
def test_a_header_block_opens_history_in_any_language(locale: str) -> None:
    """Sender and date among short labels suffice, even in a language nobody listed."""
    sender, sent, to, subject = (label.replace("_", " ") for label in LABELS[locale].split())
    block = (
        f"{sender}: Ada Bright <ada@example.net>\n{sent}: 3 June 2025 10:15\n"
        f"{to}: Kim\n{subject}: The workshop"
    )

    reply = extract(Body(text=f"Fine with me.\n\n{block}\n\nWhich room?\n\nThe small one?"))

    assert reply.text == "Fine with me."


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("From: a@b.example\n\nSent: 3 June 2025\n\nTo: Kim", id="a label a paragraph"),
        pytest.param("*From:* a@b.example\n*Sent:* 3 June 2025\n*To:* Kim", id="in bold"),
        pytest.param("From: Al <a@b.example> Date: 03.06.25 10:15 To: Kim", id="on one line"),
        pytest.param(
            "---- Original message ----From: <a@b.example> Date: 03.06.25 10:15 To: Kim",
            id="on the divider's own line",
        ),
        pytest.param(
            "________________________________\nFrom: Al\nSent: 3 June 2025\nTo: Kim", id="ruled"
        ),
        pytest.param("-----Ursprüngliche Nachricht-----", id="only a divider"),
        pytest.param("-------- Originalmeddelande --------", id="a divider of one compound word"),
    ],
)
def test_the_shapes_of_a_block(block: str) -> None:
    """Clients write one block in many shapes."""
    reply = extract(Body(text=f"Fine with me.\n\n{block}\n\nWhich room?"))

    assert reply.text == "Fine with me."


MINUTES: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "minutes.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("minutes", MINUTES.values(), ids=MINUTES)
def test_minutes_with_a_span_are_the_senders_own(minutes: str) -> None:
    """A sender who is a time is none: first in the mail, and below a sentence."""
    points = "1. It squeaks.\n2. Al brings oil."
    for above in ("", "The minutes, as promised.\n\n"):
        text = f"{above}{minutes}\n\n{points}"
        assert extract(Body(text=text)).text == text


@pytest.mark.parametrize(
    "block",
    [
        "From: Ada Bright\nSent: 4 May 2025 19:00\nTo: Kim\nSubject: The gate",
        "Von: Ada Bright\nGesendet: 4. Mai 2025 19:00\nAn: Kim\nBetreff: Das Tor",
        "De : Ada Bright\nDate : 4 mai 2025 19:00\nÀ : Kim\nObjet : La grille",
    ],
)
def test_a_block_whose_sender_is_a_name_is_history(block: str) -> None:
    """The twin: no address, but a sender with a name and a label that names the date."""
    assert extract(Body(text=f"Fine with me.\n\n{block}\n\nWhich?")).text == "Fine with me."


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("Name: Kim\nDate: 10 June 2025\nSubject: both invoices", id="a form"),
        pytest.param("From: the main entrance\nTo: room 4", id="directions"),
        pytest.param(
            "Date: Wednesday 3, October 2011\nTime: 7:00am\nAddress: 130 Fox St", id="a visit"
        ),
    ],
)
def test_a_form_is_the_senders_own(form: str) -> None:
    """A list of labels without a sender's address stays, also right above a real block."""
    block = "From: Ada <ada@example.net>\nSent: 3 June 2025\nTo: Kim\nSubject: Hi"

    reply = extract(Body(text=f"{form}\n\nThat is all.\n{'_' * 32}\n{block}\n\nOld."))

    assert reply.text == f"{form}\n\nThat is all."
