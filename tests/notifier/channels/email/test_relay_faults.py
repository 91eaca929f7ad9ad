"""Relays that refuse, fall silent, hang up or talk nonsense."""

import pytest

from core.outcome import Accepted, Cause, Deferred, Failed, Uncertain
from notifier.channels.email.relay import SmtpRelay
from tests.contracts.transport import a_parcel
from tests.support.fake_relay import FakeRelay
from tests.support.relay_stage import RelayStage, settings_for


async def test_a_line_that_breaks_later_is_this_mails_trouble(stage: RelayStage) -> None:
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
    stage: RelayStage, step: str, reply: str, cause: Cause
) -> None:
    """What is said before any mail is said of none: no mail fails for it."""
    stage.peer.refuse(step, reply)

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert outcome.whole_lane
    assert outcome.cause is cause


@pytest.mark.parametrize("step", ["GREETING", "EHLO"])
async def test_a_break_before_mail_defers_everybody(stage: RelayStage, step: str) -> None:
    """A relay that hangs up on us before any mail is in trouble as a whole."""
    stage.peer.drop(step)

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.CONNECTION, True)


async def test_a_relay_that_knows_no_ehlo_is_greeted_with_helo(stage: RelayStage) -> None:
    """RFC 5321, 3.2: HELO for a peer that does not know EHLO."""
    stage.peer.refuse("EHLO", "502 5.5.1 What?")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Accepted)


async def test_nobody_there_defers_everybody() -> None:
    """No relay, no mail; and the words say why."""
    async with FakeRelay() as peer:
        settings = settings_for(peer)

    outcome = await SmtpRelay(settings).send(a_parcel())

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
        relay = SmtpRelay(settings_for(peer, timeout_seconds=0.1))

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
        relay = SmtpRelay(settings_for(peer, timeout_seconds=0.02))

        outcome = await relay.send(a_parcel())

        await relay.close()
    assert isinstance(outcome, Uncertain)


async def test_data_taken_without_a_recipient_is_ended(stage: RelayStage) -> None:
    """A peer that says 354 after refusing the recipient gets an empty mail (RFC 2920, 3.1)."""
    stage.peer.refuse("RCPT", "550 5.1.1 No such user")
    if stage.peer.pipelining:
        stage.peer.take_data_anyway()

    refused = await stage.transport.send(a_parcel(1))
    accepted = await stage.transport.send(a_parcel(2))

    assert isinstance(refused, Failed)
    assert isinstance(accepted, Accepted)
    assert [(mail.content, mail.connection) for mail in stage.peer.mails] == [(a_parcel(2).raw, 1)]


async def test_a_relay_that_cannot_reset_is_left(stage: RelayStage) -> None:
    """A line that may still hold half a mail is not used again."""
    stage.peer.refuse("RCPT", "550 5.1.1 No such user")
    stage.peer.refuse("RSET", "500 What?")
    await stage.transport.send(a_parcel(1))

    await stage.transport.send(a_parcel(2))

    assert [mail.connection for mail in stage.peer.mails] == [2]


async def test_a_silly_answer_is_not_taken_for_a_yes(stage: RelayStage) -> None:
    """A 250 to DATA is no leave to send content, and the mail is not accepted."""
    stage.peer.refuse("DATA", "250 OK")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Deferred)
    assert stage.peer.mails == []


async def test_a_silly_final_answer_is_uncertain(stage: RelayStage) -> None:
    """A 354 to the final dot says neither yes nor no."""
    stage.peer.refuse("DOT", "354 More, please")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Uncertain)


async def test_a_reply_of_several_lines_is_read_whole(stage: RelayStage) -> None:
    """All lines of a refusal are kept."""
    stage.peer.refuse("RCPT", "550-5.7.1 Our rules\r\n550-5.7.1 forbid\r\n550 5.7.1 this mail")

    outcome = await stage.transport.send(a_parcel())

    assert isinstance(outcome, Failed)
    assert outcome.reply is not None
    assert outcome.reply.text == "Our rules forbid this mail"


async def test_a_mail_too_big_is_refused_before_it_is_sent() -> None:
    """The size is said at MAIL, so that a refusal costs nothing (RFC 1870)."""
    async with FakeRelay(size_limit=1000) as peer:
        relay = SmtpRelay(settings_for(peer))

        outcome = await relay.send(a_parcel(raw=b"x" * 70 + b"\r\n" + b"y\r\n" * 1000))

        await relay.close()
    assert isinstance(outcome, Failed)
    assert peer.mails == []


async def test_an_address_that_is_none_never_reaches_the_relay(stage: RelayStage) -> None:
    """What could leave its brackets is refused before the line."""
    outcome = await stage.transport.send(a_parcel(recipient="bo@example.net>\r\nDATA"))

    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.INVALID_RECIPIENT
    assert "MAIL" not in stage.peer.said_to
