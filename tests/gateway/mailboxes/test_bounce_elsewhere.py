"""A bounce softens only where the fields for it name an address that is another's."""

import time

import pytest

from core.model.delivery import State
from core.store.database import Database
from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mailboxes.alias_domains import are_aliases
from tests.support.people import a_conversation
from tests.support.report_desk import HERE, Desk, a_delivery, a_letter, a_report

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.net>"


def _said(subject: str, text: str) -> bytes:
    """Return a report that follows no standard."""
    return a_letter(text, From=DAEMON, Subject=subject, To=HERE, Auto_Submitted="auto-replied")


def _status(fields: str, text: str) -> bytes:
    """Return a notification with these fields for one recipient."""
    raw = a_report(about="nobody@nowhere.example").decode()
    begin, end = raw.index("Final-Recipient"), raw.index("Status:")
    return (raw[:begin] + fields + raw[end:]).replace("It is about your mail.", text).encode()


GUESSED: dict[str, bytes] = {
    "a help desk": _said(
        "Undelivered Mail",
        "Your message could not be delivered.\n550 5.1.1 No such user here\n"
        "Please write to support@isp.example if you need help.",
    ),
    "a postmaster, in German": _said(
        "Unzustellbare Nachricht",
        "Die Nachricht konnte nicht zugestellt werden:\n550 5.1.1 Empfänger unbekannt\n"
        "Fragen beantwortet postmaster@anbieter.example.",
    ),
    "in French": _said(
        "Échec de la remise",
        "Votre message n'a pas pu être remis.\n550 5.1.1 utilisateur inconnu\n"
        "Contactez aide@fournisseur.example pour en savoir plus.",
    ),
    "in Spanish, at the beginning of a line": _said(
        "Correo devuelto",
        "No se pudo entregar el mensaje.\n550 5.1.1 usuario desconocido\n"
        "soporte@proveedor.example responde a sus dudas.",
    ),
    "in Japanese": _said(
        "配信不能",
        "メールを配信できませんでした。\n550 5.1.1 User unknown\nお問い合わせ: help@isp.example",
    ),
    "qmail's": _said(
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.net.\n"
        "I'm afraid I wasn't able to deliver your message.\n\n"
        "<ask-us@isp.example>:\n550 5.1.1 no mailbox here by that name\n",
    ),
    "what was asked for": _said(
        "Delivery failure",
        "The mail could not be delivered.\n"
        ">>> RCPT TO:<bo@elsewhere.example>\n<<< 550 5.1.1 User unknown\n",
    ),
    "a notification that names nobody": _status(
        "Action: failed\n", "It was not delivered. Write to support@isp.example."
    ),
    "a notification with a field of its own": _status(
        "X-Actual-Recipient: rfc822; bo@store.isp.example\nAction: failed\n", "Sorry."
    ),
    "a notification with an empty field": _status(
        "Final-Recipient: rfc822;\nAction: failed\n", "Ask help@isp.example."
    ),
}
STATED: dict[str, bytes] = {
    "final": a_report(about="bo@elsewhere.example"),
    "original": _status(
        "Original-Recipient: rfc822; bo@elsewhere.example\nAction: failed\n", "Sorry."
    ),
    "by its letters": _status(
        "Final-Recipient: utf-8; b\\x{F6}@elsewhere.example\nAction: failed\n", "Sorry."
    ),
    "beside a help desk": _status(
        "Final-Recipient: rfc822; bo@elsewhere.example\nAction: failed\n", "Ask ann@example.net."
    ),
}
WAYS = ("whole", "cut", "doubled", "behind")


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Found the app of Ann and Bo."""
    await database.write(lambda s: a_conversation(s, "ann", "bo"))
    return Desk(database)


def _tried(raw: bytes, way: str) -> bytes:
    head, _, body = raw.partition(b"\n\n")
    match way:
        case "cut":
            return raw[: len(head) + 2 + len(body) // 2]
        case "doubled":
            return raw + body
        case "behind":
            return head + b"\n\n" + b"Some other words.\n" * 60_000 + body
        case _:
            return raw


@pytest.mark.parametrize("raw", GUESSED.values(), ids=GUESSED)
async def test_an_address_that_stands_in_the_words_softens_nothing(desk: Desk, raw: bytes) -> None:
    """It may be anybody's; the token tells whose mailbox is not there."""
    await desk.queue(a_delivery())
    await desk.offer(raw)
    delivery, suppressions = await desk.delivery(), await desk.suppressions()

    assert delivery.state is State.BOUNCED
    assert (delivery.reason or "").startswith("invalid_recipient: ")
    assert [one.address for one in suppressions] == ["bo@example.net"]


@pytest.mark.parametrize("raw", STATED.values(), ids=STATED)
async def test_an_address_that_is_stated_does(desk: Desk, raw: bytes) -> None:
    """Its mail was passed on, and was not had there."""
    await desk.queue(a_delivery())
    await desk.offer(raw)

    assert ((await desk.delivery()).reason or "").startswith("forwarded: ")
    assert await desk.suppressions() == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("raw", GUESSED.values(), ids=GUESSED)
def test_nothing_that_is_guessed_is_said_to_be_stated(raw: bytes, way: str) -> None:
    """However much of it came, and whatever stood before it."""
    began = time.monotonic()
    report = read_report(parse(_tried(raw, way).replace(b"\n", b"\r\n")))

    assert report is None or not report.recipients_stated
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("ours", "named", "forwarded"),
    [
        ("bo@googlemail.com", "bo@gmail.com", False),
        ("Bo@GMail.com", "bo@GoogleMail.COM", False),
        ("bo@me.com", "bo@icloud.com", False),
        ("bo@mac.com", "bo@me.com", False),
        ("bo@pm.me", "bo@protonmail.com", False),
        ("bo@ya.ru", "bo@yandex.ru", False),
        ("bo@gmail.com", "bo@icloud.com", True),
        ("bo@example.net", "bo@gmail.com", True),
        ("bo@mail.gmail.com", "bo@googlemail.com", True),
    ],
)
async def test_the_other_name_of_a_mailbox_is_the_mailbox(
    desk: Desk, ours: str, named: str, *, forwarded: bool
) -> None:
    """Where one provider has it under both domains, nothing was passed on to another."""
    await desk.queue(a_delivery(address=ours))
    await desk.offer(a_report(about=named))
    cause = "forwarded" if forwarded else "invalid_recipient"

    assert (await desk.delivery()).reason == f"{cause}: 550 5.1.1 Nope"


def test_domains_that_are_not_listed_are_aliases_of_nothing_but_themselves() -> None:
    """Two that are unknown have no provider in common."""
    assert are_aliases("one.example", "one.example")
    assert not are_aliases("one.example", "two.example")
    assert not are_aliases("one.example", "gmail.com")


@pytest.mark.parametrize(
    ("named", "is_within"),
    [
        ("one.onmicrosoft.com", True),
        ("one.mail.onmicrosoft.com", True),
        ("one.partner.onmschina.cn", True),
        ("onmicrosoft.com", False),
        ("oneonmicrosoft.com", False),
        ("onmicrosoft.com.example", False),
    ],
)
def test_a_name_within_a_provider_is_no_other_organization(named: str, is_within: bool) -> None:  # noqa: FBT001
    """What a customer's domain gets is passed on to it."""
    assert are_aliases("one.example", named) is is_within
    assert not are_aliases("", "gmail.com")
