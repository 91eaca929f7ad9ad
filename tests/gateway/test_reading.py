"""The one way in which a mail is read: how far, and what comes of it."""

import pickle

import pytest

from core.verdict import Discard, Reason
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.quote.cutmap import Rule
from gateway.quote.extraction import NOTHING
from gateway.quote.sent import Sent
from gateway.reading import Ask, Depth, Reading, read
from tests.support.letters import (
    ENVELOPED,
    PDF,
    PNG,
    attached,
    inline,
    mail,
    multi,
    sealed,
    signed_der,
    smime,
    text,
)
from tests.support.people import NOW
from tests.support.reception import a_mail
from tests.support.report_desk import a_report

ENVELOPE = Envelope("bo@example.net", ("r+x@reply.test",))
AWAY = a_mail("I am away until Monday.", Auto_Submitted="auto-replied").replace(b"\n", b"\r\n")
WITH_FILE = mail(multi("mixed", text("Here it is."), attached(PDF, "application/pdf", "a.pdf")))


def test_a_reply_is_read_to_its_end() -> None:
    """Words, each line with its rule, files, and who wrote it."""
    reading = read(WITH_FILE, ENVELOPE)

    assert (reading.text, reading.head.author) == ("Here it is.", "bo@example.net")
    assert [one.filename for one in reading.files] == ["a.pdf"]
    assert {cut.rule for cut in reading.reply.cuts} == {Rule.WRITTEN, Rule.BLANK}
    assert (reading.form, reading.verdict, reading.unsafe) == ("ordinary", None, "")


def test_what_was_sent_is_known_in_the_quote() -> None:
    """The digests it may be answering are the strongest evidence."""
    asked = (
        "Is the bench by the window still there?\nMay I come and see it on Saturday at ten?\n\n"
        "Stop: https://notify.test/u/abc"
    )
    raw = a_mail(f"Yes.\n\n{asked}").replace(b"\n", b"\r\n")
    sent = Sent(text=asked)

    assert read(raw, ENVELOPE, Ask(sent=[sent])).text == "Yes."


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(AWAY, id="a machine wrote it"),
        pytest.param(mail(smime(sealed(ENVELOPED))), id="its form is not taken"),
    ],
)
def test_words_that_end_here_are_not_read(raw: bytes) -> None:
    """Reading words takes longest, and machines write much: only who asks for the whole gets it."""
    assert read(raw, ENVELOPE).verdict is not None
    assert read(raw, ENVELOPE).reply is NOTHING
    assert read(raw, ENVELOPE, Ask(Depth.WHOLE)).reply is not NOTHING


def test_of_a_report_is_read_what_it_tells() -> None:
    """No words, no files."""
    reading = read(a_report().replace(b"\n", b"\r\n"), Envelope("", ()), Ask(Depth.REPORT))

    assert reading.report is not None
    assert (reading.verdict, reading.reply, reading.files) == (None, NOTHING, ())


@pytest.mark.parametrize(
    ("raw", "envelope", "stays"),
    [
        pytest.param(WITH_FILE, ENVELOPE, "", id="a person's"),
        pytest.param(WITH_FILE, Envelope("", ()), "automatic", id="a null reverse-path"),
        pytest.param(AWAY, ENVELOPE, "automatic", id="a machine's"),
        pytest.param(b"Content-Type: x" + b";" * 300_000, ENVELOPE, "unread", id="unsafe"),
    ],
)
def test_what_may_be_passed_on(raw: bytes, envelope: Envelope, stays: str) -> None:
    """Of postmaster's mail only the head is read, and whether it could go round."""
    reading = read(raw, envelope, Ask(Depth.HEAD))

    assert (reading.stays, reading.reply) == (stays, NOTHING)


def test_what_is_unsafe_is_read_no_further() -> None:
    """It says why, and nothing else."""
    reading = read(b"Content-Type: x" + b";" * 300_000, ENVELOPE)

    assert reading == Reading(unsafe=reading.unsafe, stays="unread")
    assert reading.unsafe


@pytest.mark.parametrize("raw", [AWAY, WITH_FILE, mail(smime(signed_der(text().encode())))])
def test_a_reading_can_go_to_another_process(raw: bytes) -> None:
    """It is values alone: nothing of the parsed mail hangs on it."""
    reading = read(raw, ENVELOPE, Ask(Depth.WHOLE))

    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301  our own


@pytest.mark.parametrize(
    ("raw", "may"),
    [
        pytest.param(mail(text("Hello")), False, id="a text"),
        pytest.param(mail(multi("mixed", text(), inline(PNG, "image/png", "i", "i@x"))), True,
                     id="a picture"),
        pytest.param(b"Content-Type: iMAGE/png\r\n\r\n", True, id="in any letters"),
        pytest.param(mail(smime(signed_der(b"x"))), True, id="in an envelope, perhaps"),
    ],
)  # fmt: skip
def test_a_picture_is_looked_for_quickly(raw: bytes, *, may: bool) -> None:
    """Too often rather than too seldom: what the conversation has already is not posted again."""
    assert Offer(ENVELOPE, "r+x@reply.test", raw, NOW, 1).may_bring_pictures is may


def test_a_discard_says_which_rule() -> None:
    """Operators see the rule by its name."""
    verdict = read(AWAY, ENVELOPE).verdict

    assert isinstance(verdict, Discard)
    assert (verdict.reason, bool(verdict.detail)) == (Reason.AUTO_SUBMITTED, True)
