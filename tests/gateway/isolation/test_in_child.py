"""A mail that kills its reader kills a child of ours at most."""

import pytest

from core.errors import InvalidRequest
from gateway.isolation.in_child import Bounds, read_apart
from gateway.mail.attachments import FileLimits
from gateway.quote.cutmap import Rule
from tests.support.reception import a_mail

LIMITS = FileLimits()


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
    said = await read_apart(raw, [{"text": "Is it there?"}], LIMITS)

    assert (said.author, said.text) == ("bo@example.net", "Ja, schön.")
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
        await read_apart(raw, [], LIMITS, bounds)

    assert told.value.code == "READING_FAILED"
