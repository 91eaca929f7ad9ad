"""What servers, scanners, lists and devices add: folded as whole blocks, in many languages."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract

WORDS = "The blue one, please. I can come on Friday."

ADDED = tomllib.loads((Path(__file__).parent / "added.toml").read_text(encoding="utf-8"))
BANNERS, FOOTERS, TAGLINES = ADDED["banners"], ADDED["footers"], ADDED["taglines"]["lines"]


def posted(text: str) -> tuple[str, set[Rule]]:
    """Return what is posted of a mail, and the rules that folded any of it."""
    found = extract(Body(text=text, sender_name="Bo Berg"))
    return found.text.strip(), set(found.folded)


@pytest.mark.parametrize("banner", [pytest.param(text, id=name) for name, text in BANNERS.items()])
@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["a blank line below", "none"])
def test_a_banner_is_folded(banner: str, gap: str) -> None:
    """Whole, with a blank line below it or without, and again when two gateways put one."""
    assert posted(banner + gap + WORDS) == (WORDS, {Rule.NOTICE})
    assert posted(banner + "\n\n" + banner + gap + WORDS) == (WORDS, {Rule.NOTICE})


@pytest.mark.parametrize("footer", [pytest.param(text, id=name) for name, text in FOOTERS.items()])
def test_a_footer_is_folded(footer: str) -> None:
    """Whole, from the line drawn above it, also under a second one."""
    assert posted(f"{WORDS}\n\n{footer}")[0] == WORDS
    assert posted(f"{WORDS}\n\n{footer}\n\n{footer}\n")[0] == WORDS


@pytest.mark.parametrize("line", TAGLINES)
def test_a_tagline_is_folded(line: str) -> None:
    """As the last line, above a quote, and in brackets of its own."""
    assert posted(f"{WORDS}\n\n{line}\n") == (WORDS, {Rule.TAGLINE})
    assert posted(f"{WORDS}\n\n{line}\n\n> Which colour?\n> When?\n")[0] == WORDS
