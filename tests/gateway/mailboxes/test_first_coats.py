"""Somebody sends Bo's body ahead under headers of their own: his own mail is not swallowed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.model.held import AuthorProof, HeldReply
from core.store import held, receipts
from core.store.database import Database
from core.verdict import Accept, Hold, Reason, Reject, Verdict
from gateway.authentication.authenticate import Means
from gateway.authentication.check import SenderChecks
from gateway.authentication.resolver import RecordType
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.mailboxes import commit, postmaster
from gateway.mailboxes.precedence import Claim, Earlier, authors_of, stands
from gateway.reading import Ask, Depth, read
from gateway.release.held import release
from tests.support.people import APP, NOW
from tests.support.reception import Gateway, a_gateway, a_mail
from tests.support.senders import Zones, rsa_key, signed

# ruff: noqa: RUF001  other scripts are what is tested
ZONES = {
    ("_dmarc.example.net", RecordType.TXT): ("v=DMARC1; p=reject",),
    ("sel._domainkey.example.net", RecordType.TXT): (rsa_key()[1],),
    ("_dmarc.evil.example", RecordType.TXT): ("v=DMARC1; p=reject",),
    ("evil.example", RecordType.TXT): ("v=spf1 ip4:192.0.2.1 -all",),
}
NAMED = [b"from", b"to", b"subject", b"date", b"message-id", b"content-type", b"in-reply-to"]
WORDS = "Ja, ich komme am Freitag um neun.\nВелосипед заберу сам, 謝謝。"
MALLORY = "Mallory <mallory@evil.example>"
REPORT = "multipart/report; boundary=x; report-type="

COATS = [
    pytest.param({"X_Rejoinder_Reason": "all"}, id="a digest of ours"),
    pytest.param({"X_Failed_Recipients": "a@b.example"}, id="a server's notice"),
    pytest.param({"From": "MAILER-DAEMON@evil.example"}, id="from a daemon"),
    pytest.param({"From": "postmaster@evil.example"}, id="from a postmaster"),
    pytest.param({"From": "no-reply@evil.example"}, id="from nobody"),
    pytest.param({"Content_Type": "text/calendar; method=REPLY"}, id="an invitation's answer"),
    pytest.param({"Content_Type": REPORT + "delivery-status"}, id="a delivery report"),
    pytest.param({"Content_Type": REPORT + "disposition-notification"}, id="a receipt"),
    pytest.param({"Content_Disposition": "reaction"}, id="a reaction"),
    pytest.param({"Precedence": "bulk", "Subject": "Out of office"}, id="bulk, away"),
    pytest.param({"Auto_Submitted": "auto-replied"}, id="auto-replied"),
    pytest.param({"Subject": "Abwesenheitsnotiz: Re: x"}, id="away, in German"),
    pytest.param({"Subject": "Réponse automatique : x"}, id="away, in French"),
    pytest.param({"Subject": "自動応答: x"}, id="away, in Japanese"),
    pytest.param({"Subject": "Undeliverable: Re: x"}, id="returned"),
    pytest.param({"Subject": "Gelesen: Re: x"}, id="read, in German"),
    pytest.param({"Subject": "[Ticket #8812] Wir haben Ihre Anfrage erhalten"}, id="a ticket"),
    pytest.param({"List_Id": "<velo.lists.example.org>"}, id="a list's"),
    pytest.param({"Content_Type": "text/html; charset=utf-16"}, id="other letters"),
]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Lend a thread for the libraries that block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
async def gateway(database: Database, pool: ThreadPoolExecutor) -> Gateway:
    """Open a gateway that knows both domains."""
    means = Means(Zones(ZONES), pool)
    return await a_gateway(database, senders=SenderChecks(lambda: means), mail_domain="list.test")


async def a_letter(gateway: Gateway, text: str = WORDS, **head: str) -> bytes:
    """Return a mail of Bo's, not signed yet."""
    given = {
        "To": await gateway.address(),
        "Date": "Tue, 14 Nov 2023 20:00:00 +0000",
        "Content_Type": "text/plain; charset=utf-8",
    }
    return a_mail(text, **(given | head))


def by_bo(letter: bytes, *unsigned: bytes) -> bytes:
    """Return it with his domain's signature, which leaves these fields out."""
    fields = [one for one in NAMED if one not in unsigned]
    raw = letter.replace(b"\n", b"\r\n")
    return signed(raw, "example.net", fields=fields).replace(b"\r\n", b"\n")


async def offered(gateway: Gateway, mail: bytes, sender: str = "m@evil.example") -> Verdict:
    """Offer a mail a second later."""
    gateway.clock.move(1)
    return await gateway.offer(mail, sender=sender)


