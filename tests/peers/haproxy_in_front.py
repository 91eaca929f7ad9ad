"""HAProxy in front: the gateway hears whom it speaks for (PROXY protocol, version 2)."""

import os
import pwd
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.awaiting import until
from tests.peers.letters import a_reply, offer
from tests.peers.lines import lines
from tests.peers.packages import Program, program
from tests.peers.postfix_in_front import PAGE, a_reply_arrives, our_side
from tests.peers.processes import ended, free_port, listens
from tests.peers.rounds import Found, Round
from tests.peers.served import USER, served

_CLIENT = "127.0.0.7"
_DEFAULTS = """\
defaults
    timeout connect 5s
    timeout client 60s
    timeout server 60s

"""


def by_proxy(found: Found) -> None:
    """Come from another address: that one is written down, and STARTTLS goes through."""
    words = [*our_side(found), "--set", "smtp.proxy_protocol=true"]
    with served(found.folder / "gateway", *words) as gateway:
        port = free_port()
        to = gateway.address("boat", "bo")
        configuration = lines(
            PAGE,
            "# haproxy.cfg",
            bind=f"bind 127.0.0.1:{port}\n",
            smtp_port=str(gateway.port("smtp")),
        )
        tool = program("haproxy", "haproxy", found.larder)
        with haproxy(found.folder / "haproxy", tool, configuration, port):
            a_reply_arrives(found, gateway, port)
            offer(port, [to], a_reply([to]), source=_CLIENT, tls=True)
            gateway.hears("boat")
            peers = [one["peer"] for one in gateway.receipts()]
            found.holds("the receipt names the client's address", peers[0] == _CLIENT, peers)
        told = _unannounced(gateway.port("smtp"))
        found.holds("who comes without the header is told so", told.startswith("554"), told)


@contextmanager
def haproxy(folder: Path, tool: Program, configuration: str, port: int) -> Iterator[None]:
    """Run a HAProxy until left."""
    folder.mkdir()
    file = folder / "haproxy.cfg"
    file.write_text(_DEFAULTS + configuration)
    user = pwd.getpwnam(USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    with (
        subprocess.Popen(
            [str(tool.path), "-db", "-f", str(file)],
            cwd=folder, env=tool.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True, user=user.pw_uid, group=user.pw_gid, extra_groups=[],
        ) as process,
        ended(process),
    ):  # fmt: skip
        until(lambda: listens(port), "HAProxy listens")
        yield


def _unannounced(port: int) -> str:
    """Speak SMTP to the port that is for the proxy, and return what it says."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as peer:
            code, words = peer.ehlo("client.example.net")
    except smtplib.SMTPResponseException as refusal:
        return f"{refusal.smtp_code} {refusal.smtp_error!r}"
    return f"{code} {words!r}"


ROUNDS = (Round("HAProxy", "in front, PROXY protocol v2", by_proxy),)
