"""The whole of it: kinds, cut map, fallbacks, interleaved answers."""

import pytest

from gateway.mail.body import Body
from gateway.quote.bench import extract as bench_extract
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract
from gateway.quote.extraction import Fallback, ReplyKind

HEAD = "On Tue, Jun 3, 2025 at 10:15 AM Ada <ada@example.net> wrote:"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("Yes.", ReplyKind.REPLY, id="a reply"),
        pytest.param("👍", ReplyKind.REPLY, id="an emoji is a reply"),
        pytest.param(f"{HEAD}\n> old", ReplyKind.EMPTY, id="nothing but a quote"),
        pytest.param("", ReplyKind.EMPTY, id="nothing at all"),
        pytest.param(f"STOP.\n\n{HEAD}\n> old", ReplyKind.OPT_OUT_WORD, id="a bare stop"),
        pytest.param("Abmelden", ReplyKind.OPT_OUT_WORD, id="in German"),
        pytest.param("配信停止", ReplyKind.OPT_OUT_WORD, id="in Japanese"),
        pytest.param("Please stop by on Friday.", ReplyKind.REPLY, id="a stop within a sentence"),
        pytest.param(
            "👍 Kim reacted via Gmail", ReplyKind.REACTION, id="a reaction's fallback text"
        ),
        pytest.param(
            "Look:\n\n---------- Forwarded message ---------\nFrom: A <a@b.c>\nDate: x\n\nOld",
            ReplyKind.FORWARD,
            id="a forward with a comment",
        ),
    ],
)
def test_the_kind_of_an_answer(text: str, kind: ReplyKind) -> None:
    """Each sort of answer is named."""
    assert extract(Body(text=text)).kind is kind


def test_a_reaction_part_is_a_reaction() -> None:
    """Gmail's reaction part says which emoji."""
    reply = extract(Body(text="Kim reacted", reaction="🎉"))

    assert (reply.kind, reply.text) == (ReplyKind.REACTION, "🎉")


def test_interleaved_answers_keep_what_they_answer() -> None:
    """Answers point by point stay whole, each under its question; the rest of the quote goes."""
    text = f"{HEAD}\n> Which room?\n\nThe small one.\n\n> Which day?\n\nFriday.\n\n> Regards\n> Ada"

    reply = extract(Body(text=text))

    assert reply.text == "> Which room?\n\nThe small one.\n\n> Which day?\n\nFriday."
    assert {cut.rule for cut in reply.cuts if cut.text == "> Which room?"} == {Rule.CONTEXT}


def test_bottom_posting_keeps_the_answer_alone() -> None:
    """One answer under the whole quote needs no quote."""
    assert extract(Body(text=f"{HEAD}\n> Which room?\n\nThe small one.")).text == "The small one."


def test_a_signature_that_is_all_there_is_is_given_back() -> None:
    """A reply is not empty because a guess folded it."""
    reply = extract(Body(text=f"--\nKim\n\n{HEAD}\n> old"))

    assert (reply.text, reply.fallback) == ("--\nKim", Fallback.SIGNATURE)
    assert reply.confidence < 0.5


def test_every_line_of_the_cut_map_has_its_rule() -> None:
    """The map tells each line's fate and why."""
    reply = extract(Body(text=f"Yes.\n\nSent from my iPhone\n\n{HEAD}\n> old"))

    assert [(cut.kept, cut.rule) for cut in reply.cuts if cut.text] == [
        (True, Rule.WRITTEN),
        (False, Rule.TAGLINE),
        (False, Rule.ATTRIBUTION),
        (False, Rule.QUOTED),
    ]
    assert all(cut.reason for cut in reply.cuts if not cut.kept)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("--- Reply above this line ---", id="English"),
        pytest.param("##- Bitte über dieser Zeile antworten -##", id="German"),
        pytest.param("---- この行より上に返信してください ----", id="Japanese"),
    ],
)
def test_what_is_below_the_line_is_ours(line: str) -> None:
    """The line says itself what stands below it."""
    assert extract(Body(text=f"Yes.\n\n{line}\nHello Kim,\nyou missed this.")).text == "Yes."


def test_a_banner_is_not_theirs() -> None:
    """What a machine writes above the text is folded."""
    banner = "CAUTION: This message came from outside the organisation."

    assert extract(Body(text=f"{banner}\n\nYes, on Friday.")).text == "Yes, on Friday."


def test_the_adapter_reads_octets() -> None:
    """Raw octets in, the reply's text out; what was sent may be told."""
    raw = b"Content-Type: text/plain\r\n\r\nYes.\r\n\r\nOne two three four five six.\r\n"
    sent = {"text": "One two three four five six.", "name": "Ada", "marker": ""}

    assert bench_extract(raw) == "Yes.\n\nOne two three four five six."
    assert bench_extract(raw, sent) == "Yes.\n\nOne two three four five six."


def test_a_mail_nested_a_thousand_deep_is_survived() -> None:
    """The stdlib's parser gives up; the adapter does not."""
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1_500)
    )

    assert isinstance(bench_extract(opening + b"\n\nhello"), str)
