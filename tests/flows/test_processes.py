"""The round trip through processes as operators run them: under TLS, and in two halves."""

import asyncio
import email
import email.policy
import ssl
from pathlib import Path

import httpx
import pytest

from tests.faults.peer import a_reply, connected, to_data
from tests.faults.process import SECONDS, a_shop, an_app, an_app_in, served
from tests.support.certificates import Authority
from tests.support.fake_relay import FakeRelay, Received

ROOM = "/v1/shop/conversations/room-0"
NAME = "localhost"


async def _says(api: httpx.AsyncClient, text: str) -> None:
    """Let Ann say something through the API."""
    said = {"type": "UserMessage", "sender": "ann", "text": text}
    assert (await api.post(f"{ROOM}/messages", json=[said])).is_success


async def _answers(port: int, got: Received, cover: ssl.SSLContext | None = None) -> list[str]:
    """Answer a digest as its reader does; return what was heard, EHLO's answer first."""
    address = email.message_from_bytes(got.content, policy=email.policy.default)["Reply-To"]
    async with connected(port) as peer:
        heard = []
        if cover is not None:
            heard += [await peer.say("EHLO mx.test"), await peer.say("STARTTLS")]
            await peer.cover(cover, NAME)
        heard.append(await peer.say(*to_data(address.addresses[0].addr_spec)))
        peer.write(a_reply("Yes, it is!", "answer"))
        return [*heard, await peer.hear()]


async def _texts(api: httpx.AsyncClient) -> list[tuple[str, str]]:
    found = (await api.get(f"{ROOM}/messages")).json()["data"]
    return [(one["senderId"], one["text"]) for one in found]


async def test_both_ways_go_under_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The relay's certificate is checked before a digest leaves; the reply comes in by STARTTLS."""
    authority = Authority(tmp_path)
    cover, trusted = authority.server(NAME), tmp_path / "authority.pem"
    trusted.write_text(authority.pem, encoding="ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    settings = (f"smtp.tls_certificate={NAME}.pem", f"relay.host={NAME}", "relay.tls=starttls")
    flags = [part for setting in settings for part in ("--set", setting)]
    async with (
        FakeRelay(tls=cover) as relay,
        served(tmp_path, *flags, relay_port=relay.port) as gateway,
        gateway.admin() as admin,
        asyncio.timeout(SECONDS),
    ):
        await an_app(admin)
        await a_shop(admin, 1)
        await _says(admin, "Is it red?")
        got = await relay.next_mail()
        offers, ready, begun, told = await _answers(gateway.ports["smtp"], got, authority.trusted())
        posted = await _texts(admin)
        receipt = (await admin.get("/v1/shop/receipts")).json()["data"][0]

    assert got.over_tls
    assert got.recipients == ("bo@example.net",)
    assert "STARTTLS" in offers
    assert [ready[:3], begun[:3], told[:3]] == ["220", "354", "250"]
    assert posted == [("bo", "Yes, it is!"), ("ann", "Is it red?")]
    assert receipt["verdict"] == "accept"


async def test_a_gateway_and_a_notifier_meet_in_the_database(
    postgresql_url: str, tmp_path: Path
) -> None:
    """One process takes replies and answers the API, another sends: the round trip is the same."""
    secret = await an_app_in(postgresql_url)
    halves = [tmp_path / "gateway", tmp_path / "notifier"]
    for folder in halves:
        folder.mkdir()
    async with (
        FakeRelay() as relay,
        served(halves[0], database=postgresql_url, rooms=("smtp", "http")) as gateway,
        served(
            halves[1], database=postgresql_url, rooms=("notifier",), relay_port=relay.port
        ) as notifier,
        gateway.api(secret) as api,
        asyncio.timeout(SECONDS),
    ):
        await a_shop(api, 1)
        await _says(api, "Is it red?")
        got = await relay.next_mail()
        _, told = await _answers(gateway.ports["smtp"], got)
        back = await relay.next_mail()
        posted = await _texts(api)
        for half in (notifier, gateway):
            half.ask_to_stop()
        codes = [await notifier.wait(), await gateway.wait()]

    assert told.startswith("250")
    assert posted == [("bo", "Yes, it is!"), ("ann", "Is it red?")]
    assert [got.recipients, back.recipients] == [("bo@example.net",), ("ann@example.net",)]
    assert b"Yes, it is!" in back.content
    assert codes == [0, 0]


async def test_who_says_something_wakes_the_notifier_of_another_process(
    postgresql_url: str, tmp_path: Path
) -> None:
    """It looks by itself once a minute only; the digest is there in seconds."""
    secret = await an_app_in(postgresql_url)
    halves = [tmp_path / "gateway", tmp_path / "notifier"]
    for folder in halves:
        folder.mkdir()
    seldom = ("--set", "notifier.poll_seconds=60")
    async with (
        FakeRelay() as relay,
        served(halves[0], database=postgresql_url, rooms=("http",)) as gateway,
        served(
            halves[1], *seldom, database=postgresql_url, rooms=("notifier",), relay_port=relay.port
        ),
        gateway.api(secret) as api,
    ):
        await a_shop(api, 1)
        digests = []
        for text in ("Is it red?", "Or blue?"):  # by the second its line to the server stands
            await _says(api, text)
            async with asyncio.timeout(SECONDS):
                digests.append((await relay.next_mail()).content)

    assert b"Or blue?" in digests[1]
