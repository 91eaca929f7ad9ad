"""Which lines are drawn, by each of the ways in which they are asked about."""

import time

import pytest

from gateway.quote import drawn_line

ASKED = {
    "plain": drawn_line.plain,
    "firm": drawn_line.firm,
    "framed": drawn_line.framed,
    "ornate": drawn_line.ornate,
    "stretched": drawn_line.stretched,
    "signing": drawn_line.signing,
}
ALL = frozenset(ASKED)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        pytest.param("-----", ALL, id="dashes"),
        pytest.param("_____", ALL, id="underscores"),
        pytest.param("=====", ALL, id="a double line"),
        pytest.param("*****", ALL, id="stars"),
        pytest.param("--", ALL - {"firm", "framed"}, id="a signature's two dashes"),
        pytest.param("- - - -", ALL - {"stretched"}, id="dashes apart"),
        pytest.param("----- -----", ALL, id="two stretches"),
        pytest.param("~~~~", ALL - {"plain"}, id="a wave"),
        pytest.param("####", {"framed", "ornate", "stretched", "signing"}, id="hashes"),
        pytest.param("+-----+", {"framed", "ornate", "signing"}, id="a corner"),
        pytest.param("|-----|", {"framed"}, id="a box"),
        pytest.param("\u2500\u2500\u2500", ALL - {"plain", "firm"}, id="box drawing"),
        pytest.param("\u2554\u2550\u2550\u2557", {"framed", "ornate"}, id="a box's corner"),
        pytest.param("\u2013\u2013\u2013", ALL - {"framed"}, id="en dashes"),
        pytest.param("\u2014", {"signing"}, id="one long dash"),
        pytest.param("....", {"ornate", "signing"}, id="dots"),
        pytest.param("-", frozenset(), id="one dash"),
        pytest.param("", frozenset(), id="nothing"),
        pytest.param("----- Ann", frozenset(), id="with a name behind it"),
        pytest.param("a-----", frozenset(), id="with a letter before it"),
        pytest.param("3-4-5", frozenset(), id="numbers"),
    ],
)
def test_a_line_is_drawn_as_strictly_as_is_asked(line: str, asked: frozenset[str]) -> None:
    """Each way asks for other signs, and for how many of them."""
    assert {name for name, is_drawn in ASKED.items() if is_drawn(line)} == asked


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.parametrize("piece", ["-", "- ", "--- ", "~*", "\u2500"])
def test_an_endless_line_costs_little(name: str, piece: str) -> None:
    """Whatever a stranger draws, and however it ends."""
    begin = time.process_time()
    for end in ("", "x"):
        ASKED[name](piece * 300_000 + end)

    assert time.process_time() - begin < 0.5


def test_a_line_that_begins_drawn_may_go_on() -> None:
    """Five signs of a kind are enough; four are an author's."""
    assert drawn_line.begun("----- This mail was checked")
    assert not drawn_line.begun("---- not quite")
