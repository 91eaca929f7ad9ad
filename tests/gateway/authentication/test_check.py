"""An operator learns that senders are not checked, before somebody makes use of it."""

import pytest
from structlog.testing import capture_logs

from core.config.ways_in import SenderSettings as Settings
from core.model.member import Correspondent
from core.model.participant import Access
from core.observe import Event
from gateway.authentication.check import check, checking
from gateway.authentication.results import UNCHECKED
from gateway.mail.envelope import Envelope
from gateway.mail.head import head_of
from gateway.mail.offer import Offer
from gateway.mail.parse import parse
from tests.support.people import NOW

RAW = b"From: Bo <bo@example.net>\r\nSubject: Re: x\r\n\r\nYes.\r\n"
BO = Correspondent(
    app_id="shop",
    conversation_id="room",
    user_id="bo",
    access=Access.READ_WRITE,
    left_at=None,
    address_epoch=0,
    sender_policy="strict",
    name="Bo",
    addresses=("bo@example.net",),
    locale="en",
    conversation_subject=None,
)


def _offered_by(peer: str) -> Offer:
    return Offer(Envelope("bo@example.net", ("r",), peer), "r", RAW, NOW, 1)


@pytest.mark.parametrize(
    ("verify", "told"),
    [
        pytest.param(True, [Event.SENDER_UNCHECKED], id="told once, however many mails come"),
        pytest.param(False, [], id="whoever turned the checks off knows it"),
    ],
)
async def test_mail_through_an_unnamed_front_is_told_of_once(
    *, verify: bool, told: list[Event]
) -> None:
    """Behind an MTA nobody has named, no author is checked; each process says so in its log."""
    with checking(Settings(verify=verify)) as at, capture_logs() as log:
        known = [
            (await check(_offered_by(peer), head_of(parse(RAW)), BO, at))[1]
            for peer in ("local", "127.0.0.1", "::ffff:10.1.2.3", "fe80::1%eth0")
        ]

    assert [one["event"] for one in log] == told
    assert known == [UNCHECKED] * 4
