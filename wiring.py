"""The wiring: the rooms are built from the settings here, by hand, run, and stopped.

Only the door imports this, and only for a command that needs the rooms: it brings the whole
application with it. Rooms are entered one after another and left in reverse: on stopping, no new
mail or request is let in first, what is under way is finished next, and the database is closed
last.
"""

import asyncio
import os
import random
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from core.actions.forget import Keeping
from core.address import Keyring
from core.client.reach import in_process, socket_path
from core.config.settings import Settings
from core.errors import SettingsError
from core.files.place import beside, default_url, open_files
from core.model.app import SenderPolicy
from core.observe import Event, logger
from core.process import first_of, hearing_hangups, settle
from core.store.database import Database, open_database
from gateway.authentication.check import checking
from gateway.context import Reception
from gateway.http.asgi import build, when_asked
from gateway.http.house import House
from gateway.http.server import bind_private, open_public, serving
from gateway.ingress import Hatch
from gateway.isolation.crash_log import CrashLog, watching
from gateway.mail.attachments import FileLimits
from gateway.smtp.handler import MailHandler
from gateway.smtp.opening import open_all
from notifier.crew import Pace
from notifier.desk import Desk
from notifier.hooks import Switchboard
from notifier.nudge import Nudge
from notifier.rendering.dkim import Signer, load_key
from notifier.rendering.letter import Sender
from notifier.scheduling.lane import Lane
from notifier.transports.relay import Relay
from notifier.transports.webhook import Webhook
from notifier.worker import work

if TYPE_CHECKING:
    from httpx import AsyncClient


@asynccontextmanager
async def running(settings: Settings, rooms: frozenset[str]) -> AsyncIterator[list[str]]:
    """Run rooms until left; yield a line for each place that is listened at."""
    _refuse_if_missing(settings)
    nudge = Nudge()
    said: list[str] = []
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings))
        await _prepare(database)
        house = await _house(settings, database, nudge)
        if "notifier" in rooms:
            await stack.enter_async_context(_working(settings, house, nudge))
            said.append(f"notifier working, relay {settings.relay.host}:{settings.relay.port}")
        noted = beside(settings.database.url, "reading")
        ward = stack.enter_context(watching(noted)) if "smtp" in rooms else None
        hatch = _hatch(stack, settings, house, nudge, ward)
        operators = socket_path(settings.database.url)
        if operators is not None:
            bound = stack.enter_context(bind_private(operators))
            local = when_asked(lambda: build(house, admin=True, hatch=hatch))
            await stack.enter_async_context(serving(local, bound))
        if "http" in rooms:
            said.append(await open_public(stack, settings.http, build(house, hatch=hatch)))
        if "smtp" not in rooms:
            stack.enter_context(hearing_hangups(_unmoved))
        else:
            said += await open_all(stack, settings.smtp, MailHandler(hatch.reception))
        settle()
        yield said


@asynccontextmanager
async def alone(settings: Settings) -> "AsyncIterator[AsyncClient]":
    """Be the service for the length of a command: yield a client of the admin routes."""
    _refuse_if_missing(settings)
    async with opened(settings) as database:
        await _prepare(database)
        house = await _house(settings, database, Nudge())
        with ExitStack() as stack:
            hatch = _hatch(stack, settings, house, Nudge())
            async with in_process(build(house, admin=True, hatch=hatch)) as client:
                settle()
                yield client


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open the database until left."""
    database = open_database(settings.database.url, pool_size=settings.database.pool_size)
    try:
        yield database
    finally:
        await database.close()


def _unmoved() -> None:
    logger().warning(Event.HANGUP_IGNORED, reason="no certificate is shown here")


def _refuse_if_missing(settings: Settings) -> None:
    if missing := settings.missing():
        raise SettingsError("\n".join(missing))


async def _prepare(database: Database) -> None:
    """Bring an embedded database up to date; a shared one is the operator's to migrate."""
    if database.embedded:
        await database.migrate()
    elif not await database.is_current():
        raise SettingsError("the tables are not up to date: run `rejoinder migrate` first")


async def _house(settings: Settings, database: Database, nudge: Nudge) -> House:
    files = settings.attachments
    return House(
        database=database, clock=await database.clock(),
        keys=Keyring(settings.addresses.key_octets, settings.addresses.current_key),
        public_url=settings.http.public_url, reply_domain=settings.addresses.domain,
        separator=settings.addresses.separator, nudge=nudge,
        sender_policy=SenderPolicy(settings.policy.sender_policy),
        limits=FileLimits(files.max_files, files.max_bytes, files.max_total_bytes),
        files=open_files(settings.files.url or default_url(settings.database.url)),
    )  # fmt: skip


@asynccontextmanager
async def _working(settings: Settings, house: House, nudge: Nudge) -> AsyncIterator[None]:
    """Work until left; if the work itself fails, so does everything."""
    knobs = settings.notifier

    def jitter() -> float:
        return random.uniform(-knobs.retry_jitter, knobs.retry_jitter)  # noqa: S311

    relay = Relay(settings.relay.model_copy(update={"ehlo_name": settings.ehlo_name}))
    desk = Desk(
        house.database, relay, _sender(settings, house), _signers(settings), Lane(),
        house.clock, jitter, knobs.lifetime_hours,
        Keeping(settings.policy.raw_mail_days, settings.policy.history_days), house.files,
    )  # fmt: skip
    told = Webhook(settings.webhooks)
    switchboard = Switchboard(house.database, told, house.public_url, house.clock, jitter)
    pace = Pace(knobs.concurrency, knobs.claim_batch, knobs.poll_seconds, knobs.lease_seconds)
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work(name, desk, switchboard, pace, nudge))
            try:
                yield
            finally:
                task.cancel()
    except BaseExceptionGroup as several:
        raise first_of(several) from None
    finally:
        await relay.close()
        await told.close()


def _sender(settings: Settings, house: House) -> Sender:
    who = settings.addresses
    return Sender(
        keys=house.keys, domain=who.domain, bounce_domain=who.bounce_host,
        list_domain=who.list_host, separator=who.separator, from_address=who.from_address,
        from_name=who.from_name, public_url=house.public_url, file_days=settings.files.link_days,
    )  # fmt: skip


def _signers(settings: Settings) -> tuple[Signer, ...]:
    domain, keys = settings.dkim.domain or "", settings.dkim.keys()
    try:
        return tuple(Signer(domain, selector, load_key(octets)) for selector, octets in keys)
    except ValueError as error:
        raise SettingsError(f"dkim: {error}") from None


def _hatch(
    stack: AsyncExitStack | ExitStack, settings: Settings, house: House, nudge: Nudge,
    ward: CrashLog | None = None,
) -> Hatch:  # fmt: skip
    """Return what receives mails, for every way they come in."""
    domains = frozenset({settings.addresses.domain, settings.addresses.bounce_host})
    reception = Reception(
        house.database, house.keys, domains, house.clock, nudge,
        settings.policy.raw_mail_days, settings.addresses.list_host, house.limits, house.files,
        stack.enter_context(checking(settings.senders)),
        ward, settings.addresses.operator_address,
    )  # fmt: skip
    return Hatch(reception, settings.smtp.max_message_bytes)
