"""A renewed certificate is shown to who comes next; a broken one changes nothing."""

import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core.config.ways_in import SmtpSettings
from core.errors import SettingsError
from gateway.smtp.certificates import Certificates
from gateway.smtp.listener import Listening, listening
from gateway.smtp.opening import open_all
from tests.support.certificates import Authority
from tests.support.mail_peer import Remembering, connect


class Time:
    """A steady clock that stands still until it is moved."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Shelf:
    """A folder with a certificate in use, and what it may be changed to."""

    def __init__(self, folder: Path) -> None:
        """Put the first one there."""
        self.authority = Authority(folder)
        self.chain = folder / "in-use.pem"
        self._folder = folder
        self.put("first.test")

    def put(self, name: str) -> None:
        """Put the certificate of a name there, as a program that renews does: by renaming."""
        self.authority.server(name)
        shutil.copy(self._folder / f"{name}.pem", self._folder / "new.pem")
        (self._folder / "new.pem").rename(self.chain)

    def spoil(self, octets: bytes) -> None:
        """Write something else there."""
        self.chain.write_bytes(octets)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Give a shelf with the certificate of first.test."""
    return Shelf(tmp_path)


@asynccontextmanager
async def _shown_at(shelf: Shelf, time: Time, *, implicit: bool) -> AsyncIterator[Any]:
    """Give a function that connects anew and returns the name the server shows."""
    place = Listening(certificates=Certificates(shelf.chain, None, time), implicit_tls=implicit)
    async with listening(place, Remembering()) as listener:

        async def shown(name: str) -> str:
            peer = await connect(listener.port)
            if not implicit:
                await peer.hear()
                await peer.say(b"EHLO here.test", b"STARTTLS")
            await peer.start_tls(shelf.authority.trusted(), name)
            subject = dict(one[0] for one in peer.certificate()["subject"])
            await peer.close()
            return str(subject["commonName"])

        yield shown


@pytest.mark.parametrize("implicit", [True, False], ids=["implicit TLS", "STARTTLS"])
async def test_a_new_file_is_shown_to_new_connections(shelf: Shelf, implicit: bool) -> None:  # noqa: FBT001
    """Looked at once a minute at most, and without a restart."""
    time = Time()
    async with _shown_at(shelf, time, implicit=implicit) as shown:
        before = await shown("first.test")
        shelf.put("second.test")
        time.now = 59.9
        too_early = await shown("first.test")
        time.now = 60.0
        after = await shown("second.test")

    assert (before, too_early, after) == ("first.test", "first.test", "second.test")


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"", id="an empty file"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\nhalf", id="half a file"),
    ],
)
async def test_a_broken_file_keeps_the_old_certificate(shelf: Shelf, octets: bytes) -> None:
    """What cannot be loaded is not used, and a good file after it is."""
    time = Time()
    async with _shown_at(shelf, time, implicit=False) as shown:
        shelf.spoil(octets)
        time.now = 60.0
        meanwhile = await shown("first.test")
        shelf.put("second.test")
        time.now = 120.0
        after = await shown("second.test")

    assert (meanwhile, after) == ("first.test", "second.test")


async def test_a_file_that_is_gone_keeps_the_old_certificate(shelf: Shelf) -> None:
    """Between removing and writing there is no file at all."""
    time = Time()
    async with _shown_at(shelf, time, implicit=True) as shown:
        shelf.chain.unlink()
        time.now = 60.0

        assert await shown("first.test") == "first.test"


def test_a_key_that_does_not_fit_yet_keeps_the_old_pair(tmp_path: Path) -> None:
    """Chain and key are two files: between the two writes the old pair is shown."""
    authority = Authority(tmp_path)
    for name in ("first.test", "second.test"):
        authority.server(name)
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    shutil.copy(tmp_path / "first.test.pem", chain)
    shutil.copy(tmp_path / "first.test.pem", key)
    certificates = Certificates(chain, key, Time())
    first = certificates.context()

    shutil.copy(tmp_path / "second.test.pem", chain)
    certificates.look()
    between = certificates.context()
    shutil.copy(tmp_path / "second.test.pem", key)
    certificates.look()

    assert between is first
    assert certificates.context() is not first


def test_nothing_is_loaded_anew_while_nothing_changes(shelf: Shelf) -> None:
    """A look that finds the files as they were costs a stat."""
    time = Time()
    certificates = Certificates(shelf.chain, None, time)
    first = certificates.context()
    time.now = 1_000.0

    assert certificates.context() is first


async def test_a_hangup_signal_looks_at_once(shelf: Shelf) -> None:
    """SIGHUP, as a renewal's deploy hook sends it, does not wait for the minute."""
    settings = SmtpSettings(host="127.0.0.1", port=0, tls_certificate=shelf.chain)
    async with AsyncExitStack() as stack:
        (said,) = await open_all(stack, settings, Remembering())
        shelf.put("second.test")
        os.kill(os.getpid(), signal.SIGHUP)
        peer = await connect(int(said.rpartition(":")[2]))
        await peer.hear()
        await peer.say(b"EHLO here.test", b"STARTTLS")
        await peer.start_tls(shelf.authority.trusted(), "second.test")
        (heard,) = await peer.say(b"EHLO here.test")
        await peer.close()

    assert heard.startswith("250-")


async def test_at_start_a_broken_file_is_an_error(shelf: Shelf) -> None:
    """Before anything is served there is no old one to keep."""
    shelf.spoil(b"nothing")
    settings = SmtpSettings(host="127.0.0.1", port=0, tls_certificate=shelf.chain)

    async with AsyncExitStack() as stack:
        with pytest.raises(SettingsError, match=r"^smtp\.tls_certificate: cannot be used"):
            await open_all(stack, settings, Remembering())
