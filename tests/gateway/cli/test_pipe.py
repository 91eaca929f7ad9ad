"""An MTA that pipes hears, in exit codes, what SMTP would have said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from core.client.command import Given
from core.errors import DatabaseInUse, RejoinderError
from gateway.cli.commands import add_to

MAIL = b"From: bo@example.net\nSubject: \xff\n\nYes.\n"
OURS = "r+a@reply.test"


class Service:
    """The running service, as its socket answers; remembers what it was handed."""

    def __init__(self, answers: dict[str, Any] | None = None, *, largest: int = 1000) -> None:
        """Answer by recipient; whoever is not named is nobody's."""
        self.answers = answers or {}
        self.largest = largest
        self.handed: list[tuple[str, str | None, bytes]] = []
        self.broken: RejoinderError | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if request.url.path == "/admin/apps":
            return httpx.Response(200, json={"data": [{"id": "shop"}]})
        if request.method == "GET":
            return httpx.Response(200, json={"largest": self.largest})
        query = parse_qs(request.url.query.decode(), keep_blank_values=True)
        recipient, sender = query["recipient"][0], query.get("sender", [None])[0]
        self.handed.append((recipient, sender, request.content))
        answer = self.answers.get(recipient, refused("5.1.1", "unknown_address", 404))
        return answer if isinstance(answer, httpx.Response) else httpx.Response(answer)

    @asynccontextmanager
    async def reach(self, given: Given) -> AsyncIterator[httpx.AsyncClient]:
        """Reach it."""
        if self.broken is not None:
            raise self.broken
        transport = httpx.MockTransport(self)
        async with httpx.AsyncClient(transport=transport, base_url="http://rejoinder") as client:
            yield client


def taken() -> httpx.Response:
    """Return what the service says to a mail it takes."""
    return httpx.Response(200, json={"verdict": "accept", "reason": "posted", "code": 250})


def refused(enhanced: str, reason: str, status: int = 422) -> httpx.Response:
    """Return what the service says to a mail it refuses or puts off."""
    told = {"reason": reason, "enhanced": enhanced, "sentence": f"It is {reason}."}
    return httpx.Response(status, json=told)


def pipe(
    service: Service, *words: str, mail: bytes = MAIL, env: dict[str, str] | None = None
) -> Result:
    """Pipe a mail into the command, with an MTA's environment."""
    group = typer.Typer()
    add_to(group)

    @group.callback()
    def _begin(ctx: typer.Context) -> None:
        ctx.obj = service.reach

    nobody = dict.fromkeys(("USER", "DOMAIN", "EXTENSION", "RECIPIENT", "SENDER"))
    given: dict[str, str | None] = {**nobody, "ORIGINAL_RECIPIENT": None, **(env or {})}
    return CliRunner().invoke(group, ["mail", "receive", *words], input=mail, env=given)


def test_a_mail_that_is_taken_is_0_and_not_a_word() -> None:
    """An MTA takes what a command writes for a fault."""
    result = pipe(Service({OURS: taken()}), "--recipient", OURS)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("enhanced", "reason", "status", "code"),
    [
        pytest.param("5.1.1", "unknown_address", 404, 67, id="an address of nobody: EX_NOUSER"),
        pytest.param("5.7.1", "no_access", 403, 77, id="somebody who may not: EX_NOPERM"),
        pytest.param("5.6.0", "nothing_to_say", 422, 65, id="a mail that is wrong: EX_DATAERR"),
        pytest.param("5.3.4", "too_big", 413, 65, id="a mail that is too big: EX_DATAERR"),
        pytest.param("5.4.6", "loop", 422, 69, id="any other refusal: EX_UNAVAILABLE"),
        pytest.param("4.3.0", "storage_unavailable", 503, 75, id="not now: EX_TEMPFAIL"),
    ],
)
def test_an_exit_code_says_why_it_is_refused(
    enhanced: str, reason: str, status: int, code: int
) -> None:
    """sysexits(3) for all MTAs, the enhanced code at the beginning for Postfix."""
    result = pipe(Service({OURS: refused(enhanced, reason, status)}), "--recipient", OURS)

    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"{enhanced} It is {reason}.\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(500, id="a bug of ours"),
        pytest.param(404, id="a service too old to know it"),
        pytest.param(
            httpx.Response(413, json={"errorCode": "TOO_LARGE"}), id="a refusal not of the mail"
        ),
    ],
)
def test_whatever_else_is_answered_bounces_nothing(answer: Any) -> None:
    """An answer that is no verdict is a fault on our side: EX_TEMPFAIL."""
    result = pipe(Service({OURS: answer}), "--recipient", OURS)

    assert (result.exit_code, result.stdout) == (75, "")
    assert result.stderr.startswith("4.3.0 Something went wrong")


