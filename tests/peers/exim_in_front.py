"""Exim in front: it hears the world, and passes the reply domain on to us."""

import sys

from tests.peers.exim import Written, exim
from tests.peers.letters import a_reply, offer
from tests.peers.lines import lines
from tests.peers.packages import Program, program
from tests.peers.postfix_in_front import (
    PAGE,
    SENTENCE,
    UNKNOWN,
    a_reply_arrives,
    a_wrong_address_is_refused,
    our_side,
)
from tests.peers.rounds import Found, Round
from tests.peers.served import ROOT, USER, Served, served


def by_smtp(found: Found) -> None:
    """SMTP with STARTTLS; Exim hands the content over by CHUNKING (RFC 3030)."""
    with served(found.folder / "gateway", *our_side(found)) as gateway:
        written = Written(
            lines(PAGE, "# Exim: a router, by SMTP", smtp_port=str(gateway.port("smtp"))),
            lines(PAGE, "# Exim: a transport, by SMTP"),
            lines(PAGE, "# Exim: in the ACL for RCPT"),
        )
        with exim(found.folder / "exim", _exim(found), written) as front:
            a_reply_arrives(found, gateway, front.port)
            line = front.logs("=>", "R=rejoinder")
            found.holds("over TLS 1.3, in chunks", "TLS1.3" in line and " K " in line, line)
            a_wrong_address_is_refused(found, front.port)


def by_lmtp(found: Found) -> None:
    """LMTP over a unix socket: each recipient of one mail gets its own answer."""
    with served(found.folder / "gateway", *our_side(found)) as gateway:
        written = Written(
            lines(PAGE, "# Exim: a router, by LMTP"),
            lines(PAGE, "# Exim: a transport, by LMTP", lmtp_socket=f"{gateway.folder}/lmtp"),
        )
        _each_gets_its_answer(found, gateway, written)


def by_pipe(found: Found) -> None:
    """``rejoinder mail receive``, which a pipe transport runs for each recipient."""
    with served(found.folder / "gateway") as gateway:
        written = Written(
            lines(PAGE, "# Exim: a router, by LMTP or a pipe"),
            lines(
                "handing-in", "rejoinder:\n  driver = pipe", config=gateway.config,
                exim_user=f"user = {USER}", folder=str(gateway.folder),
                program=f"{sys.executable} {ROOT / 'rejoinder.py'}",
            ),
        )  # fmt: skip
        _each_gets_its_answer(found, gateway, written)


def _each_gets_its_answer(found: Found, gateway: Served, written: Written) -> None:
    with exim(found.folder / "exim", _exim(found), written) as front:
        a_reply_arrives(found, gateway, front.port)
        ours = gateway.address("boat", "bo")
        offer(front.port, [ours, UNKNOWN], a_reply([ours, UNKNOWN]))
        gateway.hears("boat")
        found.holds("of a mail to one of ours and to nobody, ours is posted", True)
        line = front.logs("**", UNKNOWN)
        found.holds("nobody's is bounced", "R=rejoinder" in line, line)
        bounce = front.bounce("bo")
        found.holds("and Bo reads our sentence in the bounce", SENTENCE in bounce, bounce)


def _exim(found: Found) -> Program:
    return program("exim4", "exim4-daemon-light", found.larder)


ROUNDS = (
    Round("Exim", "in front, SMTP with STARTTLS", by_smtp),
    Round("Exim", "in front, LMTP, a unix socket", by_lmtp),
    Round("Exim", "in front, a pipe", by_pipe),
)
