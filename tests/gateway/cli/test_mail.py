"""What ``mail explain`` tells of a mail: every line, kept or folded, and why."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from gateway.cli.commands import add_to

MAIL = b"""\
From: Bo <bo@example.com>\r
To: r+x@reply.example.org\r
Subject: Re: The red bike\r
Message-ID: <1@example.com>\r
\r
Yes, it is!\r
\r
On Sat, 21 Nov 2026, Ann Adler wrote:\r
> Is the bike still there, and may I come on Saturday?\r
"""


def explain(*words: str, stdin: bytes = b"") -> Result:
    """Run the command."""
    group = typer.Typer()
    add_to(group)
    return CliRunner().invoke(group, ["mail", "explain", *words], input=stdin)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """Return a file with a reply."""
    file = tmp_path / "reply.eml"
    file.write_bytes(MAIL)
    return file


def test_each_line_is_shown_with_its_rule(mail: Path) -> None:
    """Kept lines are marked +, folded ones -, each with the rule that decided."""
    result = explain(str(mail))

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("1 + written")
    assert lines[0].endswith("Yes, it is!")
    assert any("- attribution" in line[:16] and "Ann Adler wrote:" in line for line in lines)
    assert "\x1b" not in result.stdout


def test_its_writer_s_language_may_be_told(mail: Path) -> None:
    """As the gateway knows it: it tells of letters whose charset nobody declared."""
    mail.write_bytes(MAIL.replace(b"Yes, it is!", "Ačiū".encode("cp1257")))

    assert json.loads(explain(str(mail), "--json", "--locale", "lt").stdout)["text"] == "Ačiū"


def test_as_json_it_can_be_read_by_programs(mail: Path) -> None:
    """--json tells the reply and every line."""
    told = json.loads(explain(str(mail), "--json").stdout)

    assert told["text"] == "Yes, it is!"
    assert [line["kept"] for line in told["lines"]].count(True) >= 1
    assert {"text", "kept", "rule", "reason"} == set(told["lines"][0])


def test_what_was_sent_is_recognised(mail: Path, tmp_path: Path) -> None:
    """With the digest it answers, the quote is known to be ours."""
    sent = tmp_path / "sent.json"
    text = "Ann Adler\nIs the bike still there, and may I come on Saturday?"
    sent.write_text(json.dumps({"text": text}), encoding="utf-8")

    told = json.loads(explain(str(mail), "--sent", str(sent), "--json").stdout)

    assert "sent" in {line["rule"] for line in told["lines"]}


def test_a_mail_may_come_on_standard_input() -> None:
    """A dash reads the mail from a pipe."""
    assert "Yes, it is!" in explain("-", stdin=MAIL).stdout


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file ends with 2 and one line."""
    result = explain(str(tmp_path / "none.eml"))

    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_a_mail_beyond_the_limits_is_not_read(tmp_path: Path) -> None:
    """What the gateway would refuse before parsing is not parsed here either."""
    file = tmp_path / "big.eml"
    file.write_bytes(b"From: " + b"a" * 20_000 + b"\r\n\r\nhello\r\n")

    result = explain(str(file))

    assert result.exit_code == 2
    assert "refused before it is read" in result.stderr
