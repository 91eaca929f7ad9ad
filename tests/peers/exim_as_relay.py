"""Exim as the relay: a digest leaves by it, signed; the reply and the bounce come back by it."""

from tests.peers.digests import (
    a_digest_to_bo,
    cleos_bounce_is_understood,
    is_good,
    its_reply_arrives,
)
from tests.peers.exim import Written, exim
from tests.peers.lines import lines
from tests.peers.packages import program
from tests.peers.postfix_in_front import PAGE, our_side
from tests.peers.processes import free_port
from tests.peers.rounds import Found, Round
from tests.peers.served import served


def out_and_back(found: Found) -> None:
    """Leave by an Exim on this machine; Bo answers, and Exim has no mailbox of Cleo's."""
    port = free_port()
    relay = ["--set", "relay.host=127.0.0.1", "--set", f"relay.port={port}"]
    tool = program("exim4", "exim4-daemon-light", found.larder)
    with served(found.folder / "gateway", *our_side(found), *relay) as gateway:
        written = Written(
            lines(PAGE, "# Exim: a router, by SMTP", smtp_port=str(gateway.port("smtp"))),
            lines(PAGE, "# Exim: a transport, by SMTP"),
        )
        with exim(found.folder / "exim", tool, written, port) as relayed:
            octets = a_digest_to_bo(gateway, relayed)
            is_good(found, octets, gateway.zone)
            its_reply_arrives(found, gateway, relayed, octets)
            cleos_bounce_is_understood(found, gateway)


ROUNDS = (Round("Exim", "relay: out and back", out_and_back),)
