"""A mail that goes straight and through a list reaches us twice, over real sockets; it is one."""

import asyncio
from pathlib import Path

from core.clock import SetClock
from core.model.delivery import State
from core.model.held import HeldState
from core.moment import MINUTE
from core.store import deliveries, held
from core.store.database import Database
from gateway.context import Context
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening
from tests.faults.peer import connected, to_data
from tests.faults.process import SECONDS, a_shop, an_app_in, served
from tests.support.copies import a_copy
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import KEYS, notifying, until
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway

WORDS = "Oui, le vélo est toujours là.\nVenez vendredi à neuf heures."
FOOTER = """

_______________________________________________
Liste de diffusion Velo
Velo@listes.example.org
https://listes.example.org/mailman/listinfo/velo"""
DIRECT = a_copy(WORDS, "iso-8859-1", "quoted-printable")
BY_LIST = a_copy(WORDS + FOOTER, coding="base64", Subject="[Velo] Re: x")
REWRITTEN = a_copy(WORDS + FOOTER, coding="base64", From="Bo via Velo <velo@listes.example.org>")


async def _offer(port: int, address: str, mail: bytes) -> str:
    """Deliver a mail as a mail server does, and return the answer to it."""
    async with connected(port) as peer:
        await peer.say(*to_data(address))
        peer.write(mail.decode("ascii").strip().replace("\n", "\r\n") + "\r\n.\r\n")
        return await peer.hear()


def _at(gateway: Gateway) -> Context:
    return Context(gateway.database, gateway.clock, KEYS, "http://n.test", "reply.test")


async def test_two_servers_bring_one_mail_at_once(database: Database) -> None:
    """Both hear 250, and it is said once."""
    gateway = await a_gateway(database)
    address = await gateway.address()
    async with listening(Listening(), MailHandler(_at(gateway))) as listener:
        heard = await asyncio.gather(
            *(_offer(listener.port, address, mail) for mail in (DIRECT, BY_LIST))
        )

    assert [one[:3] for one in heard] == ["250", "250"]
    assert heard[0] == heard[1]
    assert await gateway.said() == [WORDS]


async def test_a_question_that_is_moot_does_not_leave(database: Database, clock: SetClock) -> None:
    """The list's copy is held and its owner is to be asked; then the straight one is posted."""
    gateway = await a_gateway(database)
    address = await gateway.address()
    async with FakeRelay() as relay:
        async with listening(Listening(), MailHandler(_at(gateway))) as listener:
            heard = [await _offer(listener.port, address, mail) for mail in (REWRITTEN, DIRECT)]
        clock.moment = gateway.clock.now() + MINUTE
        async with notifying(database, relay, clock):

            async def decided() -> bool:
                found = await database.read(
                    lambda s: deliveries.listed(s, APP, waiting_only=True, limit=9)
                )
                return not found

            await until(decided)
    (asked,) = await database.read(
        lambda s: [
            one
            for one in deliveries.listed(s, APP, waiting_only=False, limit=9)
            if one.held_id is not None
        ]
    )
    (waited,) = await database.read(lambda s: held.listed(s, APP, waiting_only=False, limit=9))

    assert heard[0][:3] == heard[1][:3] == "250"
    assert await gateway.said() == [WORDS]
    assert (waited.state, asked.state) == (HeldState.POSTED, State.CANCELLED)
    assert asked.address not in [one.recipients[0] for one in relay.mails]


async def test_two_processes_take_one_mail_once(postgresql_url: str, tmp_path: Path) -> None:
    """Each of two gateways on one database gets a copy in the same moment."""
    secret = await an_app_in(postgresql_url)
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    async with (
        served(folders[0], database=postgresql_url, rooms=("smtp", "http")) as one,
        served(folders[1], database=postgresql_url, rooms=("smtp",)) as other,
        one.api(secret) as api,
        asyncio.timeout(SECONDS),
    ):
        (address,) = await a_shop(api, 1, quiet=True)
        ports = [one.ports["smtp"], other.ports["smtp"]]
        heard = []
        for turn in range(6):
            name = {"Message_ID": f"<{turn}@x>"}
            text = f"{WORDS} {turn}"
            mails = [a_copy(text, coding="quoted-printable", **name)]
            mails.append(a_copy(text + FOOTER, coding="base64", **name))
            offers = zip(ports, mails, strict=True)
            heard += await asyncio.gather(*(_offer(port, address, mail) for port, mail in offers))
        page = (await api.get("/v1/shop/conversations/room-0/messages")).json()["data"]

    assert {one[:3] for one in heard} == {"250"}
    assert [one["text"] for one in reversed(page)] == [f"{WORDS} {turn}" for turn in range(6)]