async def waiting(gateway: Gateway) -> list[HeldReply]:
    """Return what waits, oldest first."""
    found = await gateway.database.read(lambda s: held.listed(s, APP, waiting_only=True, limit=9))
    return sorted(found, key=lambda one: one.held_at)


@pytest.mark.parametrize("author", ["Bo <bo@example.net>", MALLORY])
@pytest.mark.parametrize("coat", COATS)
async def test_what_bo_signed_is_posted(
    gateway: Gateway, coat: dict[str, str], author: str
) -> None:
    """Whatever was made of the copy before, and it is posted once."""
    first = await offered(gateway, await a_letter(gateway, **({"From": author} | coat)))
    genuine = by_bo(await a_letter(gateway))
    heard = [await offered(gateway, genuine) for _ in range(2)]

    assert first.reason is not Reason.POSTED
    assert [one.reason for one in heard] == [Reason.POSTED, Reason.DUPLICATE]
    assert await gateway.said() == [WORDS]
    assert await waiting(gateway) == []


@pytest.mark.parametrize("signs", [True, False])
async def test_a_reaction_is_to_what_its_author_signed(gateway: Gateway, *, signs: bool) -> None:
    """Where In-Reply-To is not signed, anybody may have put another message's there."""
    head = {"Content_Type": "text/vnd.google.email-reaction+json", "In_Reply_To": "<1@list.test>"}
    letter = await a_letter(gateway, '{"emoji": "👍", "version": 1}', **head)
    heard = await offered(gateway, by_bo(letter, *([] if signs else [b"in-reply-to"])))

    assert (heard.reason is Reason.SENDER_UNPROVEN) is not signs


async def test_a_stranger_who_was_let_go_swallows_nobody(gateway: Gateway) -> None:
    """What the owner let go of a stranger's copy stays; his own, which says other words, comes."""
    page = "<p>No.</p><!-- <p>Yes, take it all.</p> -->"
    kind = {"Content_Type": "text/html; charset=utf-8"}
    await offered(gateway, await a_letter(gateway, page, From=MALLORY))
    [one] = await waiting(gateway)
    await release(APP, one.id, "owner", gateway.at)
    heard = await offered(gateway, by_bo(await a_letter(gateway, page, **kind)))

    assert heard.reason is Reason.POSTED
    assert [said for said in await gateway.said() if said == "No."] == ["No."]
    assert len(await gateway.said()) == 2


@pytest.mark.parametrize("coat", COATS)
async def test_a_coat_that_comes_later_changes_nothing(
    gateway: Gateway, coat: dict[str, str]
) -> None:
    """The other order: it is not asked about, and nothing is posted beside."""
    await offered(gateway, by_bo(await a_letter(gateway)))
    await offered(gateway, await a_letter(gateway, **({"From": MALLORY} | coat)))
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert await gateway.said() == [WORDS]
    assert await waiting(gateway) == []
    assert len(kept) == 1


@pytest.mark.parametrize("coat", COATS[:6])
async def test_one_that_nobody_proves_waits_for_bo(gateway: Gateway, coat: dict[str, str]) -> None:
    """The copy before was discarded, or waits under a stranger's name: Bo sees his words."""
    await offered(gateway, await a_letter(gateway, **({"From": MALLORY} | coat)))
    second = await offered(gateway, await a_letter(gateway))
    texts = [one.text for one in await waiting(gateway)]

    assert isinstance(second, Hold) or second.reason is Reason.DUPLICATE
    assert texts == [WORDS]


async def test_one_that_is_better_shown_waits_beside(gateway: Gateway) -> None:
    """Bo is asked about his own, too; offered again it is one, and let go it is posted once."""
    await offered(gateway, await a_letter(gateway, From=MALLORY))
    again = by_bo(await a_letter(gateway), b"subject")
    heard = [await offered(gateway, again) for _ in range(2)]
    theirs, his = await waiting(gateway)
    await release(APP, his.id, "owner", gateway.at)

    assert [type(one) for one in heard] == [Hold, Accept]
    assert (theirs.sender, his.proof) == ("mallory@evil.example", AuthorProof.AUTHOR_ONLY)
    assert await gateway.said() == [WORDS]
    assert await waiting(gateway) == []


async def test_one_of_other_words_is_asked_about(gateway: Gateway) -> None:
    """The same octets read otherwise by her headers: what Bo is shown is not what he wrote."""
    await offered(gateway, await a_letter(gateway, From=MALLORY, Content_Type="text/html"))
    await offered(gateway, await a_letter(gateway))

    assert WORDS in [one.text for one in await waiting(gateway)]


