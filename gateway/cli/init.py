"""``rejoinder init``: a settings file with fresh keys, and the DNS records to publish.

Questions are asked on a terminal only, and only for what no flag answered. Nothing that is there
is overwritten: the signing keys in it are what makes replies to mails already sent find their way.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.client.command import guarded
from core.config import DEFAULT_FILE
from core.errors import SettingsError
from core.lazy_import import lazy_import

if TYPE_CHECKING:
    from rich import console as rich_console

    from core.config import loading
    from core.config.settings import Settings
    from gateway.cli import dns, keys, setup
else:
    rich_console = lazy_import("rich.console")
    loading = lazy_import("core.config.loading")
    dns = lazy_import("gateway.cli.dns")
    keys = lazy_import("gateway.cli.keys")
    setup = lazy_import("gateway.cli.setup")


_KEY_FILE = Path("keys") / "s1.pem"

Flag = str | None


def init(  # noqa: PLR0913  one for each answer
    *,
    config: Annotated[Path, typer.Option("--config", help="The file to write.")] = Path(
        DEFAULT_FILE
    ),
    domain: Annotated[Flag, typer.Option(help="The domain of reply addresses.")] = None,
    from_address: Annotated[Flag, typer.Option(help="The From of our mails.")] = None,
    public_url: Annotated[Flag, typer.Option(help="Where people reach our pages.")] = None,
    hostname: Annotated[Flag, typer.Option(help="This machine's name, for MX and EHLO.")] = None,
    relay: Annotated[Flag, typer.Option(help="As smtp://user:password@host:587.")] = None,
    database: Annotated[Flag, typer.Option(help="The database's URL.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write rejoinder.toml with fresh keys, and print the DNS records to publish."""

    def work() -> None:
        key_file = config.parent / _KEY_FILE
        _refuse_to_overwrite([config, key_file], force=force)
        reply_domain = _ask(domain, "Domain of reply addresses", "localhost")
        answers = setup.Answers(
            reply_domain=reply_domain,
            from_address=_ask(
                from_address, "From address of mails", f"notifications@{reply_domain}"
            ),
            public_url=_ask(public_url, "Public URL of the pages", "http://localhost:8080"),
            hostname=_ask(hostname, "Name of this mail server", reply_domain),
            relay_url=_ask(relay, "Relay for outgoing mail", "smtp://localhost:25"),
            database_url=_ask(database, "Database", "sqlite:///rejoinder.db"),
        )
        _report(config, _write(config, key_file, answers))

    guarded(work)


def _ask(given: str | None, question: str, default: str) -> str:
    """Return what a flag says, else what a person says, else the default."""
    if given is not None or not sys.stdin.isatty():
        return given or default
    return str(typer.prompt(question, default=default))


def _refuse_to_overwrite(files: list[Path], *, force: bool) -> None:
    there = [str(file) for file in files if file.exists()]
    if there and not force:
        raise SettingsError(f"{' and '.join(there)}: already there; --force overwrites")


def _write(config: Path, key_file: Path, answers: setup.Answers) -> Settings:
    """Write both files and return the settings as they are read back."""
    pem = keys.new_dkim_key()
    text = setup.new_settings(answers, keys.new_signing_key(), str(key_file))
    config.parent.mkdir(parents=True, exist_ok=True)
    key_file.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = config.with_name(config.name + ".new")
    _write_secret(fresh, text.encode())
    try:
        settings = loading.load(fresh, {}, {})
    except SettingsError:
        fresh.unlink()
        raise
    _write_secret(key_file, pem)
    fresh.replace(config)
    return settings


def _write_secret(file: Path, octets: bytes) -> None:
    """Write a file that only its owner may read, from its first octet on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(octets)


def _report(config: Path, settings: Settings) -> None:
    flag = "" if config == Path(DEFAULT_FILE) else f" --config {shlex.quote(str(config))}"
    heading = rich_console.Console(highlight=False, soft_wrap=True)
    heading.print(f"Wrote {config} and {settings.dkim.key_file}.", style="green", markup=False)
    heading.print("\nPublish these DNS records:\n", style="bold")
    typer.echo(dns.zone_text(dns.dns_records(settings, keys.public_keys(settings))))
    heading.print("Then:\n", style="bold")
    typer.echo(
        f"  rejoinder serve{flag}\n"
        f'  rejoinder app create shop --name "The shop"{flag}\n'
        f"  rejoinder key create shop{flag}"
    )
