"""Is the reply found where people talk by mail, point by point, on lists and in reviews?"""

import email
import email.policy
import re
from collections import Counter
from dataclasses import asdict

import pytest

from gateway.quote.bench import extract
from tests.corpus.case import Case
from tests.corpus.metric import Score, score, without_tags, words
from tests.corpus.talks import build

CASES = build()
MOST_LOST = 0.5  # of a hundred mails


def _scored(case: Case) -> Score:
    return score(case.parts, extract(case.raw, asdict(case.sent) if case.sent else None))


def _decoded(case: Case) -> list[str]:
    """Give the text of each part, its soft line breaks taken out."""
    found = []
    for part in email.message_from_bytes(case.raw, policy=email.policy.default).walk():
        if part.get_content_maintype() != "text":
            continue
        text = part.get_content().replace("\r\n", "\n")
        if part.get_content_subtype() == "html":
            text = without_tags(text)
        elif part["Content-Type"].params.get("delsp") == "yes":
            text = re.sub(r"(?<!--) \n", "", text)
        found.append(text)
    return found


def test_talk_loses_hardly_a_word() -> None:
    """Told what was sent where that is known, next to no mail loses a word of the reply."""
    lost = [case.name for case in CASES if _scored(case).lost]

    assert 100 * len(lost) / len(CASES) <= MOST_LOST, lost


def test_talk_is_broad() -> None:
    """There are many mails, in many languages, and we know what was sent for two in five."""
    languages = Counter(case.about["locale"] for case in CASES)

    assert len(CASES) >= 160
    assert len(languages) >= 11
    assert 0.55 <= languages["en"] / len(CASES) <= 0.65
    assert 0.35 <= sum(case.sent is not None for case in CASES) / len(CASES) <= 0.45


def test_names_are_unique() -> None:
    """No two mails share their name, nor their octets."""
    assert len({case.name for case in CASES}) == len(CASES)
    assert len({case.raw for case in CASES}) == len(CASES)


def test_mails_are_the_same_every_time() -> None:
    """Building the cases twice gives the same octets."""
    assert [case.raw for case in build()] == [case.raw for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_labels_are_consistent(case: Case) -> None:
    """There is a reply, its words are in each part of the mail, and no name is left to fill in."""
    kept = score(case.parts, case.parts["body"])

    assert words(case.parts["body"])
    assert kept.perfect
    for text in _decoded(case):
        assert not words(case.parts["body"]) - words(text)
        assert "{{" not in text
