"""Floods to an address by somebody who holds it: replies, machines' mails, opt-outs, no end."""

import os
from base64 import encodebytes
from collections import Counter

from siege import Attack, Target, connected, together

from core.address import Keyring, Purpose, Token, local_part

LARGE = 6_000_000  # octets before base64
_KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)  # the gateway's (servers/gateway.py)


def to_one_address(purpose: Purpose, head: str, mails: int, size: int, at_once: int) -> Attack:
    """Return an attack that offers so many mails of a size to one person's address."""

    async def attack(target: Target) -> Counter[str]:
        address = _other(target.addresses[7], purpose)
        filler = encodebytes(os.urandom(size)).replace(b"\n", b"\r\n")
        waiting = iter(range(mails))
        answers: Counter[str] = Counter()

        async def send(network: int) -> str:
            for number in waiting:
                answers[await _offered(target, network, address, head, number, filler)] += 1
            return ""

        await together(send(network) for network in range(at_once))
        return answers

    return attack


async def _offered(
    target: Target, network: int, address: str, head: str, number: int, filler: bytes
) -> str:
    async with connected(target, network) as line:
        answer = await line.to_content(address)
        if not answer.startswith("354"):
            return answer
        name = f"Message-ID: <flood-{network}-{number}@example.net>"
        line.writer.write(f"From: bo@example.net\r\n{name}\r\n{head}\r\nNo. {number}\r\n".encode())
        line.writer.write(filler)
        await line.writer.drain()
        return await line.say(b"\r\n.\r\n")


def _other(address: str, purpose: Purpose) -> str:
    """Return the same person's address for another purpose."""
    local, _, domain = address.partition("@")
    token = _KEYS.read(Purpose.REPLY, local[2:])
    if token is None:
        raise ValueError(address)
    signed = _KEYS.sign(Token(purpose, token.app_number, token.reference))
    return f"{local_part(purpose, signed)}@{domain}"
