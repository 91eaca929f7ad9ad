"""The relay keeps every promise of a transport, over real sockets and a few kept lines."""

import asyncio

import pytest

from core.outcome import Accepted, Cause, Deferred
from notifier.channels.email.relay import SmtpRelay
from tests.contracts.transport import TransportContract, a_parcel
from tests.support.fake_relay import FakeRelay
from tests.support.relay_stage import RelayStage, settings_for


class TestRelay(TransportContract):
    """The contract, over SMTP."""

    async def test_a_connection_is_kept(self, stage: RelayStage) -> None:
        """Mails follow each other on one line."""
        for number in range(3):
            await stage.transport.send(a_parcel(number))

        assert [mail.connection for mail in stage.peer.mails] == [1, 1, 1]


async def test_lines_are_shared_and_bounded() -> None:
    """Many mails at once use so many lines as were allowed, and no more."""
    async with FakeRelay() as peer:
        relay = SmtpRelay(settings_for(peer, connections=3))

        outcomes = await asyncio.gather(*(relay.send(a_parcel(number)) for number in range(30)))

        await relay.close()
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert peer.connections == 3
    assert sorted(mail.content for mail in peer.mails) == sorted(
        a_parcel(number).raw for number in range(30)
    )


@pytest.mark.parametrize("last_words", [b"", b"421 4.4.2 Idle for too long\r\n"])
async def test_a_line_that_died_idle_is_replaced(stage: RelayStage, last_words: bytes) -> None:
    """A relay may hang up on an idle line; the next mail never notices."""
    await stage.transport.send(a_parcel(1))
    stage.peer.hang_up_on_everybody(last_words)

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Accepted)
    assert [mail.connection for mail in stage.peer.mails] == [1, 2]


async def test_a_kept_line_that_is_refused_at_mail_is_replaced(stage: RelayStage) -> None:
    """A 421 to MAIL on a kept line says that the line is old, not that the relay is ill."""
    await stage.transport.send(a_parcel(1))
    stage.peer.refuse("MAIL", "421 4.4.2 Enough mail on this line")

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Accepted)
    assert [mail.connection for mail in stage.peer.mails] == [1, 2]


async def test_a_mail_is_not_offered_a_third_time(stage: RelayStage) -> None:
    """If the fresh line dies at MAIL too, the relay itself is in trouble."""
    await stage.transport.send(a_parcel(1))
    stage.peer.drop("MAIL", times=2)

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.CONNECTION, True)
    assert stage.peer.connections == 2


async def test_a_parcel_taken_away_cuts_its_line(stage: RelayStage) -> None:
    """A send that is cancelled leaves no half-used line behind."""
    stage.peer.hang("RCPT")
    sending = asyncio.create_task(stage.transport.send(a_parcel(1)))
    await stage.peer.reached("RCPT")
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Accepted)
    assert [mail.connection for mail in stage.peer.mails] == [2]


async def test_goodbye_is_said(stage: RelayStage) -> None:
    """Idle lines are ended with QUIT (RFC 5321, 4.1.1.10)."""
    await stage.transport.send(a_parcel())

    await stage.transport.close()

    assert stage.peer.said_to[-1] == "QUIT"


async def test_an_idle_line_is_left(stage: RelayStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line nobody needs is not kept for long."""
    monkeypatch.setattr("notifier.channels.email.relay._IDLE_SECONDS", 0.0)
    await stage.transport.send(a_parcel(1))
    await stage.peer.reached("QUIT")

    await stage.transport.send(a_parcel(2))

    assert [mail.connection for mail in stage.peer.mails] == [1, 2]


async def test_a_relay_without_answer_to_goodbye_is_left_all_the_same(stage: RelayStage) -> None:
    """QUIT is courtesy: whatever the answer, the line ends."""
    await stage.transport.send(a_parcel())
    stage.peer.drop("QUIT")

    await stage.transport.close()

    assert "QUIT" in stage.peer.said_to


async def test_utf8_goes_where_it_is_understood() -> None:
    """A mail in UTF-8 arrives unchanged at a peer that knows SMTPUTF8."""
    raw = "Subject: Grüße\r\n\r\n.Hällo.\r\n".encode()
    async with FakeRelay(smtputf8=True) as peer:
        relay = SmtpRelay(settings_for(peer))

        outcome = await relay.send(a_parcel(raw=raw, recipient="bö@example.net"))

        await relay.close()
    assert isinstance(outcome, Accepted)
    assert peer.mails[0].content == raw
    assert peer.mails[0].recipients == ("bö@example.net",)
    assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(peer.mails[0].parameters)


async def test_the_null_reverse_path_is_said(stage: RelayStage) -> None:
    """A notice leaves with the null reverse-path (RFC 5321, 4.5.5)."""
    outcome = await stage.transport.send(a_parcel(reverse_path=""))

    assert isinstance(outcome, Accepted)
    assert [mail.reverse_path for mail in stage.peer.mails] == [""]
