"""What stands in a new ``rejoinder.toml``? Pure: the answers and fresh keys in, the text out.

``rejoinder init`` asks, makes the keys (``keys.py``), writes this text and prints the DNS records
(``dns.py``). Only what differs from a default is written, so that the file stays a page one can
read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from core.config.pages import toml
from core.errors import SettingsError

_NO_RELAY = "relay: is no relay's URL (as smtp://user:password@host:587)"
_SUBMISSION, _SUBMISSIONS, _SMTP = 587, 465, 25


@dataclass(frozen=True, slots=True)
class Answers:
    """What ``rejoinder init`` was told."""

    reply_domain: str
    from_address: str
    public_url: str
    hostname: str
    relay_url: str = "smtp://localhost:25"
    operator_address: str | None = None
    from_name: str | None = None
    database_url: str = "sqlite:///rejoinder.db"


def new_settings(answers: Answers, signing_key: str, dkim_key_file: str) -> str:
    """Return the text of a new rejoinder.toml. Raise SettingsError for a relay URL that is none."""
    sections: dict[str, dict[str, Any]] = {
        "database": {"url": answers.database_url},
        "smtp": {"hostname": answers.hostname},
        "http": {"public_url": answers.public_url},
        "addresses": {
            "domain": answers.reply_domain,
            "from_address": answers.from_address,
            "from_name": answers.from_name,
            "operator_address": answers.operator_address,
            "keys": {"1": signing_key},
            "current_key": 1,
        },
        "dkim": {
            "domain": answers.from_address.rpartition("@")[2],
            "key_file": dkim_key_file,
        },
        "relay": relay_settings(answers.relay_url),
    }
    blocks = [_block(name, section) for name, section in sections.items()]
    return "\n".join([_OPENING, *blocks])


def relay_settings(url: str) -> dict[str, Any]:
    """Read a relay's URL: ``smtp://host``, ``smtp://user:password@host:587``, ``smtps://…``.

    Submission with a password is under TLS, required (RFC 8314, 3); a relay nearby is trusted to
    offer it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # its words repeat parts of the URL, a password among them
        raise SettingsError(_NO_RELAY) from None
    if parts.scheme not in {"smtp", "smtps"} or not host or parts.path.strip("/"):
        raise SettingsError(_NO_RELAY)
    if parts.scheme == "smtps":
        tls, usual = "implicit", _SUBMISSIONS
    elif parts.username or port == _SUBMISSION:
        tls, usual = "starttls", _SUBMISSION
    else:
        tls, usual = "opportunistic", _SMTP
    read: dict[str, Any] = {"host": host, "port": port or usual, "tls": tls}
    if parts.username:
        read |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return read


def _block(name: str, section: Mapping[str, Any]) -> str:
    lines = [
        f"{setting} = {toml(value)}" for setting, value in section.items() if value is not None
    ]
    return "\n".join([f"[{name}]", *lines, ""])


_OPENING = """\
# Written by `rejoinder init`. Keep this file secret, and keep a copy: whoever has `addresses.keys`
# can write in other people's names, and without them no reply to a mail already sent finds its way.
# Every other setting is at its default; docs/configuration.md lists them all.
"""
