"""TLS and login on the way to the relay, with certificates made for the occasion."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.config.ways_out import RelaySettings
from core.outcome import Accepted, Cause, Deferred, Outcome
from notifier.channels.email.relay import SmtpRelay
from tests.contracts.transport import a_parcel
from tests.support.certificates import Authority
from tests.support.fake_relay import FakeRelay


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return an authority nobody knows yet."""
    return Authority(tmp_path)


async def offer(peer: FakeRelay, trust: ssl.SSLContext | None = None, **changes: Any) -> Outcome:
    """Offer one mail to a fake relay, by the name of localhost."""
    settings = RelaySettings(
        **{"host": "localhost", "port": peer.port, "timeout_seconds": 5, "ehlo_name": "us.test"}
        | changes
    )
    relay = SmtpRelay(settings, trust)
    outcome = await relay.send(a_parcel())
    await relay.close()
    return outcome


@pytest.fixture
async def secure(authority: Authority) -> AsyncIterator[FakeRelay]:
    """Yield a relay that offers STARTTLS with a good certificate."""
    async with FakeRelay(tls=authority.server("localhost")) as peer:
        yield peer


@pytest.mark.parametrize("pipelining", [True, False])
async def test_starttls_covers_the_mail(authority: Authority, *, pipelining: bool) -> None:
    """With starttls the mail goes over a line that the authority vouches for."""
    async with FakeRelay(tls=authority.server("localhost"), pipelining=pipelining) as peer:
        outcome = await offer(peer, authority.trusted(), tls="starttls")

    assert isinstance(outcome, Accepted)
    assert [mail.over_tls for mail in peer.mails] == [True]
    assert peer.said_to[:4] == ["GREETING", "EHLO", "STARTTLS", "EHLO"]


@pytest.mark.parametrize("pipelining", [True, False])
async def test_implicit_tls_covers_everything(authority: Authority, *, pipelining: bool) -> None:
    """With implicit the line is covered from the first octet (RFC 8314, 3.3)."""
    async with FakeRelay(
        tls=authority.server("localhost"), implicit_tls=True, pipelining=pipelining
    ) as peer:
        outcome = await offer(peer, authority.trusted(), tls="implicit")

    assert isinstance(outcome, Accepted)
    assert [mail.over_tls for mail in peer.mails] == [True]
    assert "STARTTLS" not in peer.said_to


async def test_the_systems_authorities_are_asked(authority: Authority, secure: FakeRelay) -> None:
    """Unless told whom to trust, we trust whom the system trusts: not this authority."""
    outcome = await offer(secure, tls="starttls")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.TLS
    assert outcome.whole_lane
    assert outcome.reply is not None
    assert "certificate verify failed" in outcome.reply.text
    assert secure.mails == []


async def test_the_check_may_be_turned_off(secure: FakeRelay) -> None:
    """An operator who says so sends to a relay nobody vouches for, still covered."""
    outcome = await offer(secure, tls="starttls", verify=False)

    assert isinstance(outcome, Accepted)
    assert [mail.over_tls for mail in secure.mails] == [True]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("name", "expired"),
    [
        pytest.param("another.test", False, id="another's certificate"),
        pytest.param("localhost", True, id="a certificate whose time is over"),
    ],
)
async def test_a_wrong_certificate_gets_no_mail(
    authority: Authority, tls: str, name: str, *, expired: bool
) -> None:
    """A relay that cannot prove who it is gets nothing, and no mail fails for it."""
    context = authority.server(name, expired=expired)
    async with FakeRelay(tls=context, implicit_tls=tls == "implicit") as peer:
        outcome = await offer(peer, authority.trusted(), tls=tls)

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.TLS
    assert outcome.whole_lane
    assert peer.mails == []


async def test_no_mail_in_clear_text_if_tls_was_asked_for() -> None:
    """A STARTTLS stripped on the way is noticed (RFC 3207, 6)."""
    async with FakeRelay() as peer:
        outcome = await offer(peer, tls="starttls")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.TLS
    assert outcome.reply is not None
    assert outcome.reply.text == "the relay offers no STARTTLS"
    assert peer.mails == []


