"""What refusals are put in words as: each row of the file, and words it has never seen."""

import time
import tomllib
from importlib import resources

import pytest

from core.outcome import Cause, PeerReply
from core.rules.bounces import Nothing, classify, consequence, is_our_fault
from core.rules.refusal_wording import CodeRange

FILE = resources.files("core.rules") / "data" / "refusals.toml"
ROWS = tomllib.loads(FILE.read_text("utf-8"))["refusal"]
SEEN = [
    pytest.param(said, Cause(row["cause"]), id=said[:60]) for row in ROWS for said in row["said"]
]
# Of readers: a full mailbox, too much mail at a time. Nothing of it is ours.
OF_THE_READER = [
    "552 5.2.2 <eva@example.net>: user is over quota",
    "550 5.2.2 <eva@example.net>: Recipient address rejected: mailbox is full",
    "452 4.2.2 eva@example.net mailbox exceeds its storage quota",
    "554 delivery error: Sorry your message to eva is lost. This mailbox is over quota.",
    "552 5.2.2 User eva has exceeded its mailbox quota",
    "550 5.7.1 The recipient you are trying to reach... you tried to contact is over quota, full",
    "452 4.1.1 <eva@example.net> 4.2.2 mailbox over quota, try again later",
    "552 Message would exceed recipient's disk quota",
    "550 5.2.2 Eva's inbox is out of space",
    "552 5.7.1 can't accept more mail: full",
    "552 5.2.2 Postfach von Eva ist derzeit voll",
    "552 5.2.2 Boîte aux lettres saturée",
    "552 5.2.2 Buzón lleno, inténtelo más tarde",
    "552 5.2.2 Caixa de correio cheia",
    "552 5.2.2 La casella di posta è piena",
    "552 5.2.2 宛先のメールボックスが一杯です",
    "552 5.2.2 メールボックスの容量を超過しました",
    "552 5.2.2 邮箱空间不足",
    "552 5.2.2 수신자의 메일함이 가득 찼습니다",
    "552 5.2.2 Почтовый ящик переполнен",
    "552 5.2.2 Skrzynka odbiorcy jest pełna",
]
# Repeated by a relay that asks an address's own server first: of that address, whoever wrote it.
REPEATED = [
    "550 5.1.1 Callout failed: mx.far.example said: 550 5.4.5 Daily user sending limit exceeded",
    "450 4.1.1 unverified: host mx.far.example[192.0.2.7] said: 452 your sending limit is exceeded",
    '550 5.1.1 Recipient rejected, remote host responded "550 Your account has been suspended"',
    "550-5.1.1 verify failed, response: 554 5.7.1 Your organization has exceeded its daily limit",
    "550 5.2.1 Mailbox refused; server answered: sender quota exceeded",
    "450 4.2.0 The server replied: 421 4.7.0 Throttling failure: maximum sending rate exceeded",
]
# Of us: whatever the codes pretend.
OF_US = [
    "550 5.4.5 Daily sending quota exceeded for this account - gsmtp",
    "550 5.2.2 You have exceeded your sending quota for today",
    "452 4.2.2 You've reached your hourly limit for outgoing messages",
    "552 5.2.2 sender quota exceeded",
    "554 5.7.0 Mail limit exceeded: 300 messages per day",
    "550 5.1.1 Too many recipients in the last hour, sending blocked",
    "454 4.7.0 Throttling failure: maximum sending rate exceeded",
    "421 4.7.0 Try again later: sending limits of your plan have been reached",
    "550 5.7.1 Your organization has exceeded its daily limit of messages",
    "554 5.7.1 Your domain shop.example has been suspended",
    "550 5.7.708 Service unavailable. Access denied",
    "451 4.7.550 Access denied, please try again later",
    "554 5.7.1 Sending has been suspended",
    "550 5.7.1 Account blocked from sending: contact abuse",
    "550 5.7.1 Outbound relay quota exceeded, upgrade",
    "550 5.7.1 The sending limit has been reached for the mailbox",
    "535 5.7.3 Authentication unsuccessful",
    "550 5.7.23 The message was rejected because of a Sender Policy Framework violation",
    "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
    "550 5.7.1 Ihr tägliches Versandkontingent ist erschöpft: Tageslimit erreicht",
    "550 5.7.1 Zu viele E-Mails in kurzer Zeit",
    "550 5.7.1 Vous avez atteint la limite d'envoi de votre offre",
    "450 4.7.1 Trop de messages envoyés, réessayez dans 1 heure",
    "550 5.7.1 Cuota de envío superada",
    "550 5.7.1 Demasiados correos enviados en una hora",
    "550 5.7.1 Limite giornaliero di invio superato",
    "550 5.7.1 Przekroczono limit wysyłanych wiadomości",
    "550 5.7.1 Превышен суточный лимит отправки писем",
    "550 5.7.1 送信数の上限に達しました",
    "550 5.7.1 一日の送信制限を超えました",
    "550 5.7.1 发送频率超过限制",
    "550 5.7.1 일일 발송 한도를 초과했습니다",
]


