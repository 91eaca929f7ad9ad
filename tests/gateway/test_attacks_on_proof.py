"""Somebody writes into their own mail that it is proven: only who may say so is believed.

The author's domain publishes ``p=reject`` and has signed nothing: who is not believed is held.
Each case bears the number of its row in docs/failures.md.
"""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from itertools import count

import pytest
import pytest_asyncio

from core.verdict import Reason
from gateway.authentication.authenticate import Means
from gateway.authentication.check import SenderChecks
from gateway.authentication.resolver import RecordType
from gateway.authentication.trusted_mta import Front
from tests.support.reception import Gateway, a_mail, a_shared_gateway
from tests.support.senders import Zones, rsa_key, sealed

FRONT = "front.test"
OURS, THEIRS = "192.0.2.0/24", "198.51.100.0/24"  # every mail comes from 192.0.2.1
PASS = "dmarc=pass header.from=example.net"
ZONES = {
    ("_dmarc.example.net", RecordType.TXT): ("v=DMARC1; p=reject",),
    ("sel._domainkey.forwarder.test", RecordType.TXT): (rsa_key()[1],),
    ("sel._domainkey.eve.test", RecordType.TXT): (rsa_key()[1],),
}

NUMBERS = count()  # no mail is another one once more

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Place:
    """A gateway, and whom it believes from mail to mail."""

    def __init__(self, gateway: Gateway, pool: ThreadPoolExecutor) -> None:
        """Begin with nobody."""
        self.gateway, self._pool = gateway, pool
        self.front: Front | None = None
        self.sealers: frozenset[str] = frozenset()

    def means(self) -> Means:
        """Return what checking takes."""
        return Means(Zones(ZONES), self._pool, sealers=self.sealers)

    async def hears(self, raw: bytes, front: str = "", sealers: str = "") -> Reason:
        """Offer a mail where the front is in a network, and these sealers are trusted."""
        self.sealers = frozenset(sealers.split())
        named = Front((ip_network(front),), FRONT) if front else None
        object.__setattr__(self.gateway.at, "senders", SenderChecks(self.means, named))
        return (await self.gateway.offer(raw.replace(b"\r\n", b"\n"))).reason


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """Open one gateway for all cases."""
    folder = tmp_path_factory.mktemp("gateway")
    with ThreadPoolExecutor(1) as pool:
        async with a_shared_gateway(folder) as gateway:
            yield Place(gateway, pool)


def reporting(*results: str) -> bytes:
    """Write a mail of Bo's with these Authentication-Results above it."""
    above = "".join(f"Authentication-Results: {one}\n" for one in results)
    return above.encode() + a_mail(f"Mail {next(NUMBERS)}.")


async def test_p7_04_what_the_front_itself_says_is_believed(place: Place) -> None:
    """The field on top, of its name, from its network: without this the next test says nothing."""
    assert await place.hears(reporting(f"{FRONT}; {PASS}"), OURS) is Reason.POSTED


@pytest.mark.parametrize(
    ("network", "results"),
    [
        pytest.param(THEIRS, [f"{FRONT}; {PASS}"], id="7.4 the peer is not the front"),
        pytest.param(
            OURS, ["mx.eve.test; spf=pass", f"{FRONT}; {PASS}"], id="7.4 forged below another's"
        ),
        pytest.param(
            OURS,
            [f"{FRONT}; dmarc=fail header.from=example.net", f"{FRONT}; {PASS}"],
            id="7.4 forged below the front's own",
        ),
        pytest.param(OURS, [f"mx.eve.test; {PASS}"], id="7.4 another server's on top"),
        pytest.param(OURS, [f"({FRONT}) mx.eve.test; {PASS}"], id="7.4 the name in a comment"),
        pytest.param(OURS, [f"mx.eve.test;\n {FRONT}; {PASS}"], id="7.4 the name on a folded line"),
        pytest.param(OURS, [f"{FRONT}.eve.test; {PASS}"], id="7.4 the name as a beginning"),
        pytest.param(OURS, [f"{FRONT} eve.test; {PASS}"], id="7.4 the name and another"),
        pytest.param(OURS, [f"{FRONT}; dmarc=fail; {PASS}"], id="7.4 two results of one method"),
        pytest.param(OURS, [f"{FRONT}; dmarc=fail (; {PASS})"], id="7.4 the result in a comment"),
        pytest.param(
            OURS, [f'{FRONT}; dmarc=fail reason="; {PASS}"'], id="7.4 the result in quotes"
        ),
        pytest.param(
            OURS, [f"{FRONT}; dmarc=pass header.from=eve.test"], id="7.4 of another author"
        ),
    ],
)
async def test_a_forged_result_proves_nothing(
    place: Place, network: str, results: list[str]
) -> None:
    """Whatever the field looks like, it is not what the front put on top."""
    assert await place.hears(reporting(*results), network) is Reason.SENDER_UNPROVEN


async def passed_on(place: Place, sealer: str, results: str = PASS) -> bytes:
    """Return a mail of Bo's to us that a forwarder has sealed."""
    to = await place.gateway.address()
    mail = a_mail(f"By the sealer of mail {next(NUMBERS)}.", To=to).replace(b"\n", b"\r\n")
    return sealed(mail, sealer, results)


async def test_p7_05_a_trusted_forwarder_is_believed(place: Place) -> None:
    """It saw the mail pass: without this the next test says nothing."""
    raw = await passed_on(place, "forwarder.test")

    assert await place.hears(raw, sealers="forwarder.test") is Reason.POSTED


FAILED = "dmarc=fail header.from=example.net"


@pytest.mark.parametrize(
    ("sealer", "results", "change", "trusted"),
    [
        pytest.param("forwarder.test", PASS, ("", ""), "", id="7.5 nobody is trusted"),
        pytest.param("eve.test", PASS, ("", ""), "forwarder.test", id="7.5 a stranger's seal"),
        pytest.param(
            "eve.test", PASS, ("d=eve.test", "d=forwarder.test"), "forwarder.test",
            id="7.5 a stranger's seal under a trusted name",
        ),
        pytest.param(
            "forwarder.test", PASS, ("By the", "Pay the"), "forwarder.test",
            id="7.5 other words under a trusted seal",
        ),
        pytest.param(
            "forwarder.test", FAILED, ("dmarc=fail", "dmarc=pass"), "forwarder.test",
            id="7.5 another result under a trusted seal",
        ),
        pytest.param(
            "forwarder.test", "dmarc=pass header.from=eve.test", ("", ""), "forwarder.test",
            id="7.5 a trusted seal of another author's mail",
        ),
    ],
)  # fmt: skip
async def test_a_forged_chain_proves_nothing(
    place: Place, sealer: str, results: str, change: tuple[str, str], trusted: str
) -> None:
    """Anybody can seal: only who is trusted counts, and only for what they saw."""
    sealed_mail = await passed_on(place, sealer, results)
    raw = sealed_mail.replace(change[0].encode(), change[1].encode())

    assert await place.hears(raw, sealers=trusted) is Reason.SENDER_UNPROVEN
