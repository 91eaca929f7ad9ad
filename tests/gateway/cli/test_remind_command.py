"""A reminder is asked for by one command, which says what became of each."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from core.client.command import Given
from gateway.cli.commands import add_to

ROW = {"recipient": "bo", "notificationId": "ntf_1", "sent": True, "reason": "reminded"}
TOLD = ROW | {"explanation": "The app asked."}


def _run(answer: Any, *words: str) -> tuple[Result, Any]:
    """Run the command against an API that gives one answer; return it and what was asked."""
    asked: list[Any] = []

    def api(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(200, json=answer)

    @asynccontextmanager
    async def reach(_given: Given) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.MockTransport(api)
        async with httpx.AsyncClient(transport=transport, base_url="http://rejoinder") as client:
            yield client

    group = typer.Typer()
    add_to(group)

    @group.callback()
    def _begin(ctx: typer.Context) -> None:
        ctx.obj = reach

    result = CliRunner().invoke(group, ["conversation", "remind", "bike", *words, "--app", "shop"])
    return result, asked


@pytest.mark.parametrize(
    ("words", "body"),
    [
        pytest.param([], {}, id="all who have not answered"),
        pytest.param(["--to", "bo"], {"recipients": ["bo"]}, id="one"),
        pytest.param(["--to", "bo", "--to", "cy"], {"recipients": ["bo", "cy"]}, id="two"),
        pytest.param(
            ["--with", "subject={{sender.name}} waits", "--with", "footer=Bye"],
            {"emailSettings": {"subject": "{{sender.name}} waits", "footer": "Bye"}},
            id="with words of its own",
        ),
    ],
)
def test_what_is_asked_is_what_was_said(words: list[str], body: dict[str, Any]) -> None:
    """One request, to the route of reminders."""
    result, asked = _run({"data": [TOLD]}, *words)

    path = "/v1/shop/conversations/bike/notifications"
    assert asked == [("POST", path, {"channels": ["email"], **body})]
    assert result.exit_code == 0
    assert result.stdout.split("\t") == ["bo", "yes", "reminded", "The app asked.\n"]


def test_nobody_is_said_too() -> None:
    """An empty list is no answer on a terminal."""
    result, _ = _run({"data": []})

    assert result.stdout == "Nobody has anything to answer.\n"
