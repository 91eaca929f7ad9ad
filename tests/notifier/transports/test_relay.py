"""The relay keeps every promise of a transport, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.config.ways_out import Relay as RelaySettings
from core.outcome import Accepted, Cause, Deferred, Failed, Uncertain
from notifier.transports.relay import Relay
from tests.contracts.transport import TransportContract, a_parcel
from tests.support.fake_relay import FakeRelay


def settings_for(peer: FakeRelay, **changes: Any) -> RelaySettings:
    """Return the settings that lead to a fake relay."""
    return RelaySettings(
        **{"host": peer.host, "port": peer.port, "timeout_seconds": 5, "ehlo_name": "us.test"}
        | changes
    )


class _Stage:
    def __init__(self, peer: FakeRelay) -> None:
        self.peer = peer
        self.transport = Relay(settings_for(peer))

    def refuse(self, step: str, reply: str) -> None:
        self.peer.refuse(step, reply)

    def drop(self, step: str) -> None:
        self.peer.drop(step)

    def received(self) -> list[bytes]:
        return [mail.content for mail in self.peer.mails]


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[_Stage]:
    """Yield a relay and the server behind it."""
    async with FakeRelay(pipelining=request.param) as peer:
        stage = _Stage(peer)
        yield stage
        await stage.transport.close()


class TestRelay(TransportContract):
    """The contract, over SMTP."""

    async def test_a_connection_is_kept(self, stage: _Stage) -> None:
        """Mails follow each other on one line."""
        for number in range(3):
            await stage.transport.send(a_parcel(number))

        assert [mail.connection for mail in stage.peer.mails] == [1, 1, 1]


async def test_lines_are_shared_and_bounded() -> None:
    """Many mails at once use so many lines as were allowed, and no more."""
    async with FakeRelay() as peer:
        relay = Relay(settings_for(peer, connections=3))

        outcomes = await asyncio.gather(*(relay.send(a_parcel(number)) for number in range(30)))

        await relay.close()
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert peer.connections == 3
    assert sorted(mail.content for mail in peer.mails) == sorted(
        a_parcel(number).raw for number in range(30)
    )


@pytest.mark.parametrize("last_words", [b"", b"421 4.4.2 Idle for too long\r\n"])
async def test_a_line_that_died_idle_is_replaced(stage: _Stage, last_words: bytes) -> None:
    """A relay may hang up on an idle line; the next mail never notices."""
    await stage.transport.send(a_parcel(1))
    stage.peer.hang_up_on_everybody(last_words)

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Accepted)
    assert [mail.connection for mail in stage.peer.mails] == [1, 2]


async def test_a_kept_line_that_is_refused_at_mail_is_replaced(stage: _Stage) -> None:
    """A 421 to MAIL on a kept line says that the line is old, not that the relay is ill."""
    await stage.transport.send(a_parcel(1))
    stage.peer.refuse("MAIL", "421 4.4.2 Enough mail on this line")

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Accepted)
    assert [mail.connection for mail in stage.peer.mails] == [1, 2]


async def test_a_mail_is_not_offered_a_third_time(stage: _Stage) -> None:
    """If the fresh line dies at MAIL too, the relay itself is in trouble."""
    await stage.transport.send(a_parcel(1))
    stage.peer.drop("MAIL", times=2)

    outcome = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.CONNECTION, True)
    assert stage.peer.connections == 2


async def test_a_line_that_breaks_later_is_this_mails_trouble(stage: _Stage) -> None:
    """A peer that hangs up on one mail only does not hold up the others."""
    stage.peer.drop("RCPT")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.CONNECTION, False)


@pytest.mark.parametrize("step", ["GREETING", "EHLO"])
@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        pytest.param("421 4.3.2 Too many connections", Cause.BUSY, id="not now"),
        pytest.param("554 5.7.1 No service", Cause.RELAY_REFUSES, id="never"),
    ],
)
async def test_a_refusal_to_talk_defers_everybody(
    stage: _Stage, step: str, reply: str, cause: Cause
) -> None:
    """What is said before any mail is said of none: no mail fails for it."""
    stage.peer.refuse(step, reply)

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert outcome.whole_lane
    assert outcome.cause is cause


@pytest.mark.parametrize("step", ["GREETING", "EHLO"])
async def test_a_line_that_breaks_before_mail_defers_everybody(stage: _Stage, step: str) -> None:
    """A relay that hangs up on us before any mail is in trouble as a whole."""
    stage.peer.drop(step)

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.CONNECTION, True)


async def test_a_relay_that_knows_no_ehlo_is_greeted_with_helo(stage: _Stage) -> None:
    """RFC 5321, 3.2: HELO for a peer that does not know EHLO."""
    stage.peer.refuse("EHLO", "502 5.5.1 What?")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Accepted)


async def test_nobody_there_defers_everybody() -> None:
    """No relay, no mail; and the words say why."""
    async with FakeRelay() as peer:
        settings = settings_for(peer)

    outcome = await Relay(settings).send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.CONNECTION, True)
    assert outcome.reply is not None
    assert outcome.reply.code == 0
    assert "refused" in outcome.reply.text.lower() or "connect" in outcome.reply.text.lower()


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("step", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_silent_relay_defers(step: str, *, pipelining: bool) -> None:
    """A relay that says nothing is waited for so long and no longer."""
    async with FakeRelay(pipelining=pipelining) as peer:
        peer.hang(step)
        relay = Relay(settings_for(peer, timeout_seconds=0.1))

        outcome = await relay.send(a_parcel())

        await relay.close()
    assert isinstance(outcome, Deferred)
    assert outcome.cause is Cause.CONNECTION
    assert peer.mails == []


@pytest.mark.parametrize("pipelining", [True, False])
async def test_silence_after_the_dot_is_uncertain(*, pipelining: bool) -> None:
    """A relay that says nothing after the content may have it."""
    async with FakeRelay(pipelining=pipelining) as peer:
        peer.hang("DOT")
        relay = Relay(settings_for(peer, timeout_seconds=0.02))

        outcome = await relay.send(a_parcel())

        await relay.close()
    assert isinstance(outcome, Uncertain)


async def test_data_taken_without_a_recipient_is_ended(stage: _Stage) -> None:
    """A peer that says 354 after refusing the recipient gets an empty mail (RFC 2920, 3.1)."""
    stage.peer.refuse("RCPT", "550 5.1.1 No such user")
    if stage.peer.pipelining:
        stage.peer.take_data_anyway()

    refused = await stage.transport.send(a_parcel(1))
    accepted = await stage.transport.send(a_parcel(2))

    assert isinstance(refused, Failed)
    assert isinstance(accepted, Accepted)
    assert [(mail.content, mail.connection) for mail in stage.peer.mails] == [(a_parcel(2).raw, 1)]


async def test_a_relay_that_cannot_reset_is_left(stage: _Stage) -> None:
    """A line that may still hold half a mail is not used again."""
    stage.peer.refuse("RCPT", "550 5.1.1 No such user")
    stage.peer.refuse("RSET", "500 What?")
    await stage.transport.send(a_parcel(1))

    await stage.transport.send(a_parcel(2))

    assert [mail.connection for mail in stage.peer.mails] == [2]


async def test_a_silly_answer_is_not_taken_for_a_yes(stage: _Stage) -> None:
    """A 250 to DATA is no leave to send content, and the mail is not accepted."""
    stage.peer.refuse("DATA", "250 OK")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert stage.peer.mails == []


async def test_a_silly_final_answer_is_uncertain(stage: _Stage) -> None:
    """A 354 to the final dot says neither yes nor no."""
    stage.peer.refuse("DOT", "354 More, please")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Uncertain)


async def test_a_reply_of_several_lines_is_read_whole(stage: _Stage) -> None:
    """All lines of a refusal are kept."""
    stage.peer.refuse("RCPT", "550-5.7.1 Our rules\r\n550-5.7.1 forbid\r\n550 5.7.1 this mail")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Failed)
    assert outcome.reply is not None
    assert outcome.reply.text == "Our rules forbid this mail"


async def test_a_parcel_taken_away_cuts_its_line(stage: _Stage) -> None:
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


async def test_goodbye_is_said(stage: _Stage) -> None:
    """Idle lines are ended with QUIT (RFC 5321, 4.1.1.10)."""
    await stage.transport.send(a_parcel())

    await stage.transport.close()

    assert stage.peer.said_to[-1] == "QUIT"


async def test_an_idle_line_is_left(stage: _Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line nobody needs is not kept for long."""
    monkeypatch.setattr("notifier.transports.relay._IDLE_SECONDS", 0.0)
    await stage.transport.send(a_parcel(1))
    await stage.peer.reached("QUIT")

    await stage.transport.send(a_parcel(2))

    assert [mail.connection for mail in stage.peer.mails] == [1, 2]


