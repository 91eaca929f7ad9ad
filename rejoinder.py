"""The door: reads the configuration, builds the rooms from it, runs them, stops them.

Everything is wired here, by hand, from arguments; nobody imports this module. Rooms are entered
one after another and left in reverse: on stopping, no new mail or request is let in first, what is
under way is finished next, and the database is closed last.
"""

import asyncio
import os
import random
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from core import __version__
from core.actions.forget import Keeping
from core.address import Keyring
from core.client.command import ConfigOption, DatabaseOption, Given, SetOption, guarded
from core.client.reach import in_process, over_socket, socket_path, someone_answers
from core.config.loading import load
from core.config.settings import Settings
from core.errors import SettingsError
from core.files.place import beside, default_url, open_files
from core.late import late
from core.model.app import SenderPolicy
from core.observe import Event, configure, logger
from core.process import asked_to_stop, first_of, run
from core.store.database import Database, open_database
from gateway.cli.board import hang
from gateway.hand_in import Hatch
from gateway.http.app import build, when_asked
from gateway.http.house import House
from gateway.http.server import bind_private, open_public, serving
from gateway.inbound import Reception
from gateway.mail.attachments import Limits
from gateway.sender.who import checking
from gateway.smtp.capture import capturing
from gateway.smtp.handler import MailHandler
from gateway.smtp.opening import open_all
from gateway.ward import Ward, watching
from notifier.cli import queue
from notifier.dispatch import Desk
from notifier.hooks import Switchboard
from notifier.rendering.dkim import Signer, load_key
from notifier.rendering.letter import Sender
from notifier.scheduling.lane import Lane
from notifier.transports.relay import Relay
from notifier.transports.webhook import Webhook
from notifier.worker import Nudge, Pace, work

if TYPE_CHECKING:
    from httpx import AsyncClient

    from gateway.cli import demo as theatre
else:
    theatre = late("gateway.cli.demo")

ROOMS = frozenset({"smtp", "http", "notifier"})

board = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
hang(board)
board.add_typer(queue, name="queue")


@board.callback()
def _reach(ctx: typer.Context) -> None:
    """Tell people by email what they missed, and turn their replies back into messages."""
    ctx.obj = reach


@board.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@board.command()
def migrate(
    config: ConfigOption = None, database: DatabaseOption = None, sets: SetOption = None
) -> None:
    """Bring the tables of the database up to date. An embedded one does so by itself."""

    async def up() -> None:
        async with _opened(_settings(Given(config, database, tuple(sets or ())))) as opened:
            await opened.migrate()
        typer.echo("The tables are up to date.")

    guarded(lambda: asyncio.run(up()))


@board.command()
def serve(
    config: ConfigOption = None,
    database: DatabaseOption = None,
    sets: SetOption = None,
    only: Annotated[str, typer.Option(help="Only these: smtp,http,notifier.")] = "",
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning, error.")] = None,
) -> None:
    """Run: take replies, answer the API, send what is owed."""

    def start() -> None:
        rooms = frozenset(one.strip() for one in only.split(",") if one.strip()) or ROOMS
        if rooms - ROOMS:
            raise SettingsError(f"--only: {', '.join(sorted(rooms - ROOMS))}: no such room")
        settings = _settings(Given(config, database, tuple(sets or ())), {"log.level": log_level})
        style = settings.log.format
        configure(
            settings.log.level,
            json=style == "json" or (style == "auto" and not sys.stderr.isatty()),
        )
        run(_serve(settings, rooms))

    guarded(start)


@board.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running at the end.")] = False,
) -> None:
    """Tell the whole story in half a minute: a mail goes out, the reply comes back."""
    configure("error", json=False)
    stage = theatre.Theatre(capturing, lambda settings: running(settings, ROOMS), over_socket)
    raise typer.Exit(run(theatre.play(stage, stay=asked_to_stop if keep else None)))


@asynccontextmanager
async def reach(given: Given) -> "AsyncIterator[AsyncClient]":
    """Reach the running process of an embedded database, or be it for the length of a command."""
    settings = _settings(given)
    running_one = socket_path(settings.database.url)
    if running_one is not None and someone_answers(running_one):
        async with over_socket(running_one) as client:
            yield client
        return
    configure("error", json=False)
    _refuse_if_missing(settings)
    async with _opened(settings) as database:
        await _prepare(database)
        house = await _house(settings, database, Nudge())
        with ExitStack() as stack:
            hatch = _hatch(stack, settings, house, Nudge())
            async with in_process(build(house, admin=True, hatch=hatch)) as client:
                yield client


@asynccontextmanager
async def running(settings: Settings, rooms: frozenset[str]) -> AsyncIterator[list[str]]:
    """Run rooms until left; yield a line for each place that is listened at."""
    _refuse_if_missing(settings)
    nudge = Nudge()
    said: list[str] = []
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(_opened(settings))
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
        if "smtp" in rooms:
            said += await open_all(stack, settings.smtp, MailHandler(hatch.reception))
        yield said


async def _serve(settings: Settings, rooms: frozenset[str]) -> int:
    async with running(settings, rooms) as said:
        logger().info(Event.STARTED, version=__version__, settings=settings.effective())
        for line in said:
            typer.echo(line)
        await asked_to_stop()
    logger().info(Event.STOPPED)
    return 0


def _settings(given: Given, flags: dict[str, object] | None = None) -> Settings:
    """Read the configuration; the only place that looks at the environment."""
    return load(given.config, os.environ, given.flags() | (flags or {}))  # noqa: TID251  the door asks


def _refuse_if_missing(settings: Settings) -> None:
    if missing := settings.missing():
        raise SettingsError("\n".join(missing))


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = open_database(settings.database.url, pool_size=settings.database.pool_size)
    try:
        yield database
    finally:
        await database.close()


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
        limits=Limits(files.max_files, files.max_bytes, files.max_total_bytes),
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
    ward: Ward | None = None,
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


def main() -> None:
    """Open the door."""
    board()


if __name__ == "__main__":
    main()
