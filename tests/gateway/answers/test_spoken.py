"""A refusal is read by the person whose mail it is, and by nobody else's programs wrongly."""

import pytest

from core.verdict import (
    Accept,
    Defer,
    Discard,
    InsteadOfWords,
    Reader,
    Reason,
    Reject,
    Verdict,
    read_by,
)
from gateway.answers import answer, row_of
from gateway.answers.spoken import languages, spoken, translation
from gateway.answers.wordless import WORDLESS

LINK = "https://shop.example.org/inbox/42"
AFTER_PROOF = (
    Reason.NO_ACCESS,
    Reason.SENDER_MISMATCH,
    Reason.TOO_BIG,
    Reason.MALFORMED,
    Reason.TOO_COMPLEX,
    Reason.NOTHING_TO_SAY,
    Reason.ENCRYPTED,
    Reason.RICH_TEXT,
    Reason.AUTO_SUBMITTED,
    Reason.CALENDAR,
)


def refusal(locale: str, reason: Reason = Reason.NO_ACCESS, link: str | None = None) -> Reject:
    """Return a refusal that somebody reads."""
    return Reject(reason, reader=Reader(locale, link))


def test_it_opens_in_their_language_and_ends_in_english() -> None:
    """The person reads the first line, the operator of their server the last."""
    assert spoken(refusal("de"), utf8=True) == (
        "550-5.7.1 Du darfst in dieser Unterhaltung nicht mehr schreiben.\r\n"
        "550 5.7.1 You may no longer write in this conversation."
    )


def test_the_link_stands_in_the_last_line() -> None:
    """The English line carries the link, with or without another language above it."""
    last = f"550 5.7.1 You may no longer write in this conversation. {LINK}"

    assert spoken(refusal("de", link=LINK), utf8=True).splitlines()[-1] == last
    assert spoken(refusal("en", link=LINK)) == last


@pytest.mark.parametrize(
    ("locale", "utf8", "lines"),
    [
        pytest.param("ja", True, 2, id="Japanese, to a client that reads UTF-8"),
        pytest.param("ja", False, 1, id="Japanese, to one that may not be able to"),
        pytest.param("nl", False, 2, id="a sentence that is ASCII may always be said"),
        pytest.param("de", False, 2, id="also one in German"),
        pytest.param("en-GB", True, 1, id="English is said once"),
        pytest.param("xx", True, 1, id="a language there are no words in"),
        pytest.param("", True, 1, id="no language"),
        pytest.param("../de", True, 1, id="no language at all"),
    ],
)
def test_only_what_the_client_can_read_is_said(locale: str, utf8: bool, lines: int) -> None:  # noqa: FBT001
    """RFC 5321, 4.2: a reply is ASCII; RFC 6531, 3.7.4.1: unless the client said SMTPUTF8."""
    said = spoken(refusal(locale), utf8=utf8)

    assert len(said.split("\r\n")) == lines
    assert utf8 or said.isascii()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        pytest.param("de-AT", "de", id="a region of a language"),
        pytest.param("pt_BR", "pt", id="an underscore"),
        pytest.param("zh-TW", "zh-Hant", id="a country that tells the script"),
        pytest.param("zh-Hant-HK", "zh-Hant", id="a script that is told"),
        pytest.param("zh-CN", "zh-Hans", id="any other Chinese"),
        pytest.param("no", "nb", id="Norwegian"),
        pytest.param("nn-NO", "nb", id="the other Norwegian"),
        pytest.param("iw-IL", "he", id="the old tag of Hebrew"),
        pytest.param("FR", "fr", id="capitals"),
    ],
)
def test_a_locale_finds_its_language(locale: str, language: str) -> None:
    """From the full tag to the language, as the digest does."""
    own = translation(refusal(locale))

    assert own is not None
    assert own == translation(refusal(language))


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("reason", AFTER_PROOF)
def test_every_language_has_every_sentence(language: str, reason: Reason) -> None:
    """All that can be refused once the address is proven, in lines no longer than SMTP's."""
    own = translation(refusal(language, reason))
    said = spoken(refusal(language, reason, LINK), utf8=True)

    assert own is not None
    assert own.isprintable()
    assert own != row_of(Reject(reason)).sentence
    assert said.startswith(f"{row_of(Reject(reason)).status.code}-")
    assert all(len(line.encode()) <= 510 for line in said.split("\r\n"))


@pytest.mark.parametrize("language", sorted(languages()))
def test_whatever_there_is_instead_of_words_has_a_sentence(language: str) -> None:
    """What was seen, in six sentences of each language, in lines no longer than SMTP's."""
    said = set()
    for seen in InsteadOfWords:
        refused = Reject(Reason.NOTHING_TO_SAY, seen, Reader(language, LINK))
        own, english = spoken(refused, utf8=True).split("\r\n")
        status = row_of(refused).status
        said.add(translation(refused))

        assert own == f"{status.code}-{status.enhanced} {translation(refused)}"
        assert english == f"{status} {WORDLESS[seen].sentence} {LINK}"
        assert max(len(own.encode()), len(english)) <= 510
        assert own.isprintable()

    assert len(said) == len(InsteadOfWords)


def test_what_is_seen_is_told_and_no_advice_that_does_not_fit() -> None:
    """Nobody who sent a picture is told to write above a quote; nor anybody else."""
    seen = {one: row_of(Reject(Reason.NOTHING_TO_SAY, one)) for one in InsteadOfWords}

    assert len({row.sentence for row in seen.values()}) == len(InsteadOfWords)
    assert not any("above" in row.sentence for row in seen.values())
    assert all(row.status.permanent for row in seen.values())
    assert {one for one, row in seen.items() if row.status.enhanced == "5.6.1"} == {
        InsteadOfWords.UNREADABLE
    }


def test_a_detail_that_nobody_knows_is_answered_all_the_same() -> None:
    """A mistake of ours ends no session."""
    assert "it is empty" in spoken(Reject(Reason.NOTHING_TO_SAY, "a surprise"))


def test_the_languages_of_the_digest_are_all_there() -> None:
    """Whoever gets a mail in their language hears a refusal in it."""
    asked = (
        "ar bg ca cs da de el es fa fi fr he hi hr hu id it ja ko nb nl pl pt ro ru sk sv th tr uk "
        "vi zh-Hans zh-Hant"
    )

    assert set(languages()) == set(asked.split())


@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(Accept(Reason.POSTED), id="an accepted mail"),
        pytest.param(Discard(Reason.AUTO_SUBMITTED), id="a discarded one"),
        pytest.param(Defer(Reason.INTERNAL_ERROR), id="trouble of ours"),
        pytest.param(Reject(Reason.UNKNOWN_ADDRESS), id="an address of nobody"),
    ],
)
def test_what_nobody_in_particular_reads_is_english(verdict: Verdict) -> None:
    """Only a refusal that has a reader is told in another language."""
    assert spoken(verdict, utf8=True, reference="ab12") == answer(verdict, reference="ab12")


def test_who_reads_it_does_not_change_a_verdict() -> None:
    """A refusal is the same for whoever compares it, and others have no reader."""
    assert read_by(Reject(Reason.NO_ACCESS), Reader("de")) == Reject(Reason.NO_ACCESS)
    assert read_by(Accept(Reason.POSTED), Reader("de")) == Accept(Reason.POSTED)


def test_a_refusal_whose_reason_is_none_stays_temporary() -> None:
    """A mistake of ours is said as one, in English, whoever reads it."""
    assert spoken(refusal("de", Reason.POSTED), utf8=True).startswith("451 4.3.0 ")
