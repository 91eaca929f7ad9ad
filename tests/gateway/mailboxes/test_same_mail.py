"""One mail that comes by two ways is posted once; two mails are two."""

from collections.abc import Sequence

import pytest

from core.actions import converse
from core.address import Purpose, Token
from core.model.participant import Access, Notify
from core.moment import DAY, HOUR
from core.store import apps, participants, receipts
from core.store.database import Database, Session
from core.verdict import Accept, Reason
from tests.support.copies import a_copy, of_parts, part
from tests.support.letters import PDF, PNG, attached, inline, mail, multi, text
from tests.support.people import APP, NOW, ROOM, a_user
from tests.support.reception import KEYS, Gateway, a_gateway

# ruff: noqa: RUF001  other scripts are what is tested
GERMAN = "Grüße! Ja, das Rad ist noch da.\nKommen Sie am Freitag um neun."
RUSSIAN = "Да, велосипед ещё здесь.\nПриходите в пятницу к девяти."
JAPANESE = "はい、自転車はまだあります。\n金曜日の九時にお越しください。"
CHINESE = "自行车还在。\n请您星期五上午九点来取。"
GREEK = "Ναι, το ποδήλατο είναι ακόμα εδώ.\nΕλάτε την Παρασκευή στις εννέα."
TURKISH = "Evet, bisiklet hâlâ burada.\nCuma günü dokuzda gelebilirsiniz, teşekkür ederim."
POLISH = "Tak, rower jeszcze jest.\nProszę przyjść w piątek o dziewiątej, dziękuję."
THAI = "จักรยานยังอยู่ครับ\nมาวันศุกร์เวลาเก้าโมงเช้าได้เลย"
QUOTE = "\n\nOn Mon, 2 Nov 2026 at 10:00, Ann <n@reply.test> wrote:\n> Is it there?\n> Ann"
MAILMAN = """

_______________________________________________
Cycling mailing list -- cycling@lists.example.org
To unsubscribe send an email to cycling-leave@lists.example.org"""
PIPERMAIL = """

_______________________________________________
Velo mailing list
Velo@lists.example.org
https://lists.example.org/mailman/listinfo/velo"""
GROUPS = """

--\x20
You received this message because you are subscribed to the Google Groups "Velo" group.
To unsubscribe from this group and stop receiving emails from it, send an email to
velo+unsubscribe@googlegroups.com."""
LISTSERV = """

########################################################################

To unsubscribe from the VELO-L list, click the following link:
https://listserv.example.org/cgi-bin/wa?SUBED1=VELO-L&A=1"""
GROUPS_IO = """

-=-=-=-=-=-=-=-=-=-=-=-
Groups.io Links: You receive all messages sent to this group.
View/Reply Online (#7): https://velo.groups.example/g/main/message/7
-=-=-=-=-=-=-=-=-=-=-=-"""
BANNER = """CAUTION: This email originated from outside of the organization. Do not click links
or open attachments unless you recognize the sender and know the content is safe.

"""


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def _reasons(gateway: Gateway, mails: Sequence[bytes]) -> list[Reason]:
    reasons = []
    for one in mails:
        gateway.clock.move(1)
        reasons.append((await gateway.offer(one)).reason)
    return reasons


