"""What the transport of every channel must do, whatever is behind it.

A test of a transport inherits ``TransportContract``, says at which ``steps`` its peer can answer or
hang up, and in which words (``Refusals``), and gives it a ``stage``: the transport and the means to
tell the peer behind it what to do. A peer that speaks SMTP needs to say nothing: its words are the
ones that stand here.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import pytest

from core.outcome import Accepted, Cause, Deferred, Failed, PeerReply, Uncertain
from notifier.channels.base import Transport
from notifier.channels.email.parcel import MailParcel


@dataclass(frozen=True, slots=True)
class Refusals:
    """How a peer says no: not now, never, not this one, not to anybody now, not to a stranger."""

    later: PeerReply
    never: PeerReply
    unwelcome: PeerReply
    closing: PeerReply
    stranger: PeerReply


IN_SMTP = Refusals(
    later=PeerReply(450, "4.2.1", "Not now"),
    never=PeerReply(550, "5.1.1", "No such user"),
    unwelcome=PeerReply(550, "5.7.1", "Not this one"),
    closing=PeerReply(421, "4.3.2", "Going down"),
    stranger=PeerReply(530, "5.7.0", "Authentication required"),
)


class Stage(Protocol):
    """A transport and the peer behind it."""

    @property
    def transport(self) -> Transport[Any]:
        """What is held to the contract."""

    def a_parcel(self, number: int = 1) -> Any:
        """Return a parcel of its channel, another one for each number."""

    def content(self, parcel: Any) -> bytes:
        """Return what a peer that takes a parcel has of it."""

    def refuse(self, step: str, reply: PeerReply) -> None:
        """Have the peer answer this at the next such step."""

    def drop(self, step: str) -> None:
        """Have the peer hang up at the next such step, also if it is offered again."""

    def received(self) -> list[bytes]:
        """Return the content of the parcels the peer took."""


def a_parcel(
    number: int = 1,
    *,
    raw: bytes | None = None,
    recipient: str = "bo@example.net",
    reverse_path: str = "b+token@bounce.example.org",
) -> MailParcel:
    """Return a mail ready for the wire."""
    content = raw if raw is not None else b"Subject: mail %d\r\n\r\nHello.\r\n" % number
    return MailParcel(f"dlv_{number}", reverse_path, recipient, content)


class TransportContract:
    """The promises of ``notifier.channels.base.Transport``."""

    steps: ClassVar[tuple[str, ...]] = ("MAIL", "RCPT", "DATA", "DOT")
    """What the peer answers, in order; at the last it has all of the content."""

    of_us: ClassVar[tuple[str, ...]] = ("MAIL",)
    """The steps that name nobody but us, so that no refusal of them is about a reader."""

    says: ClassVar[Refusals] = IN_SMTP
    yes: ClassVar[int] = 250
    """The code by which the peer takes a parcel."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Take a test through each step of this peer, or through those before the content."""
        steps: tuple[str, ...] = metafunc.cls.steps if metafunc.cls else ()
        if "step" in metafunc.fixturenames:
            metafunc.parametrize("step", steps)
        if "early_step" in metafunc.fixturenames:
            metafunc.parametrize("early_step", steps[:-1])
        of_us: tuple[str, ...] = metafunc.cls.of_us if metafunc.cls else ()
        if "of_them" in metafunc.fixturenames:
            metafunc.parametrize("of_them", [one for one in steps if one not in of_us])

    async def test_accepts(self, stage: Stage) -> None:
        """A parcel the peer takes is accepted, and the peer has its octets unchanged."""
        parcel = stage.a_parcel()

        outcome = await stage.transport.send(parcel)

        assert isinstance(outcome, Accepted)
        assert outcome.reply.code == self.yes
        assert stage.received() == [stage.content(parcel)]

    async def test_not_now_defers(self, stage: Stage, step: str) -> None:
        """A temporary refusal at any step defers the parcel, with the peer's words."""
        stage.refuse(step, self.says.later)

        outcome = await stage.transport.send(stage.a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.reply == self.says.later
        assert not outcome.whole_lane
        assert stage.received() == []

    async def test_never_fails(self, stage: Stage, of_them: str) -> None:
        """A permanent refusal once the reader is named fails the parcel, with the peer's words."""
        stage.refuse(of_them, self.says.never)

        outcome = await stage.transport.send(stage.a_parcel())

        assert isinstance(outcome, Failed)
        assert outcome.cause is Cause.INVALID_RECIPIENT
        assert outcome.reply == self.says.never
        assert stage.received() == []

    async def test_a_peer_that_closes_slows_the_lane(self, stage: Stage, step: str) -> None:
        """A peer that closes its service is left alone by everybody (RFC 5321, 3.8)."""
        stage.refuse(step, self.says.closing)

        outcome = await stage.transport.send(stage.a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.whole_lane

    async def test_a_refused_parcel_does_not_taint_the_next(self, stage: Stage, step: str) -> None:
        """After a refusal the next parcel goes through."""
        stage.refuse(step, self.says.unwelcome)
        await stage.transport.send(stage.a_parcel(1))

        outcome = await stage.transport.send(stage.a_parcel(2))

        assert isinstance(outcome, Accepted)
        assert stage.received() == [stage.content(stage.a_parcel(2))]

    async def test_a_dropped_connection_defers(self, stage: Stage, early_step: str) -> None:
        """A line that breaks before any content defers the parcel: nobody has it."""
        stage.drop(early_step)

        outcome = await stage.transport.send(stage.a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.cause is Cause.CONNECTION
        assert stage.received() == []

    async def test_dropped_after_the_content_is_uncertain(self, stage: Stage) -> None:
        """A line that breaks after the last octet leaves open who has the parcel (RFC 1047)."""
        stage.drop(self.steps[-1])

        outcome = await stage.transport.send(stage.a_parcel())

        assert isinstance(outcome, Uncertain)
        assert outcome.detail

    async def test_a_dropped_connection_does_not_taint_the_next(
        self, stage: Stage, step: str
    ) -> None:
        """After a broken line the next parcel goes through on another."""
        stage.drop(step)
        await stage.transport.send(stage.a_parcel(1))

        outcome = await stage.transport.send(stage.a_parcel(2))

        assert isinstance(outcome, Accepted)

    async def test_a_wrong_login_never_fails_a_parcel(self, stage: Stage) -> None:
        """What is our own fault waits for the operator, and so does everybody's mail."""
        stage.refuse(self.steps[0], self.says.stranger)

        outcome = await stage.transport.send(stage.a_parcel())

        assert isinstance(outcome, Deferred)
        assert outcome.cause is Cause.AUTHENTICATION
        assert outcome.whole_lane

    async def test_closes_twice(self, stage: Stage) -> None:
        """Closing is final and may be said again."""
        await stage.transport.send(stage.a_parcel())
        await stage.transport.close()

        await stage.transport.close()
