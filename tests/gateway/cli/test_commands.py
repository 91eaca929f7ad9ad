"""What a command asks of the API, what it tells, and how it ends."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from core.client.command import Given
from core.errors import DatabaseInUse
from gateway.cli.commands import add_to
from notifier.cli import queue

APPS = {"data": [{"id": "shop", "name": "The shop"}]}


class Api:
    """An API that answers what it was told to, and remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        """Answer by method and path."""
        self.answers = answers
        self.asked: list[tuple[str, str, Any]] = []
        self.given: list[Given] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        path = request.url.raw_path.decode()
        body = json.loads(request.content) if request.content else None
        self.asked.append((request.method, path, body))
        status, answer = self.answers.get(f"{request.method} {path}", (404, _NOTHING))
        return httpx.Response(status, json=answer)

    @asynccontextmanager
    async def reach(self, given: Given) -> AsyncIterator[httpx.AsyncClient]:
        """Reach it."""
        self.given.append(given)
        transport = httpx.MockTransport(self)
        async with httpx.AsyncClient(transport=transport, base_url="http://rejoinder") as client:
            yield client


_NOTHING = {"errorCode": "NOT_FOUND", "reasons": ["There is no such thing."]}
Run = Callable[..., Result]


def run(api: Api, *words: str) -> Result:
    """Run a command against an API."""
    group = typer.Typer()
    add_to(group)
    group.add_typer(queue, name="queue")

    @group.callback()
    def _begin(ctx: typer.Context) -> None:
        ctx.obj = api.reach

    return CliRunner().invoke(group, list(words))


def test_the_only_app_is_meant_when_none_is_named() -> None:
    """With exactly one app, --app need not be said."""
    ann = {"id": "ann", "name": "Ann"}
    api = Api({"GET /admin/apps": (200, APPS), "GET /v1/shop/users/ann": (200, ann)})

    result = run(api, "user", "show", "ann")

    assert result.exit_code == 0
    assert result.stdout == "id\tann\nname\tAnn\n"


@pytest.mark.parametrize(
    ("apps", "told"),
    [
        pytest.param([], "there is no app yet", id="there is none"),
        pytest.param([{"id": "a"}, {"id": "b"}], "say --app with one of a, b", id="there are two"),
    ],
)
def test_which_app_is_asked_when_it_is_not_clear(apps: list[dict[str, str]], told: str) -> None:
    """Without exactly one app, a command that needs one says so and ends with 2."""
    result = run(Api({"GET /admin/apps": (200, {"data": apps})}), "user", "show", "ann")

    assert result.exit_code == 2
    assert told in result.stderr


def test_json_is_the_answer_of_the_api() -> None:
    """--json prints what the API said, to be read by programs."""
    roles = {"data": [{"name": "default", "timeoutSeconds": 120}]}
    api = Api({"GET /v1/shop/roles": (200, roles)})

    result = run(api, "role", "list", "--app", "shop", "--json")

    assert json.loads(result.stdout) == roles["data"]


def test_what_is_refused_is_one_line_and_exit_code_1() -> None:
    """The API's own reason is told on standard error, nothing on standard output."""
    result = run(Api({}), "user", "show", "nobody", "--app", "shop")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "rejoinder: There is no such thing.\n"


def test_ids_travel_quoted() -> None:
    """An id with a slash or a space names one thing, not a path."""
    api = Api({"GET /v1/shop/users/a%2Fb%20c": (200, {"id": "a/b c"})})

    result = run(api, "user", "show", "a/b c", "--app", "shop")

    assert result.exit_code == 0


def test_a_person_is_erased_by_one_command() -> None:
    """``rejoinder user erase`` asks for it, and says that it is done."""
    api = Api({"DELETE /v1/shop/users/ann": (200, {})})

    result = run(api, "user", "erase", "ann", "--app", "shop")

    assert api.asked == [("DELETE", "/v1/shop/users/ann", None)]
    assert (result.exit_code, result.stdout) == (0, "ann is erased.\n")


def test_a_key_is_printed_alone() -> None:
    """The secret is all of standard output, so that a shell can keep it in a variable."""
    made = {"id": "key_1", "label": "", "secretKey": "sk_live_1"}
    api = Api({"POST /admin/apps/shop/keys": (201, made)})

    result = run(api, "key", "create", "shop")

    assert result.stdout == "sk_live_1\n"


def test_fields_are_json_or_text() -> None:
    """A value that is JSON is sent as JSON, any other as text."""
    api = Api({"PUT /v1/shop/roles/slow": (200, {"name": "slow"})})

    run(api, "role", "create", "slow", "timeoutSeconds=900", "subject=Hey you", "--app", "shop")

    body = {"timeoutSeconds": 900, "subject": "Hey you"}
    assert api.asked == [("PUT", "/v1/shop/roles/slow", body)]


def test_a_field_without_a_value_is_wrong_usage() -> None:
    """A word that is no assignment ends with 2 before anything is asked."""
    api = Api({})

    result = run(api, "user", "set", "ann", "name", "--app", "shop")

    assert result.exit_code == 2
    assert api.asked == []