TWICE = [
    pytest.param([a_copy(GERMAN), a_copy(GERMAN, coding="base64")], id="8bit and base64"),
    pytest.param(
        [a_copy(GERMAN, "iso-8859-1", "quoted-printable"), a_copy(GERMAN, coding="base64")],
        id="Latin-1 and UTF-8",
    ),
    pytest.param(
        [a_copy(RUSSIAN, "koi8-r"), a_copy(RUSSIAN, "windows-1251", "quoted-printable")],
        id="KOI8-R and windows-1251",
    ),
    pytest.param(
        [a_copy(JAPANESE, "iso-2022-jp", "7bit"), a_copy(JAPANESE, coding="base64")],
        id="ISO-2022-JP and UTF-8",
    ),
    pytest.param(
        [a_copy(CHINESE, "gb18030", "base64"), a_copy(CHINESE, coding="quoted-printable")],
        id="GB 18030 and UTF-8",
    ),
    pytest.param(
        [a_copy(GREEK, "windows-1253"), a_copy(GREEK, "iso-8859-7", "base64")],
        id="two Greek charsets",
    ),
    pytest.param(
        [a_copy(TURKISH, "iso-8859-9"), a_copy(TURKISH, coding="quoted-printable")],
        id="Latin-5 and UTF-8",
    ),
    pytest.param(
        [a_copy(POLISH, "iso-8859-2", "base64"), a_copy(POLISH, "windows-1250")],
        id="two Polish charsets",
    ),
    pytest.param([a_copy(THAI, "tis-620"), a_copy(THAI, coding="base64")], id="TIS-620 and UTF-8"),
    pytest.param(
        [a_copy(GERMAN + QUOTE), a_copy(GERMAN + QUOTE, coding="base64", Subject="[velo] Re: x")],
        id="with its quote, under a list's subject",
    ),
    pytest.param([a_copy(GERMAN), a_copy(GERMAN + MAILMAN)], id="a list's footer"),
    pytest.param([a_copy(RUSSIAN + PIPERMAIL), a_copy(RUSSIAN)], id="a footer on the first"),
    pytest.param(
        [a_copy(TURKISH + QUOTE, "iso-8859-9"), a_copy(TURKISH + QUOTE + GROUPS, coding="base64")],
        id="a group's footer below the quote, recoded",
    ),
    pytest.param(
        [a_copy(JAPANESE), of_parts(part(JAPANESE), part(MAILMAN.lstrip()))],
        id="a footer that is a part of its own",
    ),
    pytest.param(
        [a_copy(CHINESE + QUOTE), a_copy(CHINESE + QUOTE + LISTSERV, "gb18030", "base64")],
        id="a footer below the quote",
    ),
    pytest.param(
        [a_copy(GREEK + QUOTE + GROUPS_IO), a_copy(GREEK + QUOTE, "iso-8859-7")],
        id="one below the quote on the first",
    ),
    pytest.param([a_copy(POLISH), a_copy(BANNER + POLISH)], id="a filter's banner above"),
    pytest.param(
        [
            of_parts(
                part("Yes, it is\nstill here."),
                part("<p>Yes, it is <b>still</b> here.</p>", "text/html"),
                kind="alternative",
            ),
            a_copy("Yes, it is\nstill here."),
        ],
        id="a list takes the HTML off",
    ),
    pytest.param(
        [a_copy(GERMAN), a_copy(GERMAN, Message_ID="\n <1@x>", coding="base64")],
        id="a Message-ID that is folded",
    ),
]


@pytest.mark.parametrize("mails", TWICE)
async def test_one_mail_by_two_ways_is_posted_once(gateway: Gateway, mails: list[bytes]) -> None:
    """The second copy is answered as the first was, and its receipt is the first one's."""
    first, second = [await gateway.offer(one) for one in mails]
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert [first.reason, second.reason] == [Reason.POSTED, Reason.DUPLICATE]
    assert isinstance(first, Accept)
    assert second == Accept(Reason.DUPLICATE, first.receipt_id)
    assert len(kept) == len(await gateway.said()) == 1


