"""A relay that will not take our mail, at each step at which it can say so."""

import pytest

from core.outcome import Accepted, Cause, Deferred
from core.rules.bounces import Nothing, consequence
from notifier.channels.email.relay import SmtpRelay
from tests.contracts.transport import a_parcel
from tests.support.fake_relay import FakeRelay
from tests.support.relay_stage import RelayStage, settings_for

QUOTA, RATE, POLICY = Cause.SENDER_QUOTA, Cause.SENDER_RATE, Cause.RELAY_REFUSES


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        ("550 5.4.5 Daily user sending limit exceeded - gsmtp", QUOTA),
        ("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", QUOTA),
        ("454 4.7.0 Throttling failure: Maximum sending rate exceeded", RATE),
        ("554 5.7.0 The limit on the number of allowed outgoing messages was exceeded.", QUOTA),
        ("550 5.7.705 Access denied, tenant has exceeded threshold", POLICY),
        ("554 5.7.1 Message rejected: Sending paused for this account.", POLICY),
        ("552-5.2.2 Sorry\r\n552 5.2.2 you have exceeded your hourly limit", QUOTA),
    ],
)
async def test_it_waits_wherever_that_is_said(
    stage: RelayStage, step: str, reply: str, cause: Cause
) -> None:
    """No mail fails for it, all mail waits, nobody is blamed; and the next one goes through."""
    stage.peer.refuse(step, reply)

    outcome = await stage.transport.send(a_parcel(1))
    later = await stage.transport.send(a_parcel(2))

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (cause, True)
    assert consequence(outcome.cause) == Nothing()
    assert isinstance(later, Accepted)


async def test_a_login_that_is_refused_for_our_quota() -> None:
    """SendGrid says so to AUTH: it is no wrong password."""
    async with FakeRelay(credentials={"we": "secret"}) as peer:
        peer.refuse("AUTH", "451 Authentication failed: Maximum credits exceeded", times=9)
        transport = SmtpRelay(settings_for(peer, tls="none", username="we", password="secret"))
        outcome = await transport.send(a_parcel())
        await transport.close()

    assert isinstance(outcome, Deferred)
    assert (outcome.cause, outcome.whole_lane) == (Cause.SENDER_QUOTA, True)
