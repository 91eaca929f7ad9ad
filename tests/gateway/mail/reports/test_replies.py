"""What a server said is found among the other numbers of a report."""

import pytest

from core.outcome import PeerReply
from gateway.mail.reports.replies import better, reply_in


@pytest.mark.parametrize(
    ("text", "code", "enhanced"),
    [
        pytest.param("said: 550 5.1.1 No", 550, "5.1.1", id="both"),
        pytest.param("550-5.7.1 No", 550, "5.7.1", id="the first of several lines"),
        pytest.param("said: 550 No. (#5.1.1)", 550, "5.1.1", id="apart"),
        pytest.param("[550 5.1.1 No]", 550, "5.1.1", id="in brackets"),
        pytest.param("554: 5.7.9 No", 554, "5.7.9", id="with a colon"),
        pytest.param("said: 550\n    <bo@example.net>: No", 550, None, id="wrapped"),
        pytest.param("550 No (#4.4.1)", 550, None, id="of another class"),
        pytest.param("Status: 5.1.1", 0, "5.1.1", id="the enhanced alone"),
        pytest.param("host 192.5.1.1 is 5.1.1.7", 0, None, id="an IP address"),
        pytest.param("at 10:450 from 10.0.0.550", 0, None, id="a time, an address"),
        pytest.param("1550 bottles", 0, None, id="a number"),
        pytest.param("250 2.0.0 Ok", 0, "2.0.0", id="good news"),
        pytest.param("", 0, None, id="nothing"),
    ],
)
def test_a_reply_is_found(text: str, code: int, enhanced: str | None) -> None:
    """The code and the enhanced code that belong together."""
    found = reply_in(text)

    assert (found.code, found.enhanced) == (code, enhanced)


def test_its_words_end_at_an_empty_line() -> None:
    """Continuation lines belong to it, the next paragraph does not; spaces are single."""
    assert reply_in("x: 550 5.1.1 No\n   such user\n\nBye").text == "No such user"
    assert reply_in("x: 550 No\n(5.1.1)\n\nBye").text == "No (5.1.1)"


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        pytest.param((550, "5.0.0"), (554, "5.1.1"), (550, "5.1.1"), id="vague"),
        pytest.param((550, "5.2.2"), (554, "5.1.1"), (550, "5.2.2"), id="telling"),
        pytest.param((0, "5.1.1"), (450, "4.1.1"), (0, "5.1.1"), id="of another class"),
        pytest.param((450, None), (550, "5.1.1"), (450, None), id="of another class, too"),
        pytest.param((0, None), (550, "5.1.1"), (550, "5.1.1"), id="nothing"),
    ],
)
def test_two_accounts_are_put_together(
    first: tuple[int, str | None], second: tuple[int, str | None], both: tuple[int, str | None]
) -> None:
    """The second fills in what the first leaves open, where the classes agree."""
    found = better(PeerReply(*first, ""), PeerReply(*second, "words"))

    assert found == PeerReply(*both, "words")
