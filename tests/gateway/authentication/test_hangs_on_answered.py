"""When does what a mail says hang on the fields that name what it answers?"""

from dataclasses import replace

import pytest

from gateway.authentication.coverage import hangs_on_answered
from gateway.mail.envelope import Envelope
from gateway.quote.extraction import NOTHING
from gateway.reading import LATEST_DIGESTS, Ask, Reading, read
from tests.support.quoting import MARKED, UNMARKED, a_digest
from tests.support.reception import a_mail

CLIENTS = MARKED | UNMARKED
LATEST = [a_digest(f"Number {number}: is the bike still there?", number) for number in range(2, 7)]
OLD = a_digest("I agree to pay 900 euros for the red bike.\nI do so of my own free will.")


@pytest.mark.parametrize("reaction", [None, "👍", "❤️"])
@pytest.mark.parametrize("markers", [(), ("rjd-1",), ("rjd-1", "rjd-7")])
@pytest.mark.parametrize("digests", [0, 1, LATEST_DIGESTS - 1, LATEST_DIGESTS, LATEST_DIGESTS + 5])
def test_it_does_where_it_may_answer_an_older_one_unmarked_or_is_a_reaction(
    digests: int, markers: tuple[str, ...], reaction: str | None
) -> None:
    """A reaction is to what it names, whatever else; words are told apart by a marker."""
    reply = replace(NOTHING, text="Yes.", markers=frozenset(markers))
    reading = Reading(reply=reply, text="Yes.", reaction=reaction)
    may_be_older = digests >= 5

    expected = reaction is not None or (may_be_older and not markers)
    assert hangs_on_answered(reading, digests) is expected


def _read(client: str, newer: int, *, marked: bool) -> Reading:
    """Read an answer to the old digest beside some newer ones, with its marker or without."""
    body = CLIENTS[client]("Sounds good!", OLD)
    kind, text = ("plain", body.text) if body.html is None else ("html", body.html)
    text = text or ""
    said = text if marked else text.replace(f"[{OLD.marker}]", "")
    head = {"MIME_Version": "1.0", "Content_Type": f"text/{kind}; charset=utf-8"}
    raw = a_mail(said, **head, In_Reply_To=OLD.message_id).replace(b"\n", b"\r\n")
    assert (OLD.marker.encode() in raw) is marked
    return read(raw, Envelope("bo@example.net", ("r+abc@reply.test",)), Ask(sent=LATEST[:newer]))


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("newer", "marked", "hangs"),
    [
        pytest.param(5, False, True, id="five newer digests"),
        pytest.param(5, True, False, id="five newer digests, and the marker"),
        pytest.param(4, False, False, id="four newer digests: there is none older"),
        pytest.param(4, True, False, id="four newer digests, and the marker"),
    ],
)
def test_whatever_client_quotes_what_it_answers(
    client: str, newer: int, *, marked: bool, hangs: bool
) -> None:
    """The marker tells which digest it is, and is signed with the body."""
    assert hangs_on_answered(_read(client, newer, marked=marked), newer) is hangs


@pytest.mark.parametrize("emoji", ["👍", "❤️", "😂", "🎉", "🙏", "😮"])
@pytest.mark.parametrize("newer", [0, 1, 5])
def test_a_reaction_hangs_on_what_it_names(emoji: str, newer: int) -> None:
    """Without them it would be to another message (RFC 9078), however many there are."""
    raw = a_mail(
        emoji, MIME_Version="1.0", Content_Type="text/plain; charset=utf-8",
        Content_Disposition="reaction", In_Reply_To=OLD.message_id,
    )  # fmt: skip
    reading = read(
        raw.replace(b"\n", b"\r\n"),
        Envelope("bo@example.net", ("r+abc@reply.test",)),
        Ask(sent=LATEST[:newer]),
    )

    assert reading.reaction == emoji
    assert hangs_on_answered(reading, newer)