def test_a_conversation_is_made_with_those_who_may_only_read() -> None:
    """ID:Read joins with Read access; the others write, too."""
    path = "/v1/shop/conversations/bike"
    api = Api(
        {
            f"PUT {path}": (200, {}),
            f"PUT {path}/participants/cy": (200, {}),
            f"GET {path}": (200, {"id": "bike"}),
        }
    )
    words = ("--participant", "ann", "--participant", "cy:Read", "--subject", "The bike")

    result = run(api, "conversation", "create", "bike", *words, "--app", "shop")

    assert result.exit_code == 0
    assert api.asked[0][2] == {"participants": ["ann", "cy"], "subject": "The bike"}
    assert api.asked[1][2] == {"access": "Read"}


def test_a_list_is_followed_over_its_pages() -> None:
    """A list longer than a page comes whole."""
    first = [{"id": f"u{number}"} for number in range(100)]
    api = Api(
        {
            "GET /v1/shop/users?limit=100": (200, {"data": first}),
            "GET /v1/shop/users?limit=100&startingAfter=u99": (200, {"data": [{"id": "last"}]}),
        }
    )

    result = run(api, "user", "list", "--app", "shop")

    assert len(result.stdout.splitlines()) == 101


def test_the_queue_is_asked_for_one_app() -> None:
    """What waits is listed with its state, and a retry names the delivery."""
    owed = {"userId": "ann", "conversationId": "bike", "dueAt": 1_700_000_000_000}
    row: dict[str, Any] = {"id": "dlv_1", "state": "queued", "address": "bo@example.com"}
    row |= {"attempts": [], "nextAttemptAt": None, "reason": None}
    waiting = {"pendings": [owed], "deliveries": [row]}
    api = Api(
        {
            "GET /admin/queue?app=shop&all=false&limit=50": (200, waiting),
            "POST /admin/queue/shop/dlv_1/retry": (200, row),
        }
    )

    listed = run(api, "queue", "list", "--app", "shop")
    retried = run(api, "queue", "retry", "dlv_1", "--app", "shop")

    assert listed.stdout.splitlines() == [
        "-\towed\tann in bike\t0\t2023-11-14 22:13:20Z\t",
        "dlv_1\tqueued\tbo@example.com\t0\t\t",
    ]
    assert retried.exit_code == 0


def test_the_flags_say_where_the_configuration_is() -> None:
    """--config, --database and --set reach whoever opens the database."""
    api = Api({"GET /admin/apps": (200, APPS)})

    run(api, "app", "list", "--database", "sqlite:///x.db", "--set", "log.level=error")

    assert api.given[0].flags() == {"database.url": "sqlite:///x.db", "log.level": "error"}


def test_a_database_in_use_is_told_and_ends_with_2() -> None:
    """A command that can neither ask the running process nor be it says whose the file is."""

    class Taken(Api):
        @asynccontextmanager
        async def reach(self, given: Given) -> AsyncIterator[httpx.AsyncClient]:
            raise DatabaseInUse("x.db is in use by process 7.")
            yield httpx.AsyncClient()

    result = run(Taken({}), "app", "list")

    assert result.exit_code == 2
    assert result.stderr == "rejoinder: x.db is in use by process 7.\n"


@pytest.mark.parametrize(
    ("words", "asked", "told"),
    [
        pytest.param(
            ["webhook", "enable", "whk_1"],
            ("PATCH", "/v1/shop/webhooks/whk_1", {"enabled": True}),
            "whk_1 is told again, from where it was.\n",
            id="an endpoint goes on",
        ),
        pytest.param(
            ["webhook", "disable", "whk_1"],
            ("PATCH", "/v1/shop/webhooks/whk_1", {"enabled": False}),
            "whk_1 is told nothing until it is enabled.\n",
            id="an endpoint is silenced",
        ),
        pytest.param(
            ["key", "sign-with", "key_2"],
            ("PATCH", "/admin/apps/shop/keys/key_2", {"signsWebhooks": True}),
            "key_2 signs webhooks now.\n",
            id="another key signs",
        ),
        pytest.param(
            ["key", "delete", "key_1"],
            ("DELETE", "/admin/apps/shop/keys/key_1", None),
            "key_1 is revoked. key_2 signs webhooks.\n",
            id="a key is revoked and another signs",
        ),
    ],
)
def test_webhooks_and_their_keys_are_changed(
    words: list[str], asked: tuple[str, str, Any], told: str
) -> None:
    """Each command asks one thing and says what is so now."""
    keys = {"data": [{"id": "key_2", "signsWebhooks": True}]}
    answers: dict[str, Any] = {"GET /admin/apps": (200, APPS)}
    api = Api(answers | {f"{asked[0]} {asked[1]}": (200, keys)})

    result = run(api, *words)

    assert result.stdout == told
    assert api.asked[-1] == asked