def a_reply(said: str) -> PeerReply:
    """Return a reply as it was written down, its codes apart from its words."""
    code, _, rest = said.partition(" ")
    enhanced, _, words = rest.partition(" ")
    coded = enhanced.count(".") == 2 and enhanced.replace(".", "").isdecimal()
    return PeerReply(int(code), enhanced if coded else None, words if coded else rest)


@pytest.mark.parametrize(("said", "cause"), SEEN)
def test_what_was_seen_is_known(said: str, cause: Cause) -> None:
    """Each reply in the file tells of what its row says, past all rows before it."""
    assert classify(a_reply(said)) is cause


def test_every_row_says_where_it_is_from() -> None:
    """No wording without who says so, a reply that was seen, and a source."""
    assert [row["of"] for row in ROWS if not (row["source"] and row["said"])] == []


@pytest.mark.parametrize("said", OF_THE_READER)
def test_a_readers_mailbox_stays_the_readers(said: str) -> None:
    """A full mailbox is no quota of ours, in any language: it must not stop the others' mail."""
    cause = classify(a_reply(said))

    assert cause is Cause.QUOTA
    assert not is_our_fault(cause)


@pytest.mark.parametrize("said", OF_US)
def test_a_limit_of_ours_is_no_readers(said: str) -> None:
    """What the relay says of us blames nobody else, whatever its codes mean by the book."""
    cause = classify(a_reply(said))

    assert is_our_fault(cause)
    assert consequence(cause) == Nothing()


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("550 5.1.1 The email account that you tried to reach does not exist", "invalid_recipient"),
        ("552 5.3.4 Message size limit exceeded for this relay", "content"),
        ("550 5.7.1 You are not allowed to send to this group", "other"),
        ("550 5.7.1 Bo does not take mail from strangers", "other"),
        ("451 4.3.0 Temporary lookup failure", "busy"),
        ("550 5.2.121 Limit of this recipient", "busy"),
    ],
)
def test_what_is_neither_is_left_as_it_is(said: str, cause: str) -> None:
    """What is said of one mail or one reader stops no lane."""
    assert classify(a_reply(said)).value == cause


@pytest.mark.parametrize("said", [*OF_US[::4], *OF_THE_READER[::4]])
def test_any_length_is_read_in_time(said: str) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other words: an answer, and soon."""
    reply = a_reply(said)
    forms = [
        reply.text[: len(reply.text) // 2],
        reply.text * 2,
        "your mailbox of messages per " * 36_000 + reply.text,
        reply.text + " exceeded limit user" * 50_000,
    ]
    began = time.perf_counter()
    for text in forms:
        classify(PeerReply(reply.code, reply.enhanced, text))

    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("codes", "enhanced", "held"),
    [
        ("7.57", "5.7.57", True),
        ("7.57", "4.7.57", True),
        ("5.4.5", "4.4.5", False),
        ("4.7.500-4.7.699", "4.7.512", True),
        ("4.7.500-4.7.699", "5.7.512", False),
        ("7.606-7.649", "5.7.650", False),
        ("7.3", "", False),
        ("7.3", "5.7.x", False),
    ],
)
def test_a_range_of_codes(codes: str, enhanced: str, held: bool) -> None:  # noqa: FBT001
    """One code or many, of one class or of either."""
    assert CodeRange.of(codes).holds(enhanced) is held


@pytest.mark.parametrize("said", REPEATED)
def test_what_is_repeated_of_another_server_is_no_fault_of_ours(said: str) -> None:
    """Else whoever has an address at a domain of their own could close the relay's lane."""
    code, enhanced, words = said[:3], *said[4:].split(" ", 1)

    assert not is_our_fault(classify(PeerReply(int(code), enhanced, words)))
