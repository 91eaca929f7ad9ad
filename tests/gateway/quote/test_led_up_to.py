"""Is legal text, a company's register, a signature or a tagline the answer? If a line says so."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

TABLE = tomllib.loads((Path(__file__).parent / "led_up_to.toml").read_text(encoding="utf-8"))
ALL = [tuple(pair) for key, kind in TABLE.items() if key != "not_led" for pair in kind.values()]
TOLD = "We met on Friday and all went well."


def posted(text: str) -> str:
    """Return what is posted of a mail, white space made even."""
    return " ".join(extract(Body(text=text, html="", sender_name="Bo Berg")).text.split())


@pytest.mark.parametrize(("lead", "block"), ALL)
def test_what_a_line_leads_up_to_is_kept(lead: str, block: str) -> None:
    """Below it with a blank line between, and at the end of a longer mail."""
    assert posted(f"{lead}\n\n{block}\n") == " ".join(f"{lead} {block}".split())
    assert posted(f"{TOLD}\n\n{lead}\n\n{block}\n").endswith(" ".join(block.split()))


@pytest.mark.parametrize(("lead", "block"), ALL)
def test_the_same_below_what_ends_is_folded(lead: str, block: str) -> None:
    """The twin: below a plain sentence it is what stands below all mails."""
    assert lead
    kept = posted(f"{TOLD}\n\n{block}\n")
    assert kept.startswith(TOLD)
    assert " ".join(block.split()[-4:]) not in kept


@pytest.mark.parametrize(("line", "block"), TABLE["not_led"].values(), ids=TABLE["not_led"])
def test_what_no_line_leads_up_to_is_folded(line: str, block: str) -> None:
    """A question, or a word of the same kind in a plain line, hands on nothing."""
    assert posted(f"{line}\n\n{block}\n") == line
