"""The door: the commands, and where the settings come from.

It is small because every command waits for what it imports. The rooms are wired in ``wiring``,
which only those commands load that need them; nobody imports this module.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core import __version__
from core.client.command import (
    ConfigOption,
    DatabaseOption,
    Given,
    JsonOption,
    SetOption,
    guarded,
)
from core.client.reach import embedded_file, over_socket, socket_path, someone_answers
from core.clock import SystemClock
from core.errors import SettingsError
from core.lazy_import import lazy_import
from core.process import asked_to_stop, hurry, run
from gateway.cli.commands import add_to
from notifier.cli import queue

if TYPE_CHECKING:
    from httpx import AsyncClient

    import wiring
    from core import observe
    from core.config import loading, starred
    from core.config.settings import Settings
    from core.files import place
    from core.store.engine import restore as restoring
    from gateway.cli import dns, keys
    from gateway.cli.demo import run as demonstration
    from gateway.smtp import sink
else:
    wiring = lazy_import("wiring")
    observe = lazy_import("core.observe")
    loading = lazy_import("core.config.loading")
    place = lazy_import("core.files.place")
    restoring = lazy_import("core.store.engine.restore")
    starred = lazy_import("core.config.starred")
    dns = lazy_import("gateway.cli.dns")
    keys = lazy_import("gateway.cli.keys")
    demonstration = lazy_import("gateway.cli.demo.run")
    sink = lazy_import("gateway.smtp.sink")

ROOMS = frozenset({"smtp", "http", "notifier"})

commands = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
add_to(commands)
commands.add_typer(queue, name="queue")


@commands.callback()
def _reach(ctx: typer.Context) -> None:
    """Tell people by email what they missed, and turn their replies back into messages."""
    os.umask(0o077)  # what a command makes (files of messages, logs, locks) is its owner's alone
    ctx.obj = reach


@commands.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@commands.command()
def migrate(
    config: ConfigOption = None, database: DatabaseOption = None, sets: SetOption = None
) -> None:
    """Bring the tables of the database up to date. An embedded one does so by itself."""

    async def up() -> None:
        async with wiring.opened(_settings(Given(config, database, tuple(sets or ())))) as opened:
            await opened.migrate()
        typer.echo("The tables are up to date.")

    guarded(lambda: asyncio.run(up()))


@commands.command()
def restore(
    copy: Annotated[Path, typer.Argument(help="The copy of the database.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
    sets: SetOption = None,
) -> None:
    """Put a copy in the place of the embedded database, and keep what was there. Stop first."""

    def work() -> None:
        settings = _settings(Given(config, database, tuple(sets or ())))
        file = embedded_file(settings.database.url)
        if file is None:
            raise SettingsError("restore: PostgreSQL restores its own databases (pg_restore)")
        done = restoring.restore(copy, file, restoring.stamp(SystemClock().now()))
        typer.echo(f"{file} is now the copy {copy}.")
        if done.kept is not None:
            typer.echo(f"What was there is kept in {done.kept}; deleting it is up to you.")
        if not done.is_current:
            typer.echo("Its tables are an older release's; `rejoinder serve` updates them.")
        files = settings.files.url or place.default_url(settings.database.url)
        typer.echo(f"The files of messages are left as they are: {starred.shown(files)}")

    guarded(work)


@commands.command("dns")
def publish(
    config: ConfigOption = None, sets: SetOption = None, *, as_json: JsonOption = False
) -> None:
    """Print the DNS records to publish, as the settings and the keys are now."""

    def work() -> None:
        settings = _settings(Given(config, None, tuple(sets or ())))
        records = dns.dns_records(settings, keys.public_keys(settings))
        rows = [{"name": r.name, "type": r.kind, "value": r.value, "why": r.why} for r in records]
        typer.echo(json.dumps({"data": rows}) if as_json else dns.zone_text(records), nl=as_json)

    guarded(work)


@commands.command()
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
        observe.configure(
            settings.log.level,
            json=style == "json" or (style == "auto" and not sys.stderr.isatty()),
        )
        if left := loading.not_ours(os.environ):  # noqa: TID251  the door asks
            observe.logger().warning(observe.Event.NO_SETTINGS, variables=left)
        run(_serve(settings, wiring.running(settings, rooms)))

    guarded(start)


@commands.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running at the end.")] = False,
) -> None:
    """Show the main job in half a minute: a mail goes out, the reply comes back."""
    observe.configure("error", json=False)
    parts = demonstration.DemoParts(
        sink.open_sink, partial(wiring.running, rooms=ROOMS), over_socket
    )
    raise typer.Exit(run(demonstration.play(parts, stay=asked_to_stop if keep else None)))


@asynccontextmanager
async def reach(given: Given) -> "AsyncIterator[AsyncClient]":
    """Reach the running process of an embedded database, or be it for the length of a command."""
    settings = _settings(given)
    running_one = socket_path(settings.database.url)
    if running_one is not None and someone_answers(running_one):
        async with over_socket(running_one) as client:
            yield client
        return
    observe.configure("error", json=False)
    async with wiring.alone(settings) as client:
        yield client


async def _serve(settings: "Settings", running: AbstractAsyncContextManager[list[str]]) -> int:
    """Run until asked to stop. What runs is loaded by now: a loop must not wait for that."""
    async with running as said:
        log = observe.logger()
        log.info(observe.Event.STARTED, version=__version__, settings=settings.effective())
        for line in said:
            typer.echo(line)
        await asked_to_stop()
    log.info(observe.Event.STOPPED)
    return 0


def _settings(given: Given, flags: dict[str, object] | None = None) -> "Settings":
    """Read the configuration; the only place that looks at the environment."""
    said = given.flags() | (flags or {})
    return loading.load(given.config, os.environ, said)  # noqa: TID251  the door asks


def main() -> None:
    """Open the door."""
    hurry()
    commands()


if __name__ == "__main__":
    main()
