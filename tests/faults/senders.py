"""Several mail servers with mails to deliver, while the gateway is killed again and again."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.peer import Peer, a_reply, connected, to_data
from tests.faults.process import SECONDS, Served

CLIENTS = 6


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to be delivered, and the conversation it belongs to."""

    address: str
    room: str
    words: str


@dataclass
class Senders:
    """Each mail is offered, with the same Message-ID, until it is answered 250.

    ``moments``: so many lines have been said, by all, when the gateway is killed, each time at
    once after the line. ``broken`` counts the offers that came to no answer.
    """

    gateway: Served
    todo: list[Mail]
    moments: list[int]
    accepted: list[Mail] = field(default_factory=list, init=False)
    broken: int = field(default=0, init=False)
    _said: int = field(default=0, init=False)

    async def deliver(self) -> None:
        """Deliver everything."""
        async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
            group.create_task(self._raise_the_dead(len(self.moments)))
            for _ in range(CLIENTS):
                group.create_task(self._deliver_some())

    async def _raise_the_dead(self, times: int) -> None:
        for _ in range(times):
            await self.gateway.wait()
            await self.gateway.start()

    async def _deliver_some(self) -> None:
        while self.todo:
            mail = self.todo.pop()
            while mail not in self.accepted:
                await self.gateway.up.wait()
                self.broken += 1
                with suppress(OSError):  # the gateway has died; nobody knows how far it came
                    await self._offer(mail)
                    self.broken -= 1

    async def _offer(self, mail: Mail) -> None:
        async with connected(self.gateway.ports["smtp"]) as peer:
            for line in to_data(mail.address):
                await self._say(f"{line}\r\n", peer)
            heard = await self._say(a_reply(mail.words, mail.words.replace(" ", ".")), peer)
            assert heard.startswith("250"), heard
            self.accepted.append(mail)

    async def _say(self, text: str, peer: Peer) -> str:
        peer.write(text)
        self._kill_if_it_is_time()
        return await peer.hear()

    def _kill_if_it_is_time(self) -> None:
        self._said += 1
        if self.moments and self._said >= self.moments[0] and self.gateway.up.is_set():
            self.moments.pop(0)
            self.gateway.shoot()
