"""The settings' places are opened, and each says where it is."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.config.ways_in import SmtpSettings
from core.errors import SettingsError
from core.observe import Event
from gateway.smtp.opening import open_all
from tests.support.certificates import Authority
from tests.support.mail_peer import Peer, Remembering, connect


def _smtp(**more: Any) -> SmtpSettings:
    return SmtpSettings.model_validate({"host": "127.0.0.1", "port": 0} | more)


async def test_every_place_is_opened_and_told(tmp_path: Path) -> None:
    """Port, TLS port and LMTP socket, one line each; all of them answer."""
    Authority(tmp_path).server("localhost")
    pem, path = tmp_path / "localhost.pem", tmp_path / "lmtp"
    settings = _smtp(tls_certificate=pem, implicit_tls_port=0, lmtp=f"unix:{path}")
    async with AsyncExitStack() as stack:
        said = await open_all(stack, settings, Remembering())
        mta = Peer(*await asyncio.open_unix_connection(path))
        greeting = await mta.hear()
        await mta.close()

    assert [line.rstrip("0123456789") for line in (said[0], said[2])] == [
        "smtp listening on 127.0.0.1:",
        f"lmtp listening on unix:{path}",
    ]
    assert said[1].endswith(" with TLS")
    assert greeting.startswith("220 localhost ")


async def test_all_places_share_their_sessions() -> None:
    """The most sessions are the most of the process, not of each port."""
    settings = _smtp(max_connections=1, lmtp="127.0.0.1:0")
    async with AsyncExitStack() as stack:
        ports = [
            int(line.rpartition(":")[2]) for line in await open_all(stack, settings, Remembering())
        ]
        first, second = await connect(ports[0]), await connect(ports[1])
        heard = [await first.hear(), await second.hear()]
        await first.close()
        await second.close()

    assert [one[:3] for one in heard] == ["220", "421"]


async def test_the_settings_limits_are_the_sessions() -> None:
    """What the operator sets is what a peer meets."""
    settings = _smtp(max_message_bytes=1000, tarpit_seconds=0, proxy_protocol=True)
    async with AsyncExitStack() as stack:
        (said,) = await open_all(stack, settings, Remembering())
        peer = await connect(int(said.rpartition(":")[2]))
        peer.write(b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 25\r\n")
        await peer.hear()
        heard = await peer.say(b"EHLO here.test", b"MAIL FROM:<a@b.test> SIZE=1001")
        await peer.close()

    assert "SIZE 1000" in heard[0]
    assert heard[1].startswith("552 5.3.4 ")


async def test_a_hangup_signal_without_a_certificate_is_told_and_ends_nothing() -> None:
    """A renewal's deploy hook reaches processes that show no certificate, too."""
    async with AsyncExitStack() as stack:
        (said,) = await open_all(stack, _smtp(), Remembering())
        with capture_logs() as told:
            os.kill(os.getpid(), signal.SIGHUP)
            peer = await connect(int(said.rpartition(":")[2]))
            greeting = await peer.hear()
            await peer.close()

    assert greeting.startswith("220 ")
    assert [one["event"] for one in told] == [Event.HANGUP_IGNORED]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        pytest.param(
            {"tls_certificate": "/no/such.pem"}, "smtp.tls_certificate: /no/such.pem", id="TLS"
        ),
        pytest.param(
            {"lmtp": "unix:/no/such/folder/lmtp"}, "smtp.lmtp: cannot listen on", id="LMTP"
        ),
    ],
)
async def test_what_cannot_be_opened_is_named(more: dict[str, str], wrong: str) -> None:
    """The setting at fault stands in the error."""
    async with AsyncExitStack() as stack:
        with pytest.raises(SettingsError) as error:
            await open_all(stack, _smtp(**more), Remembering())

    assert str(error.value).startswith(wrong)
