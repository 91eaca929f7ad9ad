"""Soft line breaks are joined as RFC 3676 says."""

import pytest

from gateway.mail.flowed import unflow


@pytest.mark.parametrize(
    ("text", "delsp", "joined"),
    [
        pytest.param("one \ntwo", False, "one two", id="a soft break keeps its space"),
        pytest.param("one \ntwo", True, "onetwo", id="DelSp drops it"),
        pytest.param("one\ntwo", False, "one\ntwo", id="a hard break stays"),
        pytest.param("> a \n> b\nc", False, "> a b\nc", id="quoted lines join at their depth"),
        pytest.param("> a \n>> b", False, "> a \n>> b", id="never across depths"),
        pytest.param("end \n-- \nKim", False, "end \n-- \nKim", id="a signature line never flows"),
        pytest.param(" From here", False, "From here", id="a stuffed space comes off"),
        pytest.param("last ", False, "last ", id="a soft break at the end"),
    ],
)
def test_flowed_text(text: str, joined: str, *, delsp: bool) -> None:
    """Each case is a rule of the RFC."""
    assert unflow(text, delsp=delsp) == joined