def _spoilt(mail_: bytes, how: str) -> bytes:
    match how:
        case "cut":
            return mail_[: len(mail_) - len(mail_) // 4]
        case "doubled":
            return mail_ * 2
        case _:
            return mail_.replace(b"\n\n", b"\n\n" + b"A line of words.\n" * 60_000, 1)


@pytest.mark.parametrize("mails", TWICE[::6])
@pytest.mark.parametrize("how", ["cut", "doubled", "behind"])
async def test_bad_copies_have_their_answers(
    gateway: Gateway, mails: list[bytes], how: str
) -> None:
    """Cut in the middle, written twice, behind a megabyte: none is posted a second time."""
    bad = [_spoilt(one, how) for one in mails]
    first, again = await _reasons(gateway, bad), await _reasons(gateway, bad)

    assert Reason.POSTED not in again
    assert again == [Reason.DUPLICATE if one is Reason.POSTED else one for one in first]


@pytest.mark.parametrize(
    "mails",
    [
        pytest.param([a_copy("Yes, at nine."), a_copy("No, at ten.")], id="other words"),
        pytest.param([a_copy("Yes?"), a_copy("Yes!", coding="base64")], id="another tone"),
        pytest.param(
            [a_copy("Yes, at nine."), a_copy("Yes, at nine. And bring Carol.")], id="more words"
        ),
        pytest.param(
            [
                a_copy(GERMAN, Message_ID="", Date="Mon, 2 Nov 2026 10:00:00 +0000"),
                a_copy(GERMAN, Message_ID="", Date="Tue, 3 Nov 2026 10:00:00 +0000"),
            ],
            id="no Message-ID",
        ),
        pytest.param([a_copy(GERMAN), a_copy(GERMAN, Message_ID="<2@x>")], id="another Message-ID"),
        pytest.param(
            [
                mail(multi("mixed", text("Here."), attached(octets, "application/pdf", "a.pdf")))
                for octets in (PDF, PDF + b"%%EOF\n")
            ],
            id="another file",
        ),
        pytest.param(
            [
                mail(multi("mixed", text("Here."), attached(PDF, "application/pdf", "a.pdf"))),
                a_copy("Here."),
            ],
            id="without its file",
        ),
    ],
)
async def test_two_mails_are_two(gateway: Gateway, mails: list[bytes]) -> None:
    """A program that uses a Message-ID again loses nobody's words."""
    heard = await _reasons(gateway, [one.replace(b"\r\n", b"\n") for one in mails])

    assert heard == [Reason.POSTED] * 2
    assert len(await gateway.said()) == 2


async def test_the_same_picture_in_a_second_copy_is_the_first_ones(gateway: Gateway) -> None:
    """The conversation has it by then, so it is left out; the mail is a duplicate all the same."""
    page = text('<p>Look: <img src="cid:a"></p>', kind="text/html")
    shown = inline(PNG, "image/png", "a.png", "a")
    first = mail(multi("related", page, shown))
    second = mail(multi("mixed", multi("related", page, shown, boundary="c")))
    heard = await _reasons(gateway, [one.replace(b"\r\n", b"\n") for one in (first, second)])

    assert heard == [Reason.POSTED, Reason.DUPLICATE]
    assert len(await gateway.came()) == 1


async def test_a_file_is_not_stored_again_for_a_second_copy(gateway: Gateway) -> None:
    """Files are put in their place before the transaction, and only for a mail that is new."""
    parts = (text("Here it is."), attached(PDF, "application/pdf", "a.pdf"))
    mails = [mail(multi("mixed", *parts)), mail(multi("mixed", *parts, boundary="other"))]
    heard = await _reasons(gateway, [one.replace(b"\r\n", b"\n") for one in mails])

    assert heard == [Reason.POSTED, Reason.DUPLICATE]
    assert len(await gateway.came()) == 1


CARD = "Ізгі тілекпен,\nАйгерім Сейтқали\n«Көкжиек» баспасы, 1050 Алматы\n+7 727 233 40 18"
NOTICE = "Бұл хат тек алушыға арналған.\nҚате келсе, өшіріп тастаңыз."


@pytest.mark.parametrize("earlier", range(4))
async def test_what_the_first_copy_taught_hides_nothing_from_the_second(
    gateway: Gateway, earlier: int
) -> None:
    """Its signature is known by then and folded; the mail is known all the same."""
    for number in range(earlier):
        before = f"Letter {number}.\n\n{CARD}\n\n{NOTICE}"
        await gateway.offer(a_copy(before, Message_ID=f"<{number}@earlier>"))
    ending = f"{CARD}\n\n{NOTICE}"
    copies = [a_copy(f"Yes.\n\n{ending}"), a_copy(f"Yes.\n\n{ending}", coding="base64")]
    heard = await _reasons(gateway, [*copies, copies[1]])

    assert heard == [Reason.POSTED, Reason.DUPLICATE, Reason.DUPLICATE]


async def test_two_people_are_two(gateway: Gateway) -> None:
    """A mail to two addresses is said by the owner of each."""

    def join(session: Session) -> Token:
        a_user(session, "cy", email=["bo@example.net"])
        cy = converse.join(session, (APP, ROOM, "cy"), Access.READ_WRITE, Notify.ALL, NOW)
        app = apps.find(session, APP)
        found = participants.find(session, APP, ROOM, "cy")
        assert app is not None
        assert found is not None
        assert cy is not None
        return Token(Purpose.REPLY, app.number, found.reference, found.address_epoch)

    token = KEYS.sign(await gateway.database.write(join))
    first = await gateway.offer(a_copy(GERMAN))
    second = await gateway.offer(a_copy(GERMAN, coding="base64"), f"r+{token}@reply.test")

    assert [first.reason, second.reason] == [Reason.POSTED] * 2


async def test_a_copy_days_later_is_still_the_same(gateway: Gateway) -> None:
    """A list that was stuck delivers on Friday what was posted on Monday."""
    await gateway.offer(a_copy(GERMAN))
    gateway.clock.move(4 * DAY + HOUR)
    late = await gateway.offer(a_copy(GERMAN + MAILMAN, coding="base64"))

    assert late.reason is Reason.DUPLICATE


async def test_a_bare_stop_stops_once(gateway: Gateway) -> None:
    """Its second copy, which comes when its author is back, is only the same mail."""
    heard = await _reasons(gateway, [a_copy("stop"), a_copy("stop", coding="base64")])

    assert heard == [Reason.OPTED_OUT, Reason.DUPLICATE]
