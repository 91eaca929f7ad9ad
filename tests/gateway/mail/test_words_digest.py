"""Two copies of one mail say the same, however they were coded; two mails do not."""

import pytest

from gateway.mail.attachments import FilePart, Gathered, LeftOut
from gateway.mail.content.pictures import LeftOutReason
from gateway.mail.words_digest import words_digest

NO_FILES = Gathered()


def _with(octets: bytes, kind: str = "text/csv", digest: str = "1") -> Gathered:
    return Gathered((FilePart("a.csv", kind, octets, digest),))


FAR = "\n".join(f"https://a.test/{number}" for number in range(21))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Yes, it is.", "Yes,  it\n is. ", id="blanks and lines"),
        pytest.param(
            "明天上午九点\n在门口见", "明天上午九点在门口见", id="lines broken between words"
        ),
        pytest.param("พรุ่งนี้ เก้าโมง", "พรุ่งนี้\nเก้าโมง", id="Thai"),
        pytest.param("Caf\u00e9 um 9", "Cafe\u0301 um 9", id="letters composed and not"),
        pytest.param("9\u00a0Uhr", "9 Uhr", id="a blank that does not break"),
        pytest.param("It is *there*, _now_.", "It is there, now.", id="emphasis of the HTML"),
        pytest.param(
            "Да, ещё здесь.\n\n--\nTo unsubscribe: https://lists.example.org/velo",
            "Да, ещё здесь.",
            id="a footer that no rule folded",
        ),
        pytest.param(
            "はい。\n\n-=-=-=-=-=-=-=-\n退会: https://ml.example.jp/u\n-=-=-=-=-=-=-=-",
            "はい。",
            id="one between two lines",
        ),
        pytest.param(
            "Oui.\n\n##########\n\nListe: velo-leave@listes.example.org",
            "Oui.",
            id="one with a mail address",
        ),
        pytest.param("• eggs\n• milk", "eggs\nmilk", id="bullets"),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    """What servers change on the way is not in the digest."""
    assert words_digest(one, NO_FILES) == words_digest(other, NO_FILES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Yes?", "Yes!", id="punctuation says something"),
        pytest.param("yes", "Yes", id="capitals"),
        pytest.param("Yes", "Yes, and bring Carol", id="more words"),
        pytest.param("+1", "-1", id="a sign"),
        pytest.param("Yes.\n---\nOn Friday.", "Yes.\n---\nOn Monday.", id="below a drawn line"),
        pytest.param("---\nhttps://a.test", "---\nhttps://b.test", id="a link and no more"),
        pytest.param(
            "Yes.\n\nhttps://a.test/1", "Yes.\n\nhttps://a.test/2", id="a link that is the answer"
        ),
        pytest.param(f"Yes.\n____\n{FAR}", f"Yes.\n____\n{FAR}9", id="below a line far up"),
        pytest.param("à", "a", id="an accent"),
        pytest.param("👍", "👎", id="emoji"),
    ],
)
def test_other_words(one: str, other: str) -> None:
    """A program that uses a Message-ID again must not have its second mail swallowed."""
    assert words_digest(one, NO_FILES) != words_digest(other, NO_FILES)


def test_nothing_has_no_digest() -> None:
    """Two mails that say nothing are not the same for it."""
    assert words_digest(" \n*", NO_FILES) is None


def test_files_count() -> None:
    """The same words with another file are another mail; words cannot pass for a file."""
    assert words_digest("Here.", _with(b"a")) != words_digest("Here.", _with(b"b"))
    assert words_digest("Here.", NO_FILES) != words_digest("Here.", _with(b"a"))
    assert words_digest("", _with(b"a")) is not None
    digest = _with(b"a").files[0].sha256
    assert words_digest(f"Here.\0{digest}", NO_FILES) != words_digest("Here.", _with(b"a"))


def test_a_text_file_is_its_lines() -> None:
    """A server that writes base64 as text ends the lines as mail does."""
    unix, mail = _with(b"a;b\n1;2\n", digest="1"), _with(b"a;b\r\n1;2", digest="2")

    assert words_digest("", unix) == words_digest("", mail)


def test_any_other_file_is_its_octets() -> None:
    """What is no text has no lines: its own digest counts, which is worked out already."""
    one, other = _with(b"\r\n", "image/png", "1"), _with(b"\n", "image/png", "2")

    assert words_digest("", one) != words_digest("", other)


def test_a_picture_that_came_with_the_first_copy_still_counts() -> None:
    """The conversation has it by then, so the second copy's is left out."""
    first = Gathered((FilePart("a.png", "image/png", b"x", "d1"),))
    second = Gathered((), (LeftOut("a.png", LeftOutReason.SEEN, "d1"),))

    assert words_digest("Look.", first) == words_digest("Look.", second)
    assert words_digest("Look.", second) != words_digest("Look.", NO_FILES)