async def test_a_relay_without_answer_to_goodbye_is_left_all_the_same(stage: _Stage) -> None:
    """QUIT is courtesy: whatever the answer, the line ends."""
    await stage.transport.send(a_parcel())
    stage.peer.drop("QUIT")

    await stage.transport.close()

    assert "QUIT" in stage.peer.said_to


async def test_utf8_goes_where_it_is_understood() -> None:
    """A mail in UTF-8 arrives unchanged at a peer that knows SMTPUTF8."""
    raw = "Subject: Grüße\r\n\r\n.Hällo.\r\n".encode()
    async with FakeRelay(smtputf8=True) as peer:
        relay = Relay(settings_for(peer))

        outcome = await relay.send(a_parcel(raw=raw, recipient="bö@example.net"))

        await relay.close()
    assert isinstance(outcome, Accepted)
    assert peer.mails[0].content == raw
    assert peer.mails[0].recipients == ("bö@example.net",)
    assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(peer.mails[0].parameters)


async def test_a_mail_too_big_is_refused_before_it_is_sent() -> None:
    """The size is said at MAIL, so that a refusal costs nothing (RFC 1870)."""
    async with FakeRelay(size_limit=1000) as peer:
        relay = Relay(settings_for(peer))

        outcome = await relay.send(a_parcel(raw=b"x" * 70 + b"\r\n" + b"y\r\n" * 1000))

        await relay.close()
    assert isinstance(outcome, Failed)
    assert peer.mails == []


async def test_an_address_that_is_none_never_reaches_the_relay(stage: _Stage) -> None:
    """What could leave its brackets is refused before the line."""
    outcome = await stage.transport.send(a_parcel(recipient="bo@example.net>\r\nDATA"))

    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.INVALID_RECIPIENT
    assert "MAIL" not in stage.peer.said_to


async def test_the_null_reverse_path_is_said(stage: _Stage) -> None:
    """A notice leaves with the null reverse-path (RFC 5321, 4.5.5)."""
    outcome = await stage.transport.send(a_parcel(reverse_path=""))

    assert isinstance(outcome, Accepted)
    assert [mail.reverse_path for mail in stage.peer.mails] == [""]
