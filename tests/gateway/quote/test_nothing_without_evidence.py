"""Replies built of what people write: without evidence, no word of them is folded.

The blocks (blocks.toml) are sentences, contacts, addresses, lists, tables, code, diffs, forms,
dates, dialogues, rules and quotations, in sixteen languages. No sign-off stands above a contact
and no delimiter above anything but prose, so nothing tells that a block is not the answer. Below
it stands nothing, or a digest of ours in a client's dress.
"""

import html
import tomllib
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.corpus.metric import words

BLOCKS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "blocks.toml").read_text(encoding="utf-8")
)
ANY = BLOCKS.pop("any")
DIGEST = "Reply above this line\n\nAnn (09:38)\nWhich colours do you have, and from when?\n"
SENT = Sent(
    text=DIGEST, name="Ann (Shop)", address="messages@notify.shop.example", subject="The kite"
)
QUOTED = "".join(f"> {line}".rstrip() + "\n" for line in DIGEST.split("\n"))
DRESSES = (
    "On Mon, 15 May 2023 at 12:03, Ann (Shop) <messages@notify.shop.example> wrote:\n\n" + QUOTED,
    "Am 15.05.23 um 12:03 schrieb Ann (Shop):\n" + QUOTED,
    "________________________________\nFrom: Ann (Shop) <messages@notify.shop.example>\n"
    "Sent: Monday, May 15, 2023 12:03\nTo: Bo Berg\nSubject: The kite\n\n" + DIGEST,
    "-----Original Message-----\nFrom: Ann (Shop) <messages@notify.shop.example>\n"
    "Sent: Monday, May 15, 2023 12:03\nTo: Bo Berg\nSubject: The kite\n\n" + QUOTED,
    "Ann (Shop) <messages@notify.shop.example> 于2023年5月15日周一 12:03写道\uff1a\n\n" + QUOTED,
)


@st.composite
def replies(draw: st.DrawFn) -> str:
    """Draw a reply: a greeting or none, some blocks in one language, a sign-off or none."""
    told = BLOCKS[draw(st.sampled_from(sorted(BLOCKS)))]
    kinds = ["sentences"] * 4 + ["contacts", "addresses", "announced", "drawn", "quoted", *ANY]

    def one(name: str) -> str:
        return str(draw(st.sampled_from(told[name] if name in told else ANY[name])))

    def block() -> str:
        kind = draw(st.sampled_from(kinds))
        if kind == "announced":
            gap = draw(st.sampled_from(["\n", "\n\n"]))
            return one("announcing") + gap + one(draw(st.sampled_from(["contacts", "addresses"])))
        if kind in ("drawn", "rules"):
            return one("rules") + draw(st.sampled_from(["\n", "\n\n"])) + one("sentences")
        if kind == "quoted":
            return "> " + one("sentences").replace("\n", "\n> ") + "\n\n" + one("sentences")
        return one(kind)

    parts = [one("greetings")] if draw(st.booleans()) else []
    parts += [block() for _ in range(draw(st.integers(1, 6)))]
    parts += [one("signoffs")] if draw(st.booleans()) else []
    return "\n\n".join(parts)


def lost(text: str, body: Body, *sent: Sent) -> list[str]:
    """Return the words of a text that are not in what is posted of a mail."""
    return sorted((words(text) - words(extract(body, *sent).text)).elements())


def mail(text: str = "", markup: str | None = None) -> Body:
    """Return a mail of Bo Berg's."""
    return Body(text=text, html=markup, sender_name="Bo Berg", sender_address="bo@example.com")


@settings(deadline=None, max_examples=60, derandomize=True)
@given(replies())
def test_no_word_of_a_reply_alone_is_folded(text: str) -> None:
    """Nothing was quoted, nothing is known of what was sent."""
    assert lost(text, mail(text)) == []


@settings(deadline=None, max_examples=60, derandomize=True)
@given(replies(), st.sampled_from(DRESSES))
def test_no_word_above_our_digest_is_folded(text: str, dress: str) -> None:
    """What we sent is known, and ends the mail."""
    assert lost(text, mail(f"{text}\n\n{dress}"), SENT) == []


@settings(deadline=None, max_examples=60, derandomize=True)
@given(replies(), st.sampled_from(DRESSES))
def test_no_word_above_a_quote_is_folded(text: str, dress: str) -> None:
    """What we sent is not known."""
    assert lost(text, mail(f"{text}\n\n{dress}")) == []


@settings(deadline=None, max_examples=60, derandomize=True)
@given(replies(), st.booleans())
def test_no_word_of_a_formatted_reply_is_folded(text: str, quoted: bool) -> None:  # noqa: FBT001
    """Every line a block of its own, as webmail writes it, above a quote in a wrapper."""
    lines = (html.escape(line) or "<br>" for line in text.split("\n"))
    markup = "".join(f"<div>{line}</div>" for line in lines)
    said_by, _, _ = DRESSES[0].partition("\n")
    wrapper = (
        '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f"{html.escape(said_by)}</div><blockquote class='gmail_quote'>"
        f"{html.escape(DIGEST)}</blockquote></div>"
    )
    assert lost(text, mail(markup=markup + (wrapper if quoted else ""))) == []


@settings(deadline=None, max_examples=60, derandomize=True)
@given(replies())
def test_no_word_below_a_quote_is_folded(text: str) -> None:
    """Bottom posting: the digest stands above the answer."""
    assume(not text.startswith(">"))  # right below a quote it would be more of it
    assert lost(text, mail(f"{DRESSES[0]}\n{text}"), SENT) == []
