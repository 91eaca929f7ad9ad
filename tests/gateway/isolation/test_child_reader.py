"""A mail that kills its reader kills a child of ours at most."""

from dataclasses import replace

import pytest

from core.child import Bounds
from core.errors import InvalidRequest
from core.verdict import Discard
from gateway.isolation.child_reader import read_in_child
from gateway.mail.envelope import Envelope
from gateway.quote.cutmap import Rule
from gateway.quote.sent import Sent
from gateway.reading import Ask, read
from tests.support.reception import a_mail

ENVELOPE = Envelope("bo@example.net", ())


def _raw(mail: bytes) -> bytes:
    return mail.replace(b"\n", b"\r\n")


async def test_what_the_child_reads_is_what_we_would_have_read() -> None:
    """Text, author, each line with its rule, and files, whatever characters are in them."""
    raw = _raw(
        a_mail(
            "--x\nContent-Type: text/plain; charset=utf-8\n\nJa, schön.\n\n> Is it there?\n--x\n"
            'Content-Type: text/plain; name="a.txt"\nContent-Disposition: attachment\n\nhi\n--x--',
            MIME_Version="1.0",
            Content_Type='multipart/mixed; boundary="x"',
        )
    )
    asked = Ask(sent=[Sent(text="Is it there?")])
    said = await read_in_child(raw, ENVELOPE, asked)

    assert (said.head.author, said.text) == ("bo@example.net", "Ja, schön.")
    assert [cut.text for cut in said.reply.cuts if cut.kept and cut.text] == ["Ja, schön."]
    assert {cut.rule for cut in said.reply.cuts} >= {Rule.WRITTEN}
    assert [(one.filename, one.octets) for one in said.files] == [("a.txt", b"hi")]


@pytest.mark.parametrize(
    ("raw", "bounds"),
    [
        pytest.param(_raw(a_mail("x" * 5_000_000)), Bounds(octets=1 << 20), id="of its memory"),
        pytest.param(_raw(a_mail("Yes.\n" * 4_000_000)), Bounds(seconds=1), id="of its time"),
        pytest.param(b"Content-Type: x" + b";" * 300_000, Bounds(), id="of the guard's patience"),
    ],
)
async def test_a_child_that_comes_to_its_end_is_told_of(raw: bytes, bounds: Bounds) -> None:
    """The parent lives and says why there is nothing."""
    with pytest.raises(InvalidRequest) as told:
        await read_in_child(raw, ENVELOPE, Ask(), bounds)

    assert told.value.code == "READING_FAILED"


async def test_a_reading_comes_back_as_it_was() -> None:
    """All but why parts were left out, which nobody asks of a mail that was set aside."""
    raw = _raw(a_mail("Out of office.\n", Auto_Submitted="auto-replied"))
    ours, theirs = read(raw, ENVELOPE), await read_in_child(raw, ENVELOPE, Ask())

    assert isinstance(ours.verdict, Discard)
    assert replace(theirs, reply=replace(theirs.reply, folded=frozenset())) == replace(
        ours, reply=replace(ours.reply, cuts=tuple(ours.reply.cuts), html=None, folded=frozenset())
    )
