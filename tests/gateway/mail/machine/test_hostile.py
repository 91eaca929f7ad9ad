"""Judging takes bounded time and never raises, whatever a stranger writes."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail import machine
from gateway.mail.body import Body
from gateway.mail.envelope import Envelope
from gateway.mail.parse import Mail
from tests.support.cost import cost

NAMES = [
    "Auto-Submitted",
    "Precedence",
    "X-Autoreply",
    "X-Auto-Response-Suppress",
    "Return-Path",
    "Sender",
    "List-Unsubscribe",
    "Content-Type",
    "Content-Disposition",
    "X-Vacation-Reply",
    "Message-ID",
    "Received",
]


def judged(raw: bytes, subject: str = "", author: str = "sam@harbour.example") -> None:
    """Judge octets that no guard has looked at."""
    message = message_from_bytes(raw, policy=policy.compat32)
    mail = Mail(message, author, (author,), "", Body(text="words", subject=subject))
    machine.judge(mail, Envelope(author, ("r+token@notify.harbour.example",)))


def header(name: str, value: str, times: int = 1) -> bytes:
    """Write a header a number of times."""
    return (f"{name}: {value}\r\n" * times).encode() + b"\r\nwords"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(header("Auto-Submitted", "(" * 200_000), id="comments that never close"),
        pytest.param(header("Auto-Submitted", "(a) " * 100_000), id="comments without end"),
        pytest.param(header("Auto-Submitted", "no", 50_000), id="the same header 50,000 times"),
        pytest.param(header("Precedence", " \t" * 200_000), id="white space"),
        pytest.param(header("Content-Type", "text/plain" + ";" * 200_000), id="semicolons"),
        pytest.param(
            header("Content-Type", "multipart/report" + "; report-type" * 40_000), id="parameters"
        ),
        pytest.param(
            b"".join(b"X-Auto-%d-Reply: yes\r\n" % n for n in range(20_000)) + b"\r\n",
            id="20,000 headers of their own names",
        ),
        pytest.param(header("X-" + "auto-" * 40_000 + "reply", "yes"), id="an endless name"),
        pytest.param(header("Sender", "<" * 200_000), id="angle brackets"),
        pytest.param(header("Return-Path", "é" * 200_000), id="eight bits"),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + b"--b\r\nContent-Type: text/calendar; method=x\r\n\r\n" * 20_000,
            id="20,000 parts",
        ),
    ],
)
def test_hostile_headers_cost_little(raw: bytes) -> None:
    """What would be slow is cut before it is looked at."""
    message = message_from_bytes(raw, policy=policy.compat32)
    mail = Mail(message, "sam@harbour.example", (), "", Body(text="words"))
    envelope = Envelope("sam@harbour.example", ())

    assert cost(lambda: machine.judge(mail, envelope)) < 50


@pytest.mark.parametrize(
    ("subject", "author"),
    [
        pytest.param("[" * 500_000, "a@b", id="brackets"),
        pytest.param("[a] " * 200_000, "a@b", id="tags"),
        pytest.param("\u0345" * 500_000, "a@b", id="accents on nothing"),
        pytest.param("\ufdfa" * 100_000, "a@b", id="one character that becomes eighteen"),
        pytest.param("auto: " * 100_000, "a@b", id="auto"),
        pytest.param("x", "no-reply+" * 100_000, id="an endless address"),
        pytest.param("x", "mailer-daemon+" + "+" * 500_000, id="an endless daemon"),
    ],
)
def test_hostile_subjects_and_addresses_cost_little(subject: str, author: str) -> None:
    """Phrases and patterns look at a bounded piece."""
    assert cost(lambda: judged(b"\r\nwords", subject, author)) < 50


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=60)), max_size=12),
    st.text(max_size=80),
    st.text(max_size=40),
)
def test_it_never_raises(lines: list[tuple[str, bytes]], subject: str, author: str) -> None:
    """Octets of any kind in any header are judged one way or the other."""
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in lines)

    judged(head + b"\r\nwords", subject, author)
