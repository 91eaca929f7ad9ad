"""Mails in the name of a domain whose keys nobody answers for, and how long an honest one takes.

Forty connections offer mails with ten signatures each, whose selectors are silent. Whoever writes
meanwhile from a domain that answers must be answered as if they were alone.
"""

import asyncio
import contextlib
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from caller import Caller, code
from spoof import honest

SECONDS, AT_ONCE, MOST_SECONDS = 8.0, 40, 2.0
DOMAIN, SELECTOR = "silent.example", "silent"
TEXTS = {f"_dmarc.{DOMAIN}": "v=DMARC1; p=reject"}
_SIGNATURE = (
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={}; s={}; h=from; bh={}; b=AAAA\r\n"
)
Row = tuple[str, str, bool]


async def tried(port: int, address: str) -> Row:
    """Offer such mails, and honest ones meanwhile."""
    loop, until = asyncio.get_running_loop(), time.monotonic() + SECONDS
    with ThreadPoolExecutor(AT_ONCE) as callers:
        sent = [loop.run_in_executor(callers, _keep_on, port, address, n, until)
                for n in range(AT_ONCE)]  # fmt: skip
        await asyncio.sleep(2)
        times, answers = [], set()
        while time.monotonic() < until:
            began = time.monotonic()
            answers.add(code(await asyncio.to_thread(honest, port, address)))
            times.append(time.monotonic() - began)
        many = sum(await asyncio.gather(*sent))
    well = answers == {"250 2.0.0"} and max(times) < MOST_SECONDS
    told = f"{max(times):.2f} s of {len(times)}, {', '.join(sorted(answers))}; {many} of the others"
    return ("slowest honest mail beside a silent domain", told, well)


def _keep_on(port: int, address: str, number: int, until: float) -> int:
    """Offer mails one after the other until the time is up; return how many."""
    count = 0
    while time.monotonic() < until:
        count += 1
        with contextlib.suppress(OSError), Caller(port, f"203.0.113.{number + 1}") as caller:
            _offer(caller, address, f"{number}.{count}")
    return count


def _offer(caller: Caller, address: str, name: str) -> None:
    body = f"Hello {name}\r\n"
    digest = b64encode(sha256(body.encode()).digest()).decode()  # else no key is asked for
    signatures = [_SIGNATURE.format(DOMAIN, f"{SELECTOR}{name}.{n}", digest) for n in range(10)]
    author = f"mallory@{DOMAIN}"
    head = f"From: {author}\r\nMessage-ID: <{name}@{DOMAIN}>\r\n"
    mail = "".join(signatures) + f"{head}\r\n{body}."
    for words in ("EHLO mx", f"MAIL FROM:<{author}>", f"RCPT TO:<{address}>", "DATA", mail):
        if caller.say(words)[:1] not in (b"2", b"3"):
            return
