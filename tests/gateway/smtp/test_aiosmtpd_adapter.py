"""All that is used of aiosmtpd's insides stands in one file, and is there in the one installed.

When a test here fails after an upgrade: read aiosmtpd's source beside that file, let the
dialogues pass, and then write down the new fingerprint.
"""

import ast
import asyncio
import hashlib
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiosmtpd import proxy_protocol
from aiosmtpd.smtp import SMTP

from gateway.smtp import (
    aiosmtpd_adapter,
    connection,
    data_commands,
    lmtp,
    smtp_session,
)
from gateway.smtp.aiosmtpd_adapter import has_octets, put_back

GATEWAY = Path(aiosmtpd_adapter.__file__).parents[1]
OWN = {"_entered"}  # the adapter's one private attribute that is not aiosmtpd's


def _own_attributes(tree: ast.AST, kind: type[ast.expr_context] | None = None) -> set[str]:
    """Return the names of ``self.x`` and ``super().x``, of all or of those that are set."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) in {"self", "super()"}
        and (kind is None or isinstance(node.ctx, kind))
    }


def _made(source: str) -> set[str]:
    """Return what classes in a source give their instances: methods, and attributes that are set.

    A mangled or magic name belongs to everybody.
    """
    tree = ast.parse(textwrap.dedent(source))
    methods = {
        node.name
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
        for node in each.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    made = methods | _own_attributes(tree, ast.Store)
    return {name for name in made if not name.startswith("__")}


THEIRS = _made(inspect.getsource(SMTP)) | {one for one in dir(SMTP) if not one.startswith("__")}
TOUCHED = sorted(
    name
    for name in _own_attributes(ast.parse(inspect.getsource(aiosmtpd_adapter.SmtpProtocol)))
    if name.startswith(("_", "smtp_")) and not name.startswith("__")
)
PUBLIC = ["connection_lost", "connection_made", "eof_received", "loop", "push", "tls_context",
          "transport"]  # fmt: skip


def _imports(file: Path) -> set[str]:
    """Return the packages that a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    plain = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    named = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | named}


def test_one_file_knows_aiosmtpd() -> None:
    """Whoever looks for what an upgrade may break has one file to read."""
    speak = [file.relative_to(GATEWAY).as_posix() for file in GATEWAY.rglob("*.py")
             if "aiosmtpd" in _imports(file)]  # fmt: skip

    assert speak == ["smtp/aiosmtpd_adapter.py"]


def test_one_file_touches_what_is_private() -> None:
    """Nobody else in the room reads an attribute of others that begins with an underscore."""
    touch = [
        file.name for file in (GATEWAY / "smtp").glob("*.py") if "SLF001" in file.read_text("utf-8")
    ]

    assert touch == ["aiosmtpd_adapter.py"]


@pytest.mark.parametrize("name", [one for one in TOUCHED if one not in OWN] + PUBLIC)
def test_what_is_touched_is_there(name: str) -> None:
    """An attribute that an upgrade moves fails here by its name, not as a dialogue that hangs."""
    assert name in THEIRS, f"aiosmtpd.smtp.SMTP has no {name} any more"


@pytest.mark.parametrize(
    ("used", "fingerprint"),
    [
        pytest.param(SMTP.__init__, "8a9ca80f23ad", id="__init__"),
        pytest.param(SMTP.connection_made, "77a45df5065b", id="connection_made"),
        pytest.param(SMTP.connection_lost, "d3bf6349bc3c", id="connection_lost"),
        pytest.param(SMTP.eof_received, "baab5aaf9316", id="eof_received"),
        pytest.param(SMTP._handle_client, "0e4d096403af", id="_handle_client"),
        pytest.param(SMTP._reset_timeout, "fef19b94d28d", id="_reset_timeout"),
        pytest.param(SMTP._timeout_cb, "10a7351f9bec", id="_timeout_cb"),
        pytest.param(SMTP._cb_client_connected, "a73e95bb7f36", id="_cb_client_connected"),
        pytest.param(SMTP._set_rset_state, "9ff64b71daa6", id="_set_rset_state"),
        pytest.param(SMTP.push, "15f4f1de5e30", id="push"),
        pytest.param(SMTP.smtp_STARTTLS, "6565289f4131", id="smtp_STARTTLS"),
        pytest.param(proxy_protocol.get_proxy, "59b4d0633e86", id="get_proxy"),
    ],
)
def test_what_is_used_or_replaced_is_as_it_was_read(
    used: Callable[..., Any], fingerprint: str
) -> None:
    """A method whose source has changed is read again before its release is taken."""
    now = hashlib.sha256(inspect.getsource(used).encode()).hexdigest()[:12]

    assert now == fingerprint, f"{used.__qualname__} has changed: read it beside the adapter"


@pytest.mark.parametrize("module", [connection, data_commands, smtp_session, lmtp])
def test_the_dialogue_shadows_nothing_of_aiosmtpds(module: ModuleType) -> None:
    """Our names and aiosmtpd's share one object: only the adapter may take one of theirs over."""
    ours = _made(inspect.getsource(module))
    told_by_the_adapter = _made(inspect.getsource(aiosmtpd_adapter.SmtpProtocol)) - THEIRS

    assert (ours - told_by_the_adapter) & (THEIRS | set(dir(asyncio.StreamReaderProtocol))) == set()


async def test_what_is_put_back_is_read_first() -> None:
    """Octets that were taken too far stand before those that have come since."""
    reader = asyncio.StreamReader()

    assert not has_octets(reader)
    reader.feed_data(b"NOOP\r\nQUIT\r\n")
    first = await reader.read(6)
    put_back(reader, first)

    assert has_octets(reader)
    assert await reader.read(100) == b"NOOP\r\nQUIT\r\n"