async def test_a_refused_starttls_defers(authority: Authority, secure: FakeRelay) -> None:
    """A relay that cannot do TLS just now gets no mail just now."""
    secure.refuse("STARTTLS", "454 4.7.0 TLS not available")

    outcome = await offer(secure, authority.trusted(), tls="starttls")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.TLS
    assert outcome.reply is not None
    assert outcome.reply.code == 454


async def test_opportunistic_covers_what_it_can(secure: FakeRelay) -> None:
    """TLS is used where it is offered, with any certificate (RFC 7435)."""
    outcome = await offer(secure, tls="opportunistic")

    assert isinstance(outcome, Accepted)
    assert [mail.over_tls for mail in secure.mails] == [True]


async def test_opportunistic_does_without() -> None:
    """Where no TLS is offered, the mail goes in clear text."""
    async with FakeRelay() as peer:
        outcome = await offer(peer, tls="opportunistic")

    assert isinstance(outcome, Accepted)
    assert [mail.over_tls for mail in peer.mails] == [False]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("454 4.7.0 TLS not available", id="TLS is refused"),
        pytest.param("220 Go ahead", id="TLS is promised, but no handshake comes"),
    ],
)
async def test_opportunistic_survives_broken_tls(secure: FakeRelay, reply: str) -> None:
    """Where TLS is offered but does not work, the mail goes in clear text on a new line."""
    secure.refuse("STARTTLS", reply)

    outcome = await offer(secure, tls="opportunistic")

    assert isinstance(outcome, Accepted)
    assert [(mail.over_tls, mail.connection) for mail in secure.mails] == [(False, 2)]


async def test_none_never_covers(secure: FakeRelay) -> None:
    """With none, an offer of TLS is passed over."""
    outcome = await offer(secure, tls="none")

    assert isinstance(outcome, Accepted)
    assert "STARTTLS" not in secure.said_to


@pytest.mark.parametrize("pipelining", [True, False])
async def test_logs_in_under_cover(authority: Authority, *, pipelining: bool) -> None:
    """Name and password are said once TLS is there, and not before."""
    async with FakeRelay(
        tls=authority.server("localhost"), credentials={"we": "secret"}, pipelining=pipelining
    ) as peer:
        outcome = await offer(
            peer, authority.trusted(), tls="starttls", username="we", password="secret"
        )

    assert isinstance(outcome, Accepted)
    assert [mail.login for mail in peer.mails] == ["we"]


async def test_a_wrong_password_fails_no_mail() -> None:
    """Our own mistake waits for the operator, as all mail behind it does."""
    async with FakeRelay(credentials={"we": "secret"}) as peer:
        outcome = await offer(peer, tls="none", username="we", password="wrong")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.AUTHENTICATION
    assert outcome.whole_lane
    assert outcome.reply is not None
    assert outcome.reply.code == 535


async def test_a_forgotten_password_fails_no_mail() -> None:
    """A relay that wants a login we have not defers everybody."""
    async with FakeRelay(credentials={"we": "secret"}) as peer:
        outcome = await offer(peer, tls="none")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.AUTHENTICATION
    assert outcome.whole_lane


async def test_a_relay_without_login_is_not_sent_to() -> None:
    """A login the relay does not know is the operator's to put right."""
    async with FakeRelay() as peer:
        outcome = await offer(peer, tls="none", username="we", password="secret")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.AUTHENTICATION
    assert outcome.whole_lane


async def test_a_relay_that_hangs_up_at_login_is_a_lost_connection() -> None:
    """A broken line says nothing about the password."""
    async with FakeRelay(credentials={"we": "secret"}) as peer:
        peer.drop("AUTH", times=3)
        outcome = await offer(peer, tls="none", username="we", password="secret")

    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.CONNECTION


def test_a_password_is_never_shown() -> None:
    """Nothing prints the password."""
    relay = SmtpRelay(
        RelaySettings(host="localhost", username="we", password="hunter2", tls="starttls")
    )

    assert "hunter2" not in repr(vars(relay))