def test_octets_pass_as_they_are() -> None:
    """What is no text in any charset arrives all the same, with its sender."""
    service = Service({OURS: taken()})

    pipe(service, "--recipient", OURS, "--sender", "bo@example.net")

    assert service.handed == [(OURS, "bo@example.net", MAIL)]


@pytest.mark.parametrize(
    ("words", "env", "sender"),
    [
        pytest.param(["--sender", "bo@x"], {}, "bo@x", id="said"),
        pytest.param(["--sender", ""], {}, "", id="said to be null"),
        pytest.param([], {"SENDER": "bo@x"}, "bo@x", id="in the environment"),
        pytest.param([], {"SENDER": "", "RECIPIENT": "r@x"}, "", id="null in the environment"),
        pytest.param([], {}, None, id="not said at all"),
    ],
)
def test_the_reverse_path_is_passed_on(
    words: list[str], env: dict[str, str], sender: str | None
) -> None:
    """A null reverse-path stays one, and one that nobody said is not taken for it."""
    service = Service({OURS: taken()})

    pipe(service, "--recipient", OURS, *words, env=env)

    assert service.handed == [(OURS, sender, MAIL)]


@pytest.mark.parametrize(
    ("env", "asked"),
    [
        pytest.param({"ORIGINAL_RECIPIENT": OURS, "RECIPIENT": "me@x"}, [OURS], id="Postfix"),
        pytest.param({"RECIPIENT": OURS, "SENDER": "bo@x"}, [OURS], id="Exim and qmail"),
        pytest.param(
            {"ORIGINAL_RECIPIENT": "me@x", "RECIPIENT": OURS}, ["me@x", OURS],
            id="the first that is one of ours",
        ),
        pytest.param(
            {"USER": "r", "EXTENSION": "a", "DOMAIN": "reply.test", "SENDER": "bo@x"}, [OURS],
            id="a user with an extension",
        ),
    ],
)  # fmt: skip
def test_the_environment_names_the_recipient(env: dict[str, str], asked: list[str]) -> None:
    """Without --recipient the MTA's variables say to whom it goes."""
    service = Service({OURS: taken()})

    result = pipe(service, env=env)

    assert result.exit_code == 0
    assert [recipient for recipient, _, _ in service.handed] == asked
    assert {sender for _, sender, _ in service.handed} == {env.get("SENDER", "")}


def test_headers_name_the_recipient_only_when_asked() -> None:
    """Anybody can write a header: it is looked at where the operator says so."""
    head = b"Delivered-To: me@x\nX-Original-To: <r+a@reply.test>\nDelivered-To: me@x\n"
    service = Service({OURS: taken()})

    asked = pipe(service, "--from-headers", mail=head + MAIL)
    not_asked = pipe(service, mail=head + MAIL)

    assert asked.exit_code == 0
    assert [recipient for recipient, _, _ in service.handed] == ["me@x", OURS]
    assert not_asked.exit_code == 75
    assert not_asked.stderr.startswith("4.3.5 ")


def test_a_header_in_the_text_names_nobody() -> None:
    """The search ends with the header."""
    service = Service({OURS: taken()})

    result = pipe(service, "--from-headers", mail=MAIL + b"\nDelivered-To: r+a@reply.test\n")

    assert (result.exit_code, service.handed) == (75, [])


