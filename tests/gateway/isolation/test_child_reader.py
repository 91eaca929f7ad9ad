"""A mail that kills its reader kills a child of ours at most."""

from dataclasses import fields

import pytest

from core.child import Bounds
from core.errors import InvalidRequest
from core.verdict import InsteadOfWords
from gateway.isolation.child_reader import read_in_child
from gateway.mail.envelope import Envelope
from gateway.quote.cutmap import Rule
from gateway.quote.extraction import Reply
from gateway.quote.sent import Sent
from gateway.reading import Ask, Depth, Reading, read
from tests.support.letters import ICON, PDF, attached, inline, mail, multi, signed_der, smime, text
from tests.support.reception import a_mail
from tests.support.wordless_mails import ONE_OF_EACH

ENVELOPE = Envelope("bo@example.net", ())
RAWS = [
    pytest.param(one, id=name)
    for name, one in {
        "a machine's": a_mail("Out of office.", Auto_Submitted="auto-replied"),
        "held by its subject": a_mail("Bin weg.", Subject="Abwesenheitsnotiz: x"),
        "a file": mail(multi("mixed", text(), attached(PDF, "application/pdf", "a.pdf"))),
        "left out": mail(
            multi("related", text("<img src='cid:i@x'>Hi", kind="text/html"),
                  inline(ICON, "image/png", "i.png", "i@x"))
        ),
        "signed": mail(smime(signed_der(text().encode()))),
        "refused": mail(smime(b"\x30\x84")),
        "a picture instead of words": ONE_OF_EACH[InsteadOfWords.PICTURE],
        "what nobody reads": ONE_OF_EACH[InsteadOfWords.UNREADABLE],
    }.items()
]  # fmt: skip


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


async def test_the_child_is_told_the_language_of_the_writer() -> None:
    """Two letters in no charset are read there as they are here."""
    raw = _raw(a_mail("x", MIME_Version="1.0", Content_Type="text/plain")).replace(
        b"\r\n\r\nx", b"\r\n\r\n" + "謝謝".encode("big5")
    )
    said = await read_in_child(raw, ENVELOPE, Ask(locale="zh-TW"))

    assert said.text == "謝謝"


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


# What does not travel: none of it is asked of a mail that was set aside.
STAYS = {"html", "folded", "folded_pictures"}


@pytest.mark.parametrize("raw", RAWS)
async def test_a_reading_comes_back_as_it_was(raw: bytes) -> None:
    """Head, form, verdict, words with their lines, files, what was left out."""
    asked = Ask(Depth.WHOLE)
    ours, theirs = read(raw, ENVELOPE, asked), await read_in_child(raw, ENVELOPE, asked)

    for one in fields(Reading):
        if one.name not in {"reply", "gathered"}:
            assert getattr(theirs, one.name) == getattr(ours, one.name), one.name
    for one in fields(Reply):
        if one.name not in STAYS:
            mine, its = getattr(ours.reply, one.name), getattr(theirs.reply, one.name)
            assert (its if one.name != "cuts" else tuple(its)) == (
                mine if one.name != "cuts" else tuple(mine)
            ), one.name
    assert theirs.gathered.left_out == ours.gathered.left_out
    assert [one.octets for one in theirs.files] == [one.octets for one in ours.files]


async def test_what_makes_no_sense_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes a child over can write what they like; the operator gets a sentence."""
    monkeypatch.setattr("gateway.isolation.child_reader._ANSWER", f"{__name__}:nonsense")
    with pytest.raises(InvalidRequest) as told:
        await read_in_child(b"Subject: x\r\n\r\nhi", ENVELOPE, Ask())

    assert told.value.code == "READING_FAILED"


def nonsense(given: bytes) -> bytes:
    """Answer as a child that was taken over may."""
    return b'["x"]'
