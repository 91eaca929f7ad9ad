"""What an MTA hands to a program is read as the mail it carries, and nothing else."""

import pytest

from gateway.mail.mbox import as_sent, reverse_path


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        pytest.param("bo@example.net", "bo@example.net", id="an address"),
        pytest.param(" <bo@example.net> ", "bo@example.net", id="an address in brackets"),
        pytest.param("", "", id="nothing is the null reverse-path"),
        pytest.param("<>", "", id="so are empty brackets"),
        pytest.param("MAILER-DAEMON", "", id="so is what pipe(8) of Postfix writes"),
        pytest.param("<MAILER-DAEMON>", "", id="also in brackets"),
        pytest.param(
            "mailer-daemon@example.net", "mailer-daemon@example.net", id="an address of it"
        ),
    ],
)
def test_a_reverse_path_is_read_as_the_mta_meant_it(said: str, meant: str) -> None:
    """A bounce keeps its null reverse-path, however the MTA writes that."""
    assert reverse_path(said, b"Return-Path: <other@x>\n") == meant


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        pytest.param(b"Return-Path: <bo@x>\nA: b\n", "bo@x", id="a Return-Path"),
        pytest.param(b"return-path: <>\nA: b\n", "", id="of a bounce"),
        pytest.param(b"From bo@x Mon Jan  1\nA: b\n", "bo@x", id="an mbox line"),
        pytest.param(b"From MAILER-DAEMON Mon\nA: b\n", "", id="of a bounce, as mbox has it"),
        pytest.param(b"From q@x Mon\nReturn-Path: <bo@x>\nA: b\n", "bo@x", id="both"),
        pytest.param(b"A: b\nReturn-Path: <eve@x>\n", "unknown", id="one the MTA did not write"),
        pytest.param(b"A: b\n", "unknown", id="nothing: unknown is not null"),
    ],
)
def test_what_nobody_said_stands_above_the_mail(raw: bytes, meant: str) -> None:
    """Without a reverse-path on the command line or in the query, the MTA's own trace is read."""
    assert reverse_path(None, raw) == meant


@pytest.mark.parametrize(
    ("piped", "sent"),
    [
        pytest.param(b"A: b\n\nc\n", b"A: b\r\n\r\nc\r\n", id="line feeds become line ends"),
        pytest.param(b"A: b\r\n\r\nc\r\n", b"A: b\r\n\r\nc\r\n", id="line ends stay"),
        pytest.param(b"A: b\r\n\nc\n", b"A: b\r\n\r\nc\r\n", id="both in one mail"),
        pytest.param(b"From x@y Mon\nA: b\n", b"A: b\r\n", id="the mbox line goes"),
        pytest.param(b">From x@y Mon\nA: b\n", b"A: b\r\n", id="also a quoted one"),
        pytest.param(b"From: x\n\nc\n", b"From: x\r\n\r\nc\r\n", id="the From field stays"),
        pytest.param(b"A: b\n\nFrom x\n", b"A: b\r\n\r\nFrom x\r\n", id="so does the text"),
        pytest.param(b"A: b\n\nc\rd", b"A: b\r\n\r\nc\rd", id="a bare CR is left to be refused"),
        pytest.param(b"A: b\n\n\xff\0", b"A: b\r\n\r\n\xff\0", id="octets are no text"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_a_mail_is_what_would_go_over_the_wire(piped: bytes, sent: bytes) -> None:
    """Octets are kept; only line ends and the mbox line are the MTA's own."""
    assert as_sent(piped) == sent
