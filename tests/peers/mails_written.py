"""The mails that filters and verifiers judge: written, composed and signed as the notifier does.

Ordinary ones in five languages, and one for each name that somebody might give themselves, their
conversation or their file to pass for another.
"""

import asyncio
import base64
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.address import Keyring
from core.model.app import App
from core.model.conversation import Conversation
from core.model.user import User
from core.moment import Moment
from notifier.channels.email.dkim import Signer
from notifier.channels.email.write import MailWriter
from notifier.rendering.identity import Identity
from notifier.rendering.view import digest_view
from tests.support.bursts import a_burst, a_delivery
from tests.support.people import APP, ROOM

DOMAIN = "chat.shop.example"
SAID = {
    "en": ("The red bike", "Is the bike still there? I could come on Saturday, about five."),
    "de": ("Das rote Rad", "Ist das Rad noch da? Ich käme am Samstag gegen fünf vorbei."),
    "ja": ("赤い自転車", "自転車はまだありますか。土曜日の五時ごろに伺えます。"),
    "ar": ("الدراجة الحمراء", "هل الدراجة ما زالت متاحة؟ أستطيع القدوم يوم السبت."),
    "cs": ("Červené kolo", "Je to kolo ještě k mání? Přijel bych v sobotu kolem páté."),
}
NAMES = {
    "an address": "ceo@bank.example",
    "an address of ours": f"support@{DOMAIN}",
    "the reader's address": "bo@example.net",
    "an address in brackets": '"PayPal" <service@paypal.com>',
    "two addresses": "a@b.example, c@d.example",
    "an address in full width": "ceo\uff20bank.example",
    "an encoded word": "=?utf-8?q?ceo=40bank.example?=",
    "a domain": "www.paypal.com",
    "our domain": DOMAIN,
    "a URL": "https://paypal.com/login",
    "another person": "Bo",
    "a bank": "PayPal Security",
    "a title": "Mr. Dr. Barrister Smith",
    "the postmaster": "MAILER-DAEMON",
    "turned round": "\u202emoc.knab@oec",
    "isolated": "\u2066ceo\u2069 \u2067bank\u2069",
    "Cyrillic letters": "Р\u0430yР\u0430l",  # noqa: RUF001
    "nothing that is seen": "\u200b\u2060\ufeff",
    "fillers": "\u3164\u3164",
    "marks on marks": "A" + "\u0301" * 60,
    "very long": "Bartholomew " * 20,
    "one long word": "x" * 255,
    "long and Thai": "กรุงเทพมหานคร" * 15,
    "an emoji": "🎁 Free 🎁",
    "a family": "👩‍👩‍👧‍👦",
    "quotes": 'Ann "Admin" \\ O\'Hara',
    "a header": "Ann\r\nBcc: all@example.org",
    "a comment": "Ann (ceo@bank.example)",
    "Arabic": "عبد الرحمن",
    "Japanese": "山田太郎",
    "a comma": "Meyer, Ann",
    "a group": "Undisclosed: a@b.example;",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it goes over the wire, with its envelope."""

    name: str
    reverse_path: str
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Mailing:
    """All that is judged, and the DNS records that say whose it is."""

    ordinary: tuple[Written, ...]
    named: tuple[Written, ...]
    records: dict[str, str]


def written(now: Moment) -> Mailing:
    """Write all mails, signed with an RSA and an Ed25519 key (RFC 8463, 3)."""
    rsa_key = rsa.generate_private_key(65_537, 2_048)
    ed_key = ed25519.Ed25519PrivateKey.generate()
    spki = rsa_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    raw = ed_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signers = (Signer(DOMAIN, "rsa", rsa_key), Signer(DOMAIN, "ed", ed_key))
    identity = Identity(
        keys=Keyring({1: b"a key of more than sixteen octets"}, 1), domain=DOMAIN,
        bounce_domain=f"bounce.{DOMAIN}", list_domain=DOMAIN, separator="+",
        from_address=f"notify@{DOMAIN}", from_name=None, public_url=f"https://{DOMAIN}",
    )  # fmt: skip
    writer = MailWriter(identity, signers)
    return Mailing(
        ordinary=tuple(_mail(writer, now, one, locale=one) for one in SAID),
        named=tuple(_mail(writer, now, one, name=name) for one, name in NAMES.items()),
        records={
            f"rsa._domainkey.{DOMAIN}": f"v=DKIM1; k=rsa; p={base64.b64encode(spki).decode()}",
            f"ed._domainkey.{DOMAIN}": f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}",
        },
    )


def _mail(
    writer: MailWriter, now: Moment, title: str, *, locale: str = "en", name: str | None = None
) -> Written:
    """Write one mail: of Ann, or of somebody who calls themselves, and all they can, otherwise."""
    subject, text = SAID[locale]
    inbox = f"https://{DOMAIN}/inbox?c={{{{conversation.id}}}}"
    brand: dict[str, Any] = {
        "accent_color": "#7a0016", "postal_address": "Shop Ltd\n1 High Street\nYork YO1 7HU",
    }  # fmt: skip
    burst = a_burst({"text": text}, locale=locale, inbox_url=inbox)
    author = User(app_id=APP, id="ann", name=name or "Ann Meyer", created_at=now)
    burst = replace(
        burst,
        app=App(app_id=APP, number=1, name="Shop", created_at=now, brand=brand),
        conversation=Conversation(app_id=APP, id=ROOM, subject=name or subject, created_at=now),
        senders={"ann": author},
    )
    delivery = a_delivery(
        address="bo@example.net", message_id=f"n.{title.encode().hex()}@{DOMAIN}", created_at=now
    )
    parcel = asyncio.run(writer.write(digest_view(burst, delivery, (), writer.identity), now))
    return Written(title, parcel.reverse_path, parcel.recipient, parcel.raw)