async def test_a_full_list_refuses_what_was_only_discarded(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wrote it hears that it was not taken."""
    monkeypatch.setattr(commit, "MOST_HELD", 1)
    await offered(gateway, await a_letter(gateway, "Something else.", Message_ID="<9@x>"))
    await offered(gateway, await a_letter(gateway, X_Rejoinder_Reason="all"))

    assert isinstance(await offered(gateway, await a_letter(gateway)), Reject)


async def test_a_refusal_is_heard(gateway: Gateway) -> None:
    """A mail that cannot be taken is refused, though a copy of it was discarded."""
    sealed = "multipart/encrypted; protocol=application/pgp-encrypted; boundary=x"
    body = "--x\n\nVersion: 1\n--x\n\nsecret\n--x--"
    coat = {"Content_Type": sealed, "X_Rejoinder_Reason": "all"}
    await offered(gateway, await a_letter(gateway, body, **coat))
    second = await offered(gateway, await a_letter(gateway, body, Content_Type=sealed))

    assert isinstance(second, Reject)


TO_OPERATOR = [
    pytest.param(
        "Auto-Submitted: auto-replied\nFrom: ida@x.example\nSubject: help", id="a robot's"
    ),
    pytest.param("From: mallory@evil.example\nSubject: help", id="a stranger's"),
    pytest.param("From: ida@x.example\nSubject: never mind", id="under another subject"),
    pytest.param("X-Rejoinder-Reason: all\nFrom: ida@x.example\nSubject: help", id="a digest's"),
    pytest.param("From: postmaster@reply.test\nSubject: Undeliverable", id="a postmaster's"),
]


@pytest.mark.parametrize("head", TO_OPERATOR)
async def test_the_operator_gets_what_was_written(database: Database, head: str) -> None:
    """A copy sent ahead to postmaster is another mail; the same one again is a duplicate."""

    async def comes(head: str) -> Verdict:
        raw = f"{head}\nMessage-ID: <1@x>\n\nYour server is down.\n".replace("\n", "\r\n").encode()
        offer = Offer(Envelope("ida@x.example", ()), "postmaster@reply.test", raw, NOW, 30)
        reading = read(raw, offer.envelope, Ask(Depth.HEAD))
        return await database.write(lambda s: postmaster.keep(s, offer, reading))

    await comes(head)
    genuine = [await comes("From: ida@x.example\nSubject: help") for _ in range(2)]

    assert [one.reason for one in genuine] == [Reason.KEPT_FOR_OPERATOR, Reason.DUPLICATE]


BO, EVE = authors_of("bo@example.net"), authors_of("Eve@Example.org")
PROVEN, ONCE, NONE = AuthorProof.PROVEN, AuthorProof.AUTHOR_ONLY, AuthorProof.DISOWNED
ROWS = [
    (("accept", "posted"), Claim(BO), "accept", Claim(BO, PROVEN), True),
    (("accept", "posted"), Claim(words=frozenset("a")), "accept",
     Claim(BO, PROVEN, frozenset("b")), False),
    (("accept", "posted"), Claim(BO, PROVEN, frozenset("a")), "accept",
     Claim(BO, PROVEN, frozenset("b")), True),
    (("discard", "calendar"), Claim(), "discard", Claim(BO, PROVEN), True),
    (("discard", "calendar"), Claim(), "hold", Claim(BO), False),
    (("discard", "breaker"), Claim(), "accept", Claim(BO), True),
    (("discard", "breaker"), Claim(), "accept", Claim(BO, PROVEN), False),
    (("hold", "breaker"), Claim(BO, PROVEN), "accept", Claim(BO, PROVEN), True),
    (("hold", "sender_mismatch"), Claim(EVE), "accept", Claim(BO), False),
    (("hold", "auto_reply_subject"), Claim(EVE, PROVEN), "accept", Claim(BO), False),
    (("hold", "auto_reply_subject"), Claim(BO), "accept", Claim(BO), True),
    (("hold", "auto_reply_subject"), Claim(BO, NONE), "accept", Claim(BO, PROVEN), False),
    (("hold", "sender_mismatch"), Claim(EVE), "hold", Claim(BO), True),
    (("hold", "sender_mismatch"), Claim(EVE, PROVEN), "hold", Claim(BO, ONCE), False),
    (("hold", "sender_unproven"), Claim(BO, ONCE), "hold", Claim(BO, ONCE), True),
]  # fmt: skip


@pytest.mark.parametrize(("before", "claimed", "verdict", "claim", "so"), ROWS)
def test_which_copy_stands(
    before: tuple[str, str], claimed: Claim, verdict: str, claim: Claim, *, so: bool
) -> None:
    """One row for each ending of the first copy."""
    assert stands(Earlier("rcp_1", *before, None, claimed), verdict, claim) is so
