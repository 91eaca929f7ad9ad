"""The wiring: the rooms are built from the settings here, by hand, run, and stopped in reverse.

Only the door imports this, for a command that needs the rooms: it brings the whole application.
"""

import asyncio
import os
import random
import secrets
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.actions.forget import Keeping
from core.address import Keyring
from core.changes import Changes
from core.client.reach import in_process, socket_path
from core.config.settings import Settings
from core.errors import SettingsError
from core.files.place import beside, default_url, open_files
from core.memory_budget import MemoryBudget
from core.model.app import SenderPolicy
from core.model.delivery import EMAIL
from core.nudge import Nudge
from core.observe import Event, logger
from core.process import first_of, freeze_heap, hearing_hangups, raise_descriptor_limit
from core.rules.day_limit import DayLimit, DayLimits
from core.store.database import Database, open_database
from core.store.engine.touched import Foreign, Hint, Touched
from gateway.authentication.check import checking
from gateway.capacity.descriptors import (
    DescriptorShares,
    TooFewDescriptors,
    WantedConnections,
    shared_out,
)
from gateway.capacity.share import Share
from gateway.context import Context
from gateway.http.asgi import build, when_asked
from gateway.http.server import bind_private, open_public, serving
from gateway.isolation.crash_log import watching
from gateway.isolation.offload import Readers
from gateway.mail.attachments import FileLimits
from gateway.smtp.handler import MailHandler
from gateway.smtp.opening import open_all
from notifier.channels.base import Channel, Way
from notifier.channels.email.dkim import Signer, load_key
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.channels.webhook.call import WebhookClient
from notifier.context import NotifierContext
from notifier.preview import Previews
from notifier.queue.pool import Pace
from notifier.rendering.identity import Identity
from notifier.scheduling.provider_lanes import ProviderBounds
from notifier.worker import work

if TYPE_CHECKING:
    from httpx import AsyncClient


@asynccontextmanager
async def running(settings: Settings, rooms: frozenset[str]) -> AsyncIterator[list[str]]:
    """Run rooms until left; yield a line for each place that is listened at."""
    _refuse_if_missing(settings)
    shares = _shares(settings, rooms)
    nudge = Nudge()
    said: list[str] = []
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings))
        await _prepare(database)
        noted = beside(settings.database.url, "reading")
        crash_log = stack.enter_context(watching(noted)) if "smtp" in rooms else None
        context = await _context(stack, settings, database, nudge, Readers(crash_log))
        changes = Changes(database, context.clock)
        context = replace(context, changes=changes)
        await stack.enter_async_context(_hearing(context, changes, nudge))
        if "notifier" in rooms:
            await stack.enter_async_context(_working(settings, context, nudge))
            hops = ", then ".join(
                f"{one.host}:{one.port}" for one in settings.relay.each().values()
            )
            said.append(f"notifier working, relay {hops}")
        operators = socket_path(settings.database.url)
        if operators is not None:
            bound = stack.enter_context(bind_private(operators))
            local = when_asked(lambda: build(context, admin=True))
            await stack.enter_async_context(serving(local, bound))
        if "http" in rooms:
            share = Share(shares.http, shares.http_ceiling, context.memory)
            said.append(await open_public(stack, settings.http, build(context), share))
        if "smtp" not in rooms:
            stack.enter_context(hearing_hangups(_unmoved))
        else:
            share = Share(shares.smtp, shares.smtp_ceiling, context.memory)
            said += await open_all(stack, settings.smtp, MailHandler(context), share)
        freeze_heap()
        yield said


