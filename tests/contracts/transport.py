"""What every way out must do, whatever is behind it.

A test of a transport inherits ``TransportContract`` and gives it a ``stage``: the transport and
the means to tell the peer behind it what to do.
"""

from typing import Protocol

import pytest

from core.outcome import Accepted, Cause, Deferred, Failed, Uncertain
from notifier.transports.base import Parcel, Transport

VERBS = ("MAIL", "RCPT", "DATA", "DOT")
BEFORE_THE_DOT = ("MAIL", "RCPT", "DATA")


class Stage(Protocol):
    """A transport and the peer behind it."""

    transport: Transport

    def refuse(self, step: str, reply: str) -> None:
        """Have the peer answer this at the next such step."""

    def drop(self, step: str) -> None:
        """Have the peer hang up at the next such step, also if it is offered again."""

    def received(self) -> list[bytes]:
        """Return the content of the mails the peer took."""


def a_parcel(
    number: int = 1,
    *,
    raw: bytes | None = None,
    recipient: str = "bo@example.net",
    reverse_path: str = "b+token@bounce.example.org",
) -> Parcel:
    """Return a parcel ready for the wire."""
    content = raw if raw is not None else b"Subject: mail %d\r\n\r\nHello.\r\n" % number
    return Parcel(f"dlv_{number}", reverse_path, recipient, content)


class TransportContract:
    """The promises of ``notifier.transports.base.Transport``."""

    async def test_accepts(self, stage: Stage) -> None:
        """A mail the peer takes is accepted, and the peer has its octets unchanged."""
        parcel = a_parcel()

        outcome = await stage.transport.send(parcel)

        assert isinstance(outcome, Accepted)
        assert outcome.reply.code == 250
        assert stage.received() == [parcel.raw]

    @pytest.mark.parametrize("verb", VERBS)
    async def test_a_4xx_defers(self, stage: Stage, verb: str) -> None:
        """A temporary refusal at any verb defers the mail, with the peer's words."""
        stage.refuse(verb, "450 4.2.1 Not now")

        outcome = await stage.transport.send(a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.reply is not None
        assert (outcome.reply.code, outcome.reply.enhanced) == (450, "4.2.1")
        assert outcome.reply.text == "Not now"
        assert not outcome.whole_lane
        assert stage.received() == []

    @pytest.mark.parametrize("verb", VERBS)
    async def test_a_5xx_fails(self, stage: Stage, verb: str) -> None:
        """A permanent refusal at any verb fails the mail, with the peer's words."""
        stage.refuse(verb, "550 5.1.1 No such user")

        outcome = await stage.transport.send(a_parcel())

        assert isinstance(outcome, Failed)
        assert outcome.cause is Cause.INVALID_RECIPIENT
        assert outcome.reply is not None
        assert (outcome.reply.code, outcome.reply.text) == (550, "No such user")
        assert stage.received() == []

    @pytest.mark.parametrize("verb", VERBS)
    async def test_a_421_slows_the_lane(self, stage: Stage, verb: str) -> None:
        """A peer that closes its service is left alone by everybody (RFC 5321, 3.8)."""
        stage.refuse(verb, "421 4.3.2 Going down")

        outcome = await stage.transport.send(a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.whole_lane

    @pytest.mark.parametrize("verb", VERBS)
    async def test_a_refused_mail_does_not_taint_the_next(self, stage: Stage, verb: str) -> None:
        """After a refusal the next mail goes through."""
        stage.refuse(verb, "550 5.7.1 Not this one")
        await stage.transport.send(a_parcel(1))

        outcome = await stage.transport.send(a_parcel(2))

        assert isinstance(outcome, Accepted)
        assert stage.received() == [a_parcel(2).raw]

    @pytest.mark.parametrize("verb", BEFORE_THE_DOT)
    async def test_a_dropped_connection_defers(self, stage: Stage, verb: str) -> None:
        """A line that breaks before any content defers the mail: nobody has it."""
        stage.drop(verb)

        outcome = await stage.transport.send(a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.cause is Cause.CONNECTION
        assert stage.received() == []

    async def test_dropped_after_the_dot_is_uncertain(self, stage: Stage) -> None:
        """A line that breaks after the final dot leaves open who has the mail (RFC 1047)."""
        stage.drop("DOT")

        outcome = await stage.transport.send(a_parcel())

        assert isinstance(outcome, Uncertain)
        assert outcome.detail

    @pytest.mark.parametrize("verb", VERBS)
    async def test_a_dropped_connection_does_not_taint_the_next(
        self, stage: Stage, verb: str
    ) -> None:
        """After a broken line the next mail goes through on another."""
        stage.drop(verb)
        await stage.transport.send(a_parcel(1))

        outcome = await stage.transport.send(a_parcel(2))

        assert isinstance(outcome, Accepted)

    async def test_a_wrong_login_never_fails_mail(self, stage: Stage) -> None:
        """What is our own fault waits for the operator, and so does everybody's mail."""
        stage.refuse("MAIL", "530 5.7.0 Authentication required")

        outcome = await stage.transport.send(a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.cause is Cause.AUTHENTICATION
        assert outcome.whole_lane

    async def test_closes_twice(self, stage: Stage) -> None:
        """Closing is final and may be said again."""
        await stage.transport.send(a_parcel())
        await stage.transport.close()

        await stage.transport.close()
