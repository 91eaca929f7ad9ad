"""All that is used of uvicorn's insides stands in one file, and is there in the one installed.

When a test here fails after an upgrade: read uvicorn's source beside that file, let the tests of
times and places pass, and then write down the new fingerprint.
"""

import ast
import hashlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from uvicorn import Server
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from gateway.http import uvicorn_adapter

GATEWAY = Path(uvicorn_adapter.__file__).parents[1]


@pytest.mark.parametrize("library", ["uvicorn", "h11"])
def test_one_file_knows_the_server(library: str) -> None:
    """Whoever looks for what an upgrade may break has one file to read."""
    knows = [
        file.relative_to(GATEWAY).as_posix()
        for file in GATEWAY.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (isinstance(node, ast.Import) and library in {one.name for one in node.names})
        or (isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == library)
    ]

    assert set(knows) == {"http/uvicorn_adapter.py"}


@pytest.mark.parametrize(
    ("used", "fingerprint"),
    [
        pytest.param(H11Protocol.__init__, "ad1ed8e837b2", id="H11Protocol.__init__"),
        pytest.param(H11Protocol.connection_made, "6efb565ff3d3", id="connection_made"),
        pytest.param(H11Protocol.connection_lost, "dbb688fa2b38", id="connection_lost"),
        pytest.param(H11Protocol.data_received, "e03b145518ca", id="data_received"),
        pytest.param(H11Protocol.handle_events, "e63a9d1492e3", id="handle_events"),
        pytest.param(H11Protocol.send_400_response, "56937b748fc5", id="send_400_response"),
        pytest.param(H11Protocol.on_response_complete, "1fbb8f48c6a1", id="on_response_complete"),
        pytest.param(H11Protocol.shutdown, "aaa6d607648b", id="shutdown"),
        pytest.param(RequestResponseCycle, "b9327fce724d", id="RequestResponseCycle"),
        pytest.param(FlowControl, "126debcdaa89", id="FlowControl"),
        pytest.param(Server.startup, "2aa1d70a244b", id="Server.startup"),
        pytest.param(Server.capture_signals, "e1bbcd4770d1", id="Server.capture_signals"),
    ],
)
def test_what_is_used_is_as_it_was_read(used: Callable[..., Any], fingerprint: str) -> None:
    """What has changed is read again before its release is taken."""
    now = hashlib.sha256(inspect.getsource(used).encode()).hexdigest()[:12]

    assert now == fingerprint, f"{used.__qualname__} has changed: read it beside the adapter"
