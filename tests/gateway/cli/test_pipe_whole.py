"""A mail piped into the command is in the conversation when the command has ended."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from core.address import Keyring, Purpose, Token, local_part
from core.client.command import Given
from core.client.reach import in_process
from core.clock import SetClock
from core.store import apps, messages, participants
from core.store.database import Session, open_database
from gateway.answers.wordless import WORDLESS
from gateway.cli.commands import add_to
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM, a_conversation, says
from tests.support.wordless_mails import ONE_OF_EACH

ROOT = Path(__file__).parents[3]
KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
MAIL = b"From: Bo <bo@example.net>\nMessage-ID: <1@x>\n\nYes, it is.\n"


class Post:
    """An embedded database that each command opens for itself, as where no service runs."""

    def __init__(self, folder: Path) -> None:
        """Keep it in this folder, with Ann and Bo in a conversation."""
        self.url = f"sqlite:///{folder}/rejoinder.db"
        self.address = asyncio.run(self._begin())

    @asynccontextmanager
    async def reach(self, given: Given) -> AsyncIterator[httpx.AsyncClient]:
        """Be the service for the length of a command."""
        database, clock = open_database(self.url), SetClock(NOW)
        try:
            context = Context(
                database, clock, KEYS, "http://api.test", "reply.test", largest=100_000
            )
            app = build(context, admin=True)
            async with in_process(app) as client:
                yield client
        finally:
            await database.close()

    def pipe(self, mail: bytes, *words: str) -> Result:
        """Pipe a mail into the command."""
        group = typer.Typer()
        add_to(group)

        @group.callback()
        def _begin(ctx: typer.Context) -> None:
            ctx.obj = self.reach

        nothing = dict.fromkeys(("SENDER", "RECIPIENT", "ORIGINAL_RECIPIENT", "EXTENSION"))
        return CliRunner().invoke(group, ["mail", "receive", *words], input=mail, env=nothing)

    async def said(self) -> list[str | None]:
        """Return what was posted by mail."""
        database = open_database(self.url)
        try:
            found = await database.read(lambda s: messages.page(s, APP, ROOM, 50, None))
        finally:
            await database.close()
        return [one.text for one in found if one.origin == "email"]

    async def _begin(self) -> str:
        def work(session: Session) -> Token:
            a_conversation(session, "ann", "bo")
            says(session, "ann", "Is it there?")
            app, bo = apps.find(session, APP), participants.find(session, APP, ROOM, "bo")
            assert app is not None
            assert bo is not None
            return Token(Purpose.REPLY, app.number, bo.reference, bo.address_epoch)

        database = open_database(self.url)
        await database.migrate()
        token = await database.write(work)
        await database.close()
        return f"{local_part(Purpose.REPLY, KEYS.sign(token))}@reply.test"


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """Give a database with a conversation."""
    return Post(tmp_path)


def test_it_is_posted_once(post: Post) -> None:
    """An MTA that offers a mail twice is told twice that it was taken."""
    first = post.pipe(MAIL, "--recipient", post.address, "--sender", "bo@example.net")
    again = post.pipe(MAIL, "--recipient", post.address.upper(), "--sender", "bo@example.net")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stderr == again.stderr == ""
    assert asyncio.run(post.said()) == ["Yes, it is."]


@pytest.mark.parametrize(
    ("mail", "to", "code", "said"),
    [
        pytest.param(MAIL, "r+x@reply.test", 67, "5.1.1 ", id="an address of nobody"),
        pytest.param(MAIL, "bo@elsewhere.test", 77, "5.7.1 ", id="a domain that is not ours"),
        pytest.param(MAIL[:-13], "", 65, "5.6.0 ", id="nothing to say"),
        pytest.param(MAIL + b"a\n" * 60_000, "", 65, "5.3.4 ", id="more than may be"),
    ],
)
def test_a_refusal_reaches_the_mta(post: Post, mail: bytes, to: str, code: int, said: str) -> None:
    """With the exit code, and the sentence for the bounce behind its enhanced code."""
    result = post.pipe(mail, "--recipient", to or post.address, "--sender", "bo@example.net")

    assert result.exit_code == code
    assert result.stderr.startswith(said)
    assert asyncio.run(post.said()) == []


def test_what_was_seen_instead_of_words_reaches_the_bounce(post: Post) -> None:
    """The sentence that SMTP would have said, and EX_DATAERR, whatever there was."""
    for seen, raw in ONE_OF_EACH.items():
        result = post.pipe(raw, "--recipient", post.address, "--sender", "bo@example.net")
        row = WORDLESS[seen]

        assert (result.exit_code, result.stderr) == (65, f"{row.status.enhanced} {row.sentence}\n")


def test_a_bounce_is_taken_and_not_posted(post: Post) -> None:
    """A null reverse-path is a machine's: the MTA is done with it, and nobody hears of it."""
    result = post.pipe(MAIL, "--recipient", post.address, "--sender", "MAILER-DAEMON")

    assert result.exit_code == 0
    assert asyncio.run(post.said()) == []


def test_another_database_than_the_services_bounces_nothing(tmp_path: Path, post: Post) -> None:
    """An MTA starts the command elsewhere, where a relative path leads to a file just made."""
    address, post.url = post.address, f"sqlite:///{tmp_path}/elsewhere.db"
    asyncio.run(_made(post.url))

    result = post.pipe(MAIL, "--recipient", address, "--sender", "bo@example.net", "--verbose")

    assert result.exit_code == 75
    assert "database.url" in result.stderr


@pytest.mark.parametrize("words", [[], ["--no-such-option"]])
@pytest.mark.parametrize("stream", ["full", "broken", "none"])
def test_whatever_standard_error_is_the_mail_stays_in_the_queue(
    tmp_path: Path, words: list[str], stream: str
) -> None:
    """An MTA may append what we say to a log whose disk is full."""
    end, other = os.pipe()
    os.close(end)
    given = {"full": os.open("/dev/full", os.O_WRONLY), "broken": other, "none": other}[stream]
    command = [sys.executable, "-m", "rejoinder", "mail", "receive", *words]
    database = ["--database", f"sqlite:///{tmp_path}/nowhere/at-all/rejoinder.db"]
    ran = subprocess.run(
        [*command, *database, "--recipient", "r+x@reply.test"],
        input=MAIL, stderr=given, stdout=subprocess.PIPE, check=False, cwd=ROOT,
        preexec_fn=(lambda: os.close(2)) if stream == "none" else None,
    )  # fmt: skip
    os.close(given)

    assert (ran.returncode, ran.stdout) == (75, b"")


async def _made(url: str) -> None:
    """Make a database with nothing in it."""
    database = open_database(url)
    await database.migrate()
    await database.close()
