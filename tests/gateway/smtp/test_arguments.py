"""What the arguments of commands say, and what is wrong with them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.verdict import Reason
from gateway.answers.occasions import Occasion
from gateway.smtp.arguments import (
    Chunk,
    MailArguments,
    read_chunk,
    read_line,
    read_recipient,
    read_sender,
)

MOST = 1_000


@pytest.mark.parametrize(
    ("arg", "read"),
    [
        pytest.param("FROM:<a@b.test>", MailArguments("a@b.test"), id="an address"),
        pytest.param("from: <a@b.test>", MailArguments("a@b.test"), id="small letters and a blank"),
        pytest.param("FROM:<>", MailArguments(""), id="the null reverse-path"),
        pytest.param("FROM:a@b.test", MailArguments("a@b.test"), id="without angle brackets"),
        pytest.param(
            'FROM:<"a b"@b.test>', MailArguments('"a b"@b.test'), id="a quoted local part"
        ),
        pytest.param(
            "FROM:<a@[192.0.2.1]>", MailArguments("a@[192.0.2.1]"), id="an address literal"
        ),
        pytest.param(
            "FROM:<@x.test,@y.test:a@b.test>", MailArguments("a@b.test"), id="a source route"
        ),
        pytest.param(
            "FROM:<a..b.@c.test>", MailArguments("a..b.@c.test"), id="dots as phones write them"
        ),
        pytest.param(
            "FROM:<a@b.test> SIZE=1000 BODY=8BITMIME", MailArguments("a@b.test"), id="the limit"
        ),
        pytest.param(
            "FROM:<a@b.test> smtputf8", MailArguments("a@b.test", smtputf8=True), id="SMTPUTF8"
        ),
        pytest.param(
            "FROM:<ä@b.test> SMTPUTF8", MailArguments("ä@b.test", smtputf8=True), id="umlauts"
        ),
        pytest.param("FROM:<a@b.test> SIZE=1001", Reason.TOO_BIG, id="too big"),
        pytest.param("FROM:<a@b.test> SIZE=9" + "9" * 30, Occasion.BAD_ARGUMENT, id="endless"),
        pytest.param("FROM:<a@b.test> SIZE=-1", Occasion.BAD_ARGUMENT, id="a negative size"),
        pytest.param("FROM:<a@b.test> SIZE", Occasion.BAD_ARGUMENT, id="a size of nothing"),
        pytest.param("FROM:<a@b.test> SIZE=1 SIZE=2", Occasion.BAD_ARGUMENT, id="two sizes"),
        pytest.param("FROM:<a@b.test> BODY=BINARYMIME", Occasion.BAD_ARGUMENT, id="binary"),
        pytest.param("FROM:<a@b.test> RET=FULL", Occasion.UNKNOWN_PARAMETER, id="DSN"),
        pytest.param("FROM:<ä@b.test>", Occasion.NEEDS_SMTPUTF8, id="umlauts not said"),
        pytest.param("FROM:<a@b.test>x", Occasion.BAD_SENDER, id="something behind it"),
        pytest.param("FROM:<a b@c.test>", Occasion.BAD_SENDER, id="a blank inside"),
        pytest.param("FROM:<postmaster>", Occasion.BAD_SENDER, id="a name without domain"),
        pytest.param("TO:<a@b.test>", Occasion.BAD_ARGUMENT, id="the wrong word"),
        pytest.param(None, Occasion.BAD_ARGUMENT, id="nothing"),
    ],
)
def test_mail_says_where_a_mail_comes_from(
    arg: str | None, read: MailArguments | Occasion | Reason
) -> None:
    """RFC 5321, 4.1.2, with the parameters of RFC 1870, 6152 and 6531."""
    assert read_sender(arg, MOST) == read


@pytest.mark.parametrize(
    ("arg", "read"),
    [
        pytest.param("TO:<r+abc@b.test>", "r+abc@b.test", id="an address"),
        pytest.param("TO:<Postmaster>", "Postmaster", id="the one name without domain"),
        pytest.param('TO:<"r+abc"@b.test.>', "r+abc@b.test", id="in quotes, with the root's dot"),
        pytest.param(r'TO:<"r\+a\"b"@b.test>', 'r+a"b@b.test', id="quoted pairs"),
        pytest.param("TO:<>", Occasion.BAD_RECIPIENT, id="nobody"),
        pytest.param("TO:<abuse>", Occasion.BAD_RECIPIENT, id="another name without domain"),
        pytest.param("TO:<ä@b.test>", Occasion.NEEDS_SMTPUTF8, id="umlauts not said"),
        pytest.param("TO:<a@b.test> NOTIFY=NEVER", Occasion.UNKNOWN_PARAMETER, id="DSN"),
        pytest.param("TO:<a@b.test> =x", Occasion.BAD_ARGUMENT, id="no parameter"),
        pytest.param("FROM:<a@b.test>", Occasion.BAD_ARGUMENT, id="the wrong word"),
    ],
)
def test_rcpt_says_where_a_mail_goes(arg: str, read: str | Occasion) -> None:
    """RFC 5321, 4.1.1.3: postmaster needs no domain."""
    assert read_recipient(arg, smtputf8=False) == read


@pytest.mark.parametrize(
    ("arg", "read"),
    [
        pytest.param("100", Chunk(100, last=False), id="a chunk"),
        pytest.param("0 last", Chunk(0, last=True), id="the empty last one"),
        pytest.param("10 LAST x", None, id="something behind it"),
        pytest.param("-1", None, id="a negative one"),
        pytest.param("٣", None, id="a digit of another script"),
        pytest.param("1" * 21, None, id="endless"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_bdat_says_how_much_comes(arg: str | None, read: Chunk | None) -> None:
    """RFC 3030, 2."""
    assert read_chunk(arg) == read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        pytest.param(b"NOOP\r\n", "NOOP", id="a command"),
        pytest.param(b"RCPT\tTO:<x>\r\n", "RCPT TO:<x>", id="a tab for a blank"),
        pytest.param(b"\r\n", "", id="an empty line"),
        pytest.param(b"NOOP\n", Occasion.BAD_LINE_END, id="a bare LF"),
        pytest.param(b"NO\rOP\r\n", Occasion.BAD_LINE_END, id="a bare CR"),
        pytest.param(b"NO\0OP\r\n", Occasion.BAD_CHARACTERS, id="a NUL"),
        pytest.param(b"NO\xffOP\r\n", Occasion.BAD_CHARACTERS, id="no UTF-8"),
        pytest.param("a\u202eb\r\n".encode(), Occasion.BAD_CHARACTERS, id="a turned direction"),
    ],
)
def test_a_line_is_text(line: bytes, read: str | Occasion) -> None:
    """RFC 5321, 2.3.8: CR LF and nothing else ends a line."""
    assert read_line(line) == read


@settings(deadline=None)
@given(st.text(max_size=600))
def test_nothing_that_may_be_said_is_a_surprise(text: str) -> None:
    """Whatever comes behind a command is read or refused, never an exception."""
    for arg in (text, f"FROM:<{text}>", f"FROM:<a@b.test> {text}"):
        assert isinstance(read_sender(arg, MOST), MailArguments | Occasion | Reason)
    for arg in (text, f"TO:<{text}>", f"TO:<a@b.test> {text}"):
        assert isinstance(read_recipient(arg, smtputf8=True), str)
    assert read_chunk(text) is None or text[0].isdigit()
