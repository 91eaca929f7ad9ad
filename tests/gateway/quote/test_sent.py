"""What we sent is recognised by its words, whatever the client did around it."""

import pytest

from gateway.mail.body import Body
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract
from gateway.quote.sent import Sent

DIGEST = """Hello,

there are two ways to solve this: the small room on Wednesday, or the large hall.

The offer stands until tomorrow evening.
[rjd-0123456789ab]"""
SENT = Sent(text=DIGEST, marker="rjd-0123456789ab", name="Ada Bright", address="r@in.example.net")


@pytest.mark.parametrize(
    "between",
    [
        pytest.param("\n\n", id="nothing at all between"),
        pytest.param("\n\n---\n", id="a drawn rule"),
        pytest.param(
            "\n\nKX 2025-06-03 zrk Ada Bright <r@in.example.net> blorp:\n", id="no language"
        ),
        pytest.param("\n\nXo: Ada Bright\nXd: 3 June 2025\n\n", id="unknown labels"),
    ],
)
def test_an_unmarked_copy_is_folded(between: str) -> None:
    """No client, no language and no marker of quoting is needed."""
    reply = extract(Body(text=f"Wednesday, please.{between}{DIGEST}"), SENT)

    assert reply.text == "Wednesday, please."
    assert reply.confidence > 0.95


LINKS = """[rjd-0123456789ab]
Is this the place?
https://maps.example/rooms/large-hall

Unsubscribe from this conversation:
https://n.example/u/aeafx5kxmnujyatwetolh6ko7otl5ltz"""


@pytest.mark.parametrize("below", ["", "\n\n", "\n\nhttps://maps.example/rooms/large-hall"])
def test_the_link_that_ends_a_digest_goes_with_it(below: str) -> None:
    """It has no words to be known by; any other link, also one of ours, may be the answer."""
    sent = Sent(text=LINKS, marker="rjd-0123456789ab")
    answer = "" if below else "Yes, that one."
    reply = extract(Body(text=f"{answer}\n\n{LINKS}{below}\n"), sent)

    assert reply.text == (answer or below.strip())


def test_answers_between_our_unquoted_lines_are_kept() -> None:
    """Outlook marks no quote; an answer typed into our text is found all the same."""
    head = "From: Ada Bright <r@in.example.net>\nSent: 3 June 2025\nTo: Kim\nSubject: Rooms\n\n"
    answered = DIGEST.replace("\n\nThe offer", "\n\nThe large hall it is for us!\n\nThe offer")

    reply = extract(Body(text=f"See below.\n\n{head}{answered}"), SENT)

    assert "See below." in reply.text
    assert "The large hall it is for us!" in reply.text
    assert "two ways" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The small room on Wednesday, please. The hall is too big.", id="our words"),
        pytest.param("the small room on Wednesday", id="one short line of ours"),
        pytest.param("Hello,\n\nfine.", id="our greeting"),
    ],
)
def test_repeating_our_words_is_no_quote(text: str) -> None:
    """People answer in the words they were asked in."""
    reply = extract(Body(text=text), SENT)

    assert reply.text == text


def test_p5_11_their_own_quotation_is_kept() -> None:
    """A quoted line that we never sent, and that names nobody, is what they talk about."""
    text = (
        f"The manual says:\n\n> never open the lid\n\n{'> '.join(['', *DIGEST.splitlines(True)])}"
    )

    reply = extract(Body(text=text), SENT)

    assert "never open the lid" in reply.text
    assert "two ways" not in reply.text


def test_the_marker_alone_is_enough_in_html() -> None:
    """Our layout table with a marker in it is ours, even if nobody told us what was sent."""
    digest = (
        '<table role="presentation"><tr><td><p>A new answer came in.</p>'
        '<span style="display:none">rjd-0123456789ab</span></td></tr></table>'
    )

    reply = extract(Body(html=f"<div>Yes.</div><br>{digest}"))

    assert reply.text == "Yes."


def test_several_digests_are_all_ours() -> None:
    """A thread holds what we sent before, too."""
    older = Sent(text="Yesterday the driver stood before a closed gate and went home again.")

    reply = extract(Body(text=f"Sorry!\n\n{DIGEST}\n\n{older.text}"), SENT, older)

    assert reply.text == "Sorry!"
    assert {cut.rule for cut in reply.cuts if cut.text == older.text} == {Rule.SENT}


@pytest.mark.parametrize(
    ("answer", "history"),
    [
        pytest.param("+1", "> Is it +1 or -1 for you this time?\n{}\n> +1 from me.", id="a vote"),
        pytest.param(
            "[x] Fri 13\n[ ] Sun 15",
            "> Please tick what you can do this time:\n> [ ] Fri 13\n> [ ] Sun 15\n\n{}\n\n"
            "> Not on a Sunday for me, please.",
            id="a form",
        ),
        pytest.param(
            "\u00bbWould you take forty for it?\u00ab Yes.",
            "{}\n\nFrom: Ann Lee <ann@lee.example>\nSent: 3 March 2026 09:42\nTo: Bo\n"
            "Subject: the bike\n\nWould you take forty for it?\nAnd when could I come to fetch it?",
            id="our question again",
        ),
    ],
)
def test_an_answer_in_our_words_is_kept(answer: str, history: str) -> None:
    """Where our lines are marked as quoted, or a line names us, what is not is the sender's."""
    text = history.replace("{}", "").replace("> ", "").rpartition("the bike")[2]
    told = Sent(text=text, name="Ann Lee", address="ann@lee.example", subject="the bike")

    reply = extract(Body(text=history.format(answer)), told)

    assert set(answer.split()) <= set(reply.text.split())
