"""Where a link leads is what its reader sees, whoever would rather they did not."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from notifier.rendering.digest import DigestMessage
from notifier.rendering.link_target import says_where, target_of
from tests.support.digests import a_digest, a_message, render

EVIL = "https://evil.example/login"


def _link(url: str, *words: object) -> list[dict[str, object]]:
    """Return content blocks that are one link."""
    return [{"type": "text", "children": [{"type": "link", "url": url, "children": list(words)}]}]


# What somebody writes, the host it leads to, and words that must not be lost on the way.
MASKED = [
    pytest.param(f"Pay <{EVIL}|https://bank.example/in>", None, "evil.example", "Pay", id="en"),
    pytest.param(f"Zde: <{EVIL}|banka.example>", None, "evil.example", "banka.example", id="cs"),
    pytest.param(f"<{EVIL}|Zur Rechnung>", None, "evil.example", "Zur Rechnung", id="de, words"),
    pytest.param(f"<{EVIL}|ادفع هنا>", None, "evil.example", "ادفع هنا", id="ar"),
    pytest.param(f"<{EVIL}|銀行.example>", None, "evil.example", "銀行.example", id="ja"),
    pytest.param(f"<{EVIL}|\u202eelpmaxe.knab>", None, "evil.example", "elpmaxe.knab", id="rtl"),
    pytest.param(f"<{EVIL}|bank\u200b.example>", None, "evil.example", "bank.example", id="unseen"),
    pytest.param(f"*<{EVIL}|bank.example>*", None, "evil.example", "bank.example", id="in bold"),
    pytest.param("https://bank.example@evil.example/x", None, "evil.example", "x", id="user info"),
    pytest.param("https://bank.example:a@evil.example", None, "evil.example", "a", id="password"),
    pytest.param(
        "https://bank.example%2Flogin@evil.example/", None, "evil.example", "login", id="escaped"
    ),
    pytest.param("https://evil.example\\@bank.example", None, "evil.example", "@", id="backslash"),
    pytest.param("https://b\u0430nk.example/in", None, "xn--bnk-6cd.example", "in", id="Cyrillic"),
    pytest.param("www.b\u0430nk.example", None, "www.xn--bnk-6cd.example", "www", id="bare, too"),
    pytest.param("https://evil%2Eexample/", None, "evil.example", "https", id="escaped host"),
    pytest.param("", _link(EVIL, "https://bank.example"), "evil.example", "bank", id="node"),
    pytest.param("", _link(EVIL, "the bank"), "evil.example", "the bank", id="node with words"),
    pytest.param(
        "",
        _link(EVIL, {"type": "bold", "children": ["https://bank.", "example"]}),
        "evil.example", "bank.", id="bold node",
    ),
    pytest.param(
        "",
        _link(EVIL, *_link("https://bank.example", "bank")[0]["children"]),  # type: ignore[misc]
        "evil.example", "bank", id="a link in a link",
    ),
    pytest.param(
        "",
        [{"type": "text", "children": [
            {"type": "autoLink", "url": EVIL, "text": "https://bank.example/"}]}],
        "evil.example", "bank.example", id="a link that calls itself automatic",
    ),
]  # fmt: skip


def _anchors(html: str) -> list[tuple[str, str]]:
    """Return where the links of messages lead, and what stands on them."""
    links = LexborHTMLParser(html).css(".b a")
    return [(link.attributes["href"] or "", link.text()) for link in links]


def _host(url: str) -> str:
    return re.sub(r"^https?://", "", url).partition("/")[0]


def _said(text: str, content: list[dict[str, object]] | None) -> DigestMessage:
    return a_message(text, content=content)


@pytest.mark.parametrize(("text", "content", "host", "words"), MASKED)
@pytest.mark.parametrize("how", ["whole", "cut", "doubled", "behind much"])
def test_a_person_masks_no_link(
    text: str, content: list[dict[str, object]] | None, host: str, words: str, how: str
) -> None:
    """On each link stands its own host, in both parts, and no word of the message is lost."""
    if how == "cut":
        text = text[: len(text) // 2]
    if how == "doubled":
        text, content = f"{text} {text}", (content * 2 if content else None)
    if how == "behind much":
        text = "so it is. " * 100_000 + text
    both = render(a_digest(_said(text, content)))

    assert all(_host(href) == _host(f"https://{shown}".replace("https://https://", "https://"))
               for href, shown in _anchors(both.html))  # fmt: skip
    if how in {"whole", "doubled"}:
        assert any(_host(href) == host for href, _ in _anchors(both.html))
        assert words in both.text
        assert words in unescape(re.sub(r"<[^>]+>", "", both.html))
        assert host in both.text


def test_the_app_may_hide_where_a_link_leads() -> None:
    """What the app itself says is linked under the words it chose."""
    both = render(a_digest(a_message(f"<{EVIL}|Your invoice>", labelled_links=True)))

    assert _anchors(both.html) == [(EVIL, "Your invoice")]
    assert f"Your invoice <{EVIL}>" in both.text


@pytest.mark.parametrize(
    "url",
    [
        "https://x.org", "http://x.org/a_b", "https://x.org/A_(b)?c=1&d=2#e", "https://X.org:8080/",
        "www.x.org/ž", "https://x.org/مقال", "https://[2001:db8::1]/x", "https://localhost:3000",
    ],
)  # fmt: skip
def test_an_address_that_says_where_it_leads_is_the_link(url: str) -> None:
    """Most addresses hide nothing: they are shown once, as they were typed."""
    both = render(a_digest(a_message(f"See {url} now")))

    assert [shown for _, shown in _anchors(both.html)] == [url]
    assert f"See {url} now" in both.text


@pytest.mark.parametrize(
    ("words", "url", "same"),
    [
        pytest.param("x.org", "https://x.org/", True, id="no scheme"),
        pytest.param("HTTPS://X.org", "https://x.org", True, id="capitals"),
        pytest.param("x.org/a", "https://x.org/b", False, id="another page"),
        pytest.param("x.org", "https://x.org.evil.example", False, id="a name that begins so"),
        pytest.param("x.org@evil.example", "https://evil.example", False, id="user info"),
        pytest.param("here", "https://here.example", False, id="words"),
    ],
)
def test_words_that_say_where(words: str, url: str, same: bool) -> None:  # noqa: FBT001
    """Only the address itself is its own words."""
    target = target_of(url)

    assert target is not None
    assert says_where(words, target) is same


@given(st.text(st.sampled_from("htps:/@\\.ex-a%2E\u0410[]:#?x "), max_size=60))
@settings(deadline=None, max_examples=400)
def test_a_target_has_no_user_and_a_host_of_ascii(rest: str) -> None:
    """Whatever is typed, what a mail links to names its host in letters nobody mistakes."""
    target = target_of(f"https://{rest}")

    if target is not None:
        authority = re.split(r"[/?#]", target.url.partition("://")[2])[0]
        assert "@" not in authority
        assert authority.isascii()
        assert "%" not in authority
