"""Guessing at addresses gets slow, and then ends."""

import pytest

from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening
from tests.support.mail_peer import Remembering, a_peer

HELLO = (b"EHLO here.test", b"MAIL FROM:<a@b.test>")


class Sleeper:
    """Sleeps no time at all, and remembers for how long it should have."""

    def __init__(self) -> None:
        """Begin awake."""
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Sleep."""
        self.slept.append(seconds)


async def test_each_wrong_recipient_waits_longer_and_the_fifth_is_the_last() -> None:
    """The delays double, and then we say goodbye and hang up."""
    sleeper = Sleeper()
    place = Listening(limits=SmtpLimits(tarpit_seconds=0.5), sleep=sleeper, trusted=())
    async with a_peer(Remembering(), place=place) as peer:
        heard = await peer.say(*HELLO, *[b"RCPT TO:<x@wrong.test>"] * 5)

        assert [one[:9] for one in heard[2:]] == ["550 5.1.1"] * 4 + ["421 4.7.0"]
        assert await peer.rest() == b""
    assert sleeper.slept == [0, 0.5, 1.0, 2.0, 4.0]


async def test_guesses_in_many_transactions_are_counted_together() -> None:
    """RSET and another MAIL do not begin the count anew."""
    sleeper = Sleeper()
    guess = (b"RCPT TO:<x@wrong.test>", b"RSET", HELLO[1])
    async with a_peer(Remembering(), place=Listening(sleep=sleeper, trusted=())) as peer:
        heard = await peer.say(*HELLO, *(guess * 4), guess[0])

        assert heard[-1].startswith("421 4.7.0 ")
    assert sleeper.slept[-1] == 8


async def test_an_mta_of_the_operators_passes_on_the_guesses_of_others() -> None:
    """A front in a trusted network is neither slowed down nor cut off for what others write."""
    sleeper = Sleeper()
    async with a_peer(Remembering(), place=Listening(sleep=sleeper)) as peer:
        wrong, right = b"RCPT TO:<x@wrong.test>", b"RCPT TO:<x@right.test>"
        heard = await peer.say(*HELLO, *[wrong] * 20, right)

    assert [one[:3] for one in heard[2:]] == ["550"] * 20 + ["250"]
    assert sleeper.slept == []


async def test_a_temporary_no_is_no_guess() -> None:
    """What we could not answer is not held against the peer."""
    sleeper = Sleeper()
    async with a_peer(Remembering(), place=Listening(sleep=sleeper, trusted=())) as peer:
        heard = await peer.say(*HELLO, *[b"RCPT TO:<bug@right.test>"] * 8)

    assert [one[:3] for one in heard[2:]] == ["451"] * 8
    assert sleeper.slept == []


async def test_past_the_hundredth_recipient_nobody_is_asked() -> None:
    """A flood of recipients costs the handler no more than a transaction's worth."""
    handler = Remembering()
    limits = SmtpLimits(recipients=3)
    async with a_peer(handler, limits) as peer:
        heard = await peer.say(*HELLO, *[b"RCPT TO:<x@right.test>"] * 5, b"DATA")
        (last,) = await peer.say(b"Subject: x\r\n\r\nhello\r\n.")

    assert [one[:9] for one in heard[2:7]] == ["250 2.1.5"] * 3 + ["452 4.5.3"] * 2
    assert last.startswith("250")
    assert len(handler.asked) == 3


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        pytest.param([b"NOOP"] * 51, "421 4.7.0", id="NOOP"),
        pytest.param([b"RSET", b"VRFY x", b"HELP"] * 17, "421 4.7.0", id="in turns"),
        pytest.param([b"FNORD"] * 10, "421 4.7.0", id="commands there are not"),
        pytest.param([b"AUTH PLAIN x"] * 10, "421 4.7.0", id="commands we do not offer"),
        pytest.param([b"MAIL FROM:<"] * 10, "421 4.7.0", id="arguments that are none"),
        pytest.param([b"\xff\xfe"] * 10, "421 4.7.0", id="what is no text"),
        pytest.param([b"GET / HTTP/1.1"], "554 5.5.1", id="a browser"),
    ],
)
async def test_useless_commands_come_to_an_end(lines: list[bytes], code: str) -> None:
    """Each kind has a budget, after which the line is closed."""
    async with a_peer(Remembering()) as peer:
        heard = await peer.say(*lines)

        assert heard[-1].startswith(code)
        assert not any(one.startswith("421") for one in heard[:-1])
        assert await peer.rest() == b""


async def test_a_mail_pays_for_more_commands() -> None:
    """A busy peer that says NOOP between its mails is no idler."""
    limits = SmtpLimits(idle_commands=3)
    mail = (HELLO[1], b"RCPT TO:<x@right.test>", b"DATA", b"Subject: x\r\n\r\nhello\r\n.")
    async with a_peer(Remembering(), limits) as peer:
        heard = await peer.say(HELLO[0], *((b"NOOP", *mail) * 5))

    assert not any(one.startswith("421") for one in heard)
