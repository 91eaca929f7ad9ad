# ruff: noqa: RUF001  Arabic letters are no Latin ones
"""The mails that are looked at: long words and names, in five scripts, in an app's dress.

Each shows all that a mail can: who missed much, a message that answers another, a list, a place, a
file, a long address, a photo that loads and one that does not.
"""

from dataclasses import dataclass

from core.brand import Brand
from notifier.rendering.digest import Answered, Digest, DigestMessage
from tests.browser import png
from tests.support.digests import MINUTE, NOON, a_digest, a_file, a_message

LOGO, PHOTO = "https://cdn.shop.example/logo.png", "https://photos.shop.example/ann.png"
GONE = "https://photos.shop.example/gone.png"
PICTURES = {LOGO: png.plain((122, 100, 60), 240, 80), PHOTO: png.plain((90, 140, 110))}
_LONG_URL = "https://shop.example/" + "a-very-long-path-without-any-space/" * 4 + "?q=1&r=2"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language; ``word`` is one that does not fit a line of a phone."""

    locale: str
    app: str
    names: tuple[str, str]
    title: str
    said: tuple[str, str, str]
    points: tuple[str, str]
    word: str
    postal: str
    accent: str


WORDS = {
    "de": Words(
        "de-DE", "Fahrradmarkt", ("Karl-Theodor von Schnurbein-Wolkenstein", "Änne Großkopf"),
        "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
        ("Ist das Rad noch da? Ich käme morgen gegen fünf.",
         "Ja. Bring bitte die Grundstücksverkehrsgenehmigungszuständigkeitsverordnung mit.",
         "Alles klar, bis morgen!"),
        ("Schlüssel für das *Schloss*", "Luftpumpe"), "Donaudampfschifffahrtsgesellschaft" * 3,
        "Fahrradmarkt GmbH\nHauptstraße 1\n10115 Berlin", "#ffd400",
    ),
    "ar": Words(
        "ar-EG", "سوق الدراجات", ("عبد الرحمن بن عبد العزيز آل سعود القحطاني", "ليلى"),
        "هل الدراجة الحمراء ما زالت متاحة للبيع في القاهرة؟",
        ("مرحبا، هل يمكنني المجيء غدا في الساعة الخامسة؟",
         "نعم، العنوان هو 12 شارع Mohamed Mahmoud، الدور 3.", "شكرا جزيلا!"),
        ("مفتاح القفل", "منفاخ الهواء"), "فسيكفيكهموالاستخدامات" * 4,
        "شركة سوق الدراجات\n12 شارع التحرير\nالقاهرة", "#005f3c",
    ),
    "ja": Words(
        "ja-JP", "自転車マーケット", ("東京都千代田区自転車愛好会事務局長の山田太郎", "さくら"),
        "赤い自転車はまだありますか。週末に見に行きたいのですが、ご都合はいかがでしょうか",
        ("こんにちは。明日の午後五時に伺ってもよろしいでしょうか。",
         "はい、大丈夫です。駅の北口から徒歩五分です。", "ありがとうございます!"),
        ("鍵", "空気入れ"), "スーパーカリフラジリスティック" * 5,
        "株式会社自転車マーケット\n〒100-0001\n東京都千代田区千代田1-1", "#e50914",
    ),
    "th": Words(
        "th-TH", "ตลาดจักรยาน", ("นายสมชายกิตติวัฒนาพงษ์พิพัฒน์ธนารักษ์ไพศาล", "ปลา"),
        "จักรยานสีแดงยังอยู่ไหมครับอยากไปดูวันเสาร์นี้ได้ไหม",
        ("สวัสดีครับพรุ่งนี้ห้าโมงเย็นสะดวกไหมครับ", "ได้ค่ะบ้านอยู่ใกล้สถานีรถไฟฟ้าทางออกสาม",
         "ขอบคุณมากครับ"),
        ("กุญแจ", "ที่สูบลม"), "กรุงเทพมหานครอมรรัตนโกสินทร์มหินทรายุธยา" * 3,
        "บริษัท ตลาดจักรยาน จำกัด\n1 ถนนสุขุมวิท\nกรุงเทพฯ 10110", "#25d366",
    ),
    "cs": Words(
        "cs-CZ", "Tržiště kol", ("Bohumila Nejedlá-Vondráčková z Pernštejna", "Řehoř"),
        "Nejneobhospodařovávatelnějšími ještě dnes večer",
        ("Dobrý den, je to kolo ještě k mání? Přijel bych zítra v pět.",
         "Ano, je. Vezměte s sebou občanku a zámek.", "Děkuji, zítra nashledanou!"),
        ("klíč od *zámku*", "pumpička"), "nejnezdevětadevadesáteroznásobitelnější" * 3,
        "Tržiště kol s.r.o.\nDlouhá 1\n110 00 Praha", "#7a0016",
    ),
}  # fmt: skip


def golden(language: str, *, logo: bool = False) -> Digest:
    """Return the mail of a language."""
    words = WORDS[language]
    return a_digest(
        *_messages(words),
        app_name=words.app,
        conversation_subject=words.title,
        locale=words.locale,
        more=7,
        settings_url="https://n.example.org/p/secret",
        header=f"{words.app}: {words.said[2]}",
        brand=Brand(
            logo_url=LOGO if logo else None,
            logo_width=120 if logo else None,
            logo_height=40 if logo else None,
            accent_color=words.accent,
            postal_address=words.postal,
        ),
    )


def _messages(words: Words) -> tuple[DigestMessage, ...]:
    first, second = words.names
    answered = Answered(second, words.said[0])
    points = [{"type": "bulletPoint", "children": [one]} for one in words.points]
    content = [
        {"type": "text", "children": [words.said[0], {"type": "bulletList", "children": points}]}
    ]
    return (
        a_message(words.said[0], sender_name=first, sender_photo_url=PHOTO, content=content),
        a_message(
            f"{words.word}\n{_LONG_URL}", sender_name=first, sender_photo_url=PHOTO,
            sent_at=NOON + MINUTE,
        ),
        a_message(
            words.said[1], sender_name=second, sender_photo_url=GONE, answers=answered,
            sent_at=NOON + 5 * MINUTE, attachments=(a_file(f"{words.word}.jpg"),),
        ),
        a_message("", sender_name=words.word, sent_at=NOON + 6 * MINUTE, place=(52.5, 13.4)),
        a_message(words.said[2], sender_name=second, sent_at=NOON + 1500 * MINUTE),
    )  # fmt: skip
