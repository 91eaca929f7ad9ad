"""Machines are stopped by what people do not do; people are not stopped."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.moment import DAY, HOUR, MINUTE, SECOND, Millis, Moment
from core.rules.loop_detector import (
    EVIDENCE,
    LATEST,
    Fingerprint,
    LoopLimits,
    as_evidence,
    compared,
    fingerprint,
    judge,
    remembered,
    took,
)
from core.verdict import Discard, Hold, Reason

NOW: Moment = 1_772_500_000_000
AWAY = "I am away from my desk until {n} March. For urgent matters please call my colleague Ida."


Spoken = list[tuple[Millis, str, Millis | None]]
# Each mail of these tests came after another mail of ours, as in a loop.
ADDRESS = "The depot is at Quay Street twelve, ring twice."


@pytest.mark.parametrize(
    "mails",
    [
        pytest.param(
            [
                (0, "Yes.", 9 * SECOND),
                (20 * SECOND, "Gate 4, the blue one by the weighbridge.", 30 * SECOND),
                (35 * SECOND, "Tell him to ring me.", None),
                (50 * SECOND, "Or to ring Ida!", None),
                (59 * SECOND, "Thanks", None),
            ],
            id="five quick replies in a minute",
        ),
        pytest.param(
            [
                (n * 40 * SECOND, f"{['ja', 'nein', 'danke', 'gut', 'eben'][n % 5]}", None)
                for n in range(15)
            ],
            id="fifteen words in ten minutes",
        ),
        pytest.param(
            [(n * 12 * MINUTE, "OK", 4 * SECOND) for n in range(5)],
            id="OK, five times an hour, from a watch",
        ),
        pytest.param(
            [(n * 13 * MINUTE, "👍", 3 * SECOND) for n in range(5)], id="a thumb, again and again"
        ),
        pytest.param(
            [
                (0, "Sounds good, thanks!", 9 * SECOND),
                (MINUTE, "Sounds good, thanks!", 20 * SECOND),
            ],
            id="a ready-made answer twice",
        ),
        pytest.param(
            [(n * 70 * MINUTE, "Yes, that is fine with me.", MINUTE) for n in range(9)],
            id="the same short answer every hour or so",
        ),
        pytest.param(
            [(0, ADDRESS, 3 * MINUTE), (DAY, ADDRESS, 3 * MINUTE)],
            id="the same answer to the same question on the next day",
        ),
        pytest.param(
            [(0, "x " * 200 + "pasted from a note", 2 * SECOND), (MINUTE, "As said above", MINUTE)],
            id="pasted at once, then typed",
        ),
        pytest.param(
            [
                (0, "我在路上", 8 * SECOND),
                (MINUTE, "十分钟后到", 9 * SECOND),
                (2 * MINUTE, "到了", None),
            ],
            id="three brief ones in Chinese",
        ),
        pytest.param(
            [
                (n * 20 * MINUTE, f"Report {'abcdefghijklmnopqrst'[n % 20] * (n + 1)}", None)
                for n in range(59)
            ],
            id="fifty-nine different mails in a day",
        ),
    ],
)
def test_people_pass(mails: Spoken) -> None:
    """Quick, brief and repetitive people are people."""
    earlier: list[Fingerprint] = []
    verdicts = []
    for after, text, gap in mails:
        new = fingerprint(NOW + after, text, gap, heard=NOW + after)
        verdicts.append(judge(new, earlier))
        earlier.append(new)

    assert verdicts == [None] * len(mails)


@pytest.mark.parametrize(
    ("mails", "rule"),
    [
        pytest.param(
            [(0, AWAY.format(n=1), None), (23 * HOUR, AWAY.format(n=9), None)],
            "same text again",
            id="a long text twice in a day, with another date",
        ),
        pytest.param(
            [(n * 29 * MINUTE, "I am on holiday.", None) for n in range(3)],
            "same text again",
            id="a short text three times in an hour",
        ),
        pytest.param(
            [(n * MINUTE * 9, "I'm out", None) for n in range(6)],
            "same text again",
            id="a brief text six times in an hour",
        ),
        pytest.param(
            [(n * HOUR, "Got it: " + letter * 40, 5 * SECOND) for n, letter in enumerate("abc")],
            "faster than hands type",
            id="three texts, each at once",
        ),
        pytest.param(
            [(n * 9 * SECOND, "abcdef"[n] * 3, None) for n in range(6)],
            "too many within a minute",
            id="six in a minute",
        ),
        pytest.param(
            [(n * 35 * SECOND, "abcdefghijklmnop"[n] * 3, None) for n in range(16)],
            "too many within ten minutes",
            id="sixteen in ten minutes",
        ),
        pytest.param(
            [(n * 20 * MINUTE, "z" * (n + 1), None) for n in range(61)],
            "too many within a day",
            id="sixty-one in a day",
        ),
    ],
)
def test_the_last_of_these_is_held(mails: Spoken, rule: str) -> None:
    """What people do not do looks like a loop, by its name."""
    *before, (after, text, gap) = mails
    earlier = [fingerprint(NOW + at, words, since, heard=NOW + at) for at, words, since in before]

    verdict = judge(fingerprint(NOW + after, text, gap, heard=NOW + after), earlier)

    assert verdict == Hold(Reason.BREAKER, rule)


@pytest.mark.parametrize("heard", [None, NOW - HOUR])
@pytest.mark.parametrize("text", [AWAY, "Yes"])
def test_mails_on_end_are_no_loop(text: str, heard: Moment | None) -> None:
    """Without a mail of ours between them, any number of mails, even of one text, may pass."""
    earlier = [fingerprint(NOW + n, text, SECOND, heard) for n in range(59)]

    assert judge(fingerprint(NOW + 60, text, SECOND, heard), earlier) is None


@pytest.mark.parametrize(
    ("text", "stopped", "kind"),
    [
        pytest.param(AWAY, 0, Hold, id="the first is held"),
        pytest.param(AWAY, 2, Hold, id="the third is held"),
        pytest.param(AWAY, 3, Discard, id="from the fourth on a machine's are discarded"),
        pytest.param("Not again!", 19, Hold, id="who only writes much is held longer"),
        pytest.param("Not again!", 20, Discard, id="but not for ever"),
    ],
)
def test_what_is_held_again_and_again_is_discarded(text: str, stopped: int, kind: type) -> None:
    """The list of held mails does not fill up with one machine's."""
    first = fingerprint(NOW, AWAY)
    earlier = [first, *(replace(first, at=NOW + n, stopped=True) for n in range(stopped))]
    limits = LoopLimits(a_minute=1)

    verdict = judge(fingerprint(NOW + SECOND, text, heard=NOW), earlier, limits)

    assert isinstance(verdict, kind)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            "Ticket #12 of 3 May", "ticket  #997 of 14 May!", True, id="numbers and marks"
        ),
        pytest.param("Case AB-12/x is open.", "Case ZZ-98/q is open", True, id="ids"),
        pytest.param(
            "3月12日まで不在です", "4月1日まで不在です", True, id="dates between Han letters"
        ),
        pytest.param("ÜBER UNS", "über uns", True, id="case"),
        pytest.param("Gate four", "Gate five", False, id="words"),
        pytest.param("👍", "👎", False, id="emoji"),
        pytest.param("", "", True, id="nothing"),
    ],
)
def test_texts_are_compared_by_their_letters(one: str, other: str, *, same: bool) -> None:
    """What a machine changes from mail to mail does not make another text of it."""
    assert (fingerprint(NOW, one).digest == fingerprint(NOW, other).digest) is same


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("I am away", 7, id="Latin"),
        pytest.param("я в отпуске", 9, id="Cyrillic"),
        pytest.param("أنا في إجازة", 20, id="Arabic, without vowels"),
        pytest.param("休暇中です", 15, id="Han and Kana"),
    ],
)
def test_length_is_counted_in_letters_of_an_alphabet(text: str, length: int) -> None:
    """The same thing is about as long in every script."""
    assert fingerprint(NOW, text).length == length


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=300),
    st.lists(
        st.builds(
            Fingerprint,
            at=st.integers(0, 2 * NOW),
            digest=st.sampled_from(["a", "b", "c"]),
            length=st.integers(0, 500),
            took=st.none() | st.integers(-DAY, DAY),
            heard=st.none() | st.integers(0, 2),
            stopped=st.booleans(),
        ),
        max_size=LATEST,
    ),
)
def test_it_never_raises_and_the_first_mail_passes(text: str, earlier: list[Fingerprint]) -> None:
    """Whatever is remembered gets an answer; who has said nothing yet may speak."""
    new = fingerprint(NOW, text)

    assert judge(new, []) is None
    assert isinstance(judge(new, earlier), Hold | Discard | None)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        pytest.param(["<n.ntf_2@x>"], 5 * SECOND, id="the newest of one id"),
        pytest.param(["n.ntf_1@x"], HOUR, id="without brackets"),
        pytest.param(["<n.ntf_1@x>", "<n.ntf_2@x>"], 5 * SECOND, id="the newer of two"),
        pytest.param(["<0100@ses.example>"], None, id="an id we did not give"),
        pytest.param([], None, id="it does not say"),
    ],
)
def test_how_long_an_answer_took(answered: list[str], expected: Millis | None) -> None:
    """Counted from the digest it answers, not from the latest: people answer old ones, too."""
    sent = [
        ("<n.ntf_1@x>", NOW - HOUR),
        ("<n.ntf_2@x>", NOW - DAY),
        ("<n.ntf_2@x>", NOW - 5 * SECOND),
        ("<n.ntf_3@x>", NOW),
    ]

    assert took(NOW, answered, sent) == expected


@pytest.mark.parametrize("gap", [None, 7 * SECOND])
@pytest.mark.parametrize("reason", [Reason.POSTED, Reason.BREAKER])
def test_what_is_kept_is_remembered(reason: Reason, gap: Millis | None) -> None:
    """A receipt keeps enough to judge the next mail by, through JSON and back."""
    new = fingerprint(NOW, AWAY, gap, heard=NOW - 1)
    kept = json.loads(json.dumps({"kind": "reply", EVIDENCE: as_evidence(new)}))

    assert remembered(NOW, reason, kept) == replace(new, stopped=reason is Reason.BREAKER)


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(None, id="no evidence"),
        pytest.param({"kind": "reply"}, id="evidence of before"),
        pytest.param({EVIDENCE: ["a", "b"]}, id="of another form"),
    ],
)
def test_what_was_never_kept_is_not_remembered(evidence: dict[str, object] | None) -> None:
    """Receipts of machines, and those of an earlier version, count for nothing."""
    assert remembered(NOW, Reason.POSTED, evidence) is None


def test_a_very_long_text_is_cut() -> None:
    """The work is bounded whatever the size of a mail."""
    assert len(compared("word " * 1_000_000)) <= 20_000