@pytest.mark.parametrize(
    ("second", "code"),
    [
        pytest.param(taken(), 0, id="both taken"),
        pytest.param(refused("5.7.1", "no_access", 403), 77, id="one refused"),
        pytest.param(refused("4.3.0", "internal_error", 503), 75, id="one put off"),
    ],
)
def test_several_recipients_share_a_code(second: httpx.Response, code: int) -> None:
    """Each gets the mail; whoever may still take it keeps it in the queue."""
    service = Service({OURS: taken(), "r+b@reply.test": second})

    result = pipe(service, "--recipient", "r+b@reply.test", "--recipient", OURS)

    assert result.exit_code == code
    assert [recipient for recipient, _, _ in service.handed] == ["r+b@reply.test", OURS]


def test_a_mail_larger_than_the_limit_is_not_handed_on() -> None:
    """It is refused here, with the code for it, and read to its end for the MTA's sake."""
    service = Service({OURS: taken()}, largest=100)

    result = pipe(service, "--recipient", OURS, mail=b"a" * 3_000_000)

    assert (result.exit_code, service.handed) == (65, [])
    assert result.stderr.startswith("5.3.4 ")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--bogus"], id="an option there is not"),
        pytest.param(["--recipient"], id="an option without its value"),
        pytest.param(["what"], id="a word too many"),
    ],
)
def test_a_mistake_in_the_mtas_configuration_bounces_nothing(words: list[str]) -> None:
    """A wrong command line is the operator's, so the mail waits for them."""
    result = pipe(Service(), *words)

    assert result.exit_code == 75
    assert result.stderr.startswith("4.3.0 ")


def test_what_is_wrong_with_us_is_told_to_the_operator_alone() -> None:
    """A bounce may carry what is written here: the cause is there only with --verbose."""
    service = Service()
    service.broken = DatabaseInUse("the process 4711 owns it")

    quiet = pipe(service, "--recipient", OURS)
    loud = pipe(service, "--recipient", OURS, "--verbose")

    assert quiet.exit_code == loud.exit_code == 75
    assert "4711" not in quiet.stderr
    assert "DatabaseInUse: the process 4711 owns it" in loud.stderr


_NO_UTF8 = [
    pytest.param("\udcff@x", id="one octet"),
    pytest.param("bj\udcf6rn@example.net", id="latin-1"),
    pytest.param("\udc8e\udc82@example.net", id="Shift_JIS"),
    pytest.param("\udcd0@\udcd1.test", id="KOI8-R in the domain"),
    pytest.param("bo\udced\udca0\udc80@example.net", id="half a pair"),
    pytest.param("bo@example.net\udcc3", id="UTF-8 that is cut"),
    pytest.param("\udcc0\udcaf@x.test", id="overlong"),
    pytest.param("\udcff" * 20_000, id="nothing else, at length"),
]


@pytest.mark.parametrize("sender", _NO_UTF8)
def test_a_sender_that_is_no_utf8_loses_no_mail(sender: str) -> None:
    """Its octets are shown as such, and the mail is taken: kept back it would bounce in days."""
    service = Service({OURS: taken()})
    result = pipe(service, f"--sender={sender}", "--recipient", OURS)
    found = pipe(service, env={"RECIPIENT": OURS, "SENDER": sender})

    assert (result.exit_code, result.stderr, found.exit_code) == (0, "", 0)
    shown = sender[:1000].encode(errors="surrogateescape").decode(errors="replace")
    assert service.handed == [(OURS, shown, MAIL), (OURS, shown, MAIL)]


@pytest.mark.parametrize("recipient", _NO_UTF8)
def test_a_recipient_that_is_no_utf8_is_nobody(recipient: str) -> None:
    """It is refused as any address of nobody, at once."""
    given = pipe(Service({}), f"--recipient={recipient}")
    named = pipe(Service({}), env={"ORIGINAL_RECIPIENT": recipient, "SENDER": recipient})

    assert (given.exit_code, named.exit_code) == (67, 67)
