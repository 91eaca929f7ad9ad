"""What is listed of endpoints shows no secret, and a word that no encoding takes is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from core.client.command import Given
from gateway.cli.commands import add_to


def run(answer: Any, *words: str) -> Result:
    """Run a command of the app ``shop`` against an API that gives one answer."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))

    @asynccontextmanager
    async def reach(_given: Given) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(transport=transport, base_url="http://rejoinder") as client:
            yield client

    group = typer.Typer()
    add_to(group)

    @group.callback()
    def _begin(ctx: typer.Context) -> None:
        ctx.obj = reach

    return CliRunner().invoke(group, [*words, "--app", "shop"])


@pytest.mark.parametrize("as_json", [[], ["--json"]])
@pytest.mark.parametrize(
    "url",
    [
        "https://u:hunter2@app.test/hook",
        "https://hunter2@app.test/hook",
        "https://app.test/hook?token=hunter2",
        "https://app.test/hook?a=1&key=hunter2",
        "https://app.test/hook?sig=hunter2&timeout=3",
        "http://:hunter2@app.test:8080/",
    ],
)
def test_no_secret_of_an_endpoints_url_is_listed(url: str, as_json: list[str]) -> None:
    """A key among its parameters is not for whoever looks over a shoulder."""
    listed = {"data": [{"id": "whk_1", "url": url, "events": None, "enabled": True}]}
    result = run(listed, "webhook", "list", *as_json)

    assert result.exit_code == 0
    assert "app.test" in result.stdout
    assert "hunter2" not in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["user", "show", "\udcff"],
        ["webhook", "enable", "whk\udcf6"],
        ["key", "delete", "\udcd0\udcd1"],
        ["conversation", "set", "sh\ud800p", "subject=x"],
        ["conversation", "show", "caf\udce9"],
        ["message", "list", "\udc8e\udc82"],
    ],
)
def test_a_word_that_is_no_utf8_is_told(words: list[str]) -> None:
    """One line and exit code 2, as for any word that cannot be understood (PEP 383)."""
    result = run({"data": [{"id": "shop"}]}, *words)

    assert result.exit_code == 2
    assert result.stderr.endswith("is no UTF-8\n")