@asynccontextmanager
async def alone(settings: Settings) -> "AsyncIterator[AsyncClient]":
    """Be the service for the length of a command: yield a client of the admin routes."""
    _refuse_if_missing(settings)
    async with opened(settings) as database:
        await _prepare(database)
        with ExitStack() as stack:
            context = await _context(stack, settings, database, Nudge(), Readers())
            async with in_process(build(context, admin=True)) as client:
                freeze_heap()
                yield client


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open the database until left."""
    database = open_database(settings.database.url, pool_size=settings.database.pool_size)
    try:
        yield database
    finally:
        await database.close()


def _shares(settings: Settings, rooms: frozenset[str]) -> DescriptorShares:
    """Raise the limit of open files as far as may be, and share it out. Raise SettingsError.

    Fewer connections than the settings ask for are told, and served.
    """
    hops = settings.relay.each().values() if "notifier" in rooms else ()
    out = sum(hop.connections for hop in hops)
    wanted = WantedConnections(
        smtp=settings.smtp.max_connections if "smtp" in rooms else 0,
        http=settings.http.max_connections if "http" in rooms else 0,
        own=settings.database.pool_size + out,
    )
    limit = raise_descriptor_limit()
    try:
        shares = shared_out(limit, wanted)
    except TooFewDescriptors as error:
        raise SettingsError(str(error)) from None
    if limit < wanted.descriptors:
        logger().warning(
            Event.FEW_DESCRIPTORS, limit=limit, wanted=wanted.descriptors,
            smtp_connections=shares.smtp, http_connections=shares.http,
        )  # fmt: skip
    return shares


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


async def _context(
    stack: AsyncExitStack | ExitStack, settings: Settings, database: Database, nudge: Nudge,
    readers: Readers,
) -> Context:  # fmt: skip
    """Return what every way in works with; what it opens is closed by the stack."""
    files, addresses = settings.attachments, settings.addresses
    context = Context(
        database=database, clock=await database.clock(),
        keys=Keyring(addresses.key_octets, addresses.current_key),
        public_url=settings.http.public_url, reply_domain=addresses.domain,
        bounce_domain=addresses.bounce_host, mail_domain=addresses.list_host,
        separator=addresses.separator, nudge=nudge,
        sender_policy=SenderPolicy(settings.policy.sender_policy),
        raw_days=settings.policy.raw_mail_days, largest=settings.smtp.max_message_bytes,
        limits=FileLimits(files.max_files, files.max_bytes, files.max_total_bytes),
        files=open_files(settings.files.url or default_url(settings.database.url)),
        senders=stack.enter_context(checking(settings.senders)),
        readers=readers, operator=addresses.operator_address,
        remembers=settings.policy.endings_days > 0, day_limits=_day_limits(settings),
        memory=MemoryBudget(settings.memory_octets),
    )  # fmt: skip
    return replace(context, previews=_previews(settings, context))


def _previews(settings: Settings, context: Context) -> Previews:
    """Return what shows and tests mails, for the ways in: they know of no notifier."""
    writer = MailWriter(_identity(settings, context), _signers(settings))
    return Previews(writer, partial(_relay, settings))


def _day_limits(settings: Settings) -> DayLimits:
    day = settings.budgets
    return DayLimits(
        words=DayLimit(day.reply_mails, day.reply_bytes),
        doubted=DayLimit(day.held_mails, day.held_bytes),
        unposted=DayLimit(day.unposted_mails, day.unposted_bytes),
        operator=DayLimit(day.operator_mails, day.operator_bytes),
    )


@asynccontextmanager
async def _hearing(context: Context, changes: Changes, nudge: Nudge) -> AsyncIterator[None]:
    """Hear what is committed, here and in other processes, until left; if that fails, so do all.

    It wakes the notifier, too: what it is to send may have been said in another process. What is
    committed here nudges by itself, where there is something to send.
    """

    def wake(hints: list[Hint]) -> None:
        if any(not isinstance(one, Touched) or _is_work_of_others(one) for one in hints):
            nudge()

    with context.database.committed.hearing(wake):
        async with _beside(changes.run()):
            yield


def _is_work_of_others(hint: Touched) -> bool:
    return isinstance(hint, Foreign) and not hint.typing


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do work until left; if the work itself fails, so does everything."""
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            try:
                yield
            finally:
                task.cancel()
    except BaseExceptionGroup as several:
        raise first_of(several) from None


@asynccontextmanager
async def _working(settings: Settings, context: Context, nudge: Nudge) -> AsyncIterator[None]:
    """Send what is owed, until left."""
    knobs, each = settings.notifier, settings.providers

    def jitter() -> float:
        return random.uniform(-knobs.retry_jitter, knobs.retry_jitter)  # noqa: S311

    identity = _identity(settings, context)
    mail = Channel(
        MailWriter(identity, _signers(settings)), _relay(settings),
        bounds=ProviderBounds(each.connections, each.mails_per_minute),
        a_minute=settings.relay.mails_per_minute,
    )  # fmt: skip
    for name, hop in settings.relay.fallbacks.items():
        mail.ways[name] = Way(SmtpRelay(settings.hop(hop)), a_minute=hop.mails_per_minute)
    channels: dict[str, Channel[Any]] = {EMAIL: mail}  # a line a channel
    client = WebhookClient(settings.webhooks)
    out = NotifierContext(
        context.database, context.clock, identity, channels, client, jitter, knobs.lifetime_hours,
        _keeping(settings), context.files,
    )  # fmt: skip
    pace = Pace(knobs.concurrency, knobs.claim_batch, knobs.poll_seconds, knobs.lease_seconds)
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        async with _beside(work(name, out, pace, nudge)):
            yield
    finally:
        await mail.close()
        await client.close()


def _relay(settings: Settings) -> SmtpRelay:
    return SmtpRelay(settings.hop(settings.relay))


def _keeping(settings: Settings) -> Keeping:
    policy = settings.policy
    return Keeping(policy.raw_mail_days, policy.history_days, policy.endings_days)


def _identity(settings: Settings, context: Context) -> Identity:
    who = settings.addresses
    return Identity(
        keys=context.keys, domain=who.domain, bounce_domain=who.bounce_host,
        list_domain=who.list_host, separator=who.separator, from_address=who.from_address,
        from_name=who.from_name, public_url=context.public_url, file_days=settings.files.link_days,
        login_hours=settings.links.token_hours,
    )  # fmt: skip


def _signers(settings: Settings) -> tuple[Signer, ...]:
    domain, keys = settings.dkim.domain or "", settings.dkim.keys()
    try:
        return tuple(Signer(domain, selector, load_key(octets)) for selector, octets in keys)
    except ValueError as error:
        raise SettingsError(f"dkim: {error}") from None
