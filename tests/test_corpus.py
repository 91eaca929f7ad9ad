"""Is the reply found in every mail of the corpus?"""

import functools
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from gateway.quote.bench import extract
from tests.corpus.case import Case, read, write
from tests.corpus.generate import generate
from tests.corpus.metric import Score, score

HERE = Path(__file__).resolve().parent / "corpus"
CASES = read(HERE / "replies")


def _known() -> Mapping[tuple[str, str], str]:
    """Read the known failures: "told" or "untold", the case, why."""
    known = {}
    for line in (HERE / "known_failures.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            how, name, reason = line.split(maxsplit=2)
            known[how, name] = reason
    return known


KNOWN = _known()


@functools.cache
def _scored(name: str, how: str) -> Score:
    case = next(case for case in CASES if case.name == name)
    sent = asdict(case.sent) if how == "told" and case.sent else None
    return score(case.parts, extract(case.raw, sent))


def _answering_us() -> list[Case]:
    return [case for case in CASES if case.sent]


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_a_mail_is_read(name: str) -> None:
    """Told what was sent, no word of the reply is lost and none of the rest stays."""
    found = _scored(name, "told")

    assert found.perfect != (("told", name) in KNOWN), found


@pytest.mark.parametrize("name", [case.name for case in _answering_us()])
def test_a_mail_is_read_without_knowing_what_was_sent(name: str) -> None:
    """Not told what was sent, the mail's own marks suffice."""
    found = _scored(name, "untold")

    assert found.perfect != (("untold", name) in KNOWN), found


def test_known_failures_name_cases() -> None:
    """Every known failure is a case that exists, and gives its reason."""
    names = {case.name for case in CASES}

    assert {name for _, name in KNOWN} <= names
    assert {how for how, _ in KNOWN} <= {"told", "untold"}
    assert all(len(reason) > 10 for reason in KNOWN.values())


@pytest.mark.parametrize(
    ("how", "least_clean", "most_lost"),
    [
        pytest.param("told", 97.0, 2.0, id="told what was sent"),
        pytest.param("untold", 96.5, 1.5, id="not told"),
    ],
)
def test_the_corpus_as_a_whole(how: str, least_clean: float, most_lost: float) -> None:
    """The share of clean mails stays up, the share that loses words stays down."""
    found = [_scored(case.name, how) for case in CASES]

    assert 100 * sum(one.clean for one in found) / len(found) >= least_clean
    assert 100 * sum(bool(one.lost) for one in found) / len(found) <= most_lost


def test_the_corpus_is_what_its_generator_writes(tmp_path: Path) -> None:
    """The files in the repository are those of the tables, byte by byte."""
    for case in generate():
        write(case, tmp_path)

    fresh = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert fresh == {path.name: path.read_bytes() for path in (HERE / "replies").iterdir()}


def test_the_corpus_is_broad() -> None:
    """There are at least thirty clients, fifteen languages and a hundred traps."""
    clients = {case.about["client"] for case in CASES} - {"any"}
    locales = {case.about["locale"] for case in CASES}
    traps = [case for case in CASES if case.name.startswith("trap-")]

    assert len(clients) >= 30
    assert len(locales) >= 15
    assert len(traps) >= 100


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_case_is_sound(case: Case) -> None:
    """The expected reply is clean by the metric, and a quote kept whole is not."""
    kept = score(case.parts, case.parts["body"])
    whole = score(case.parts, "\n".join(case.parts.values()))

    assert kept.perfect
    assert whole.clean == (not case.parts["quote"].strip())
