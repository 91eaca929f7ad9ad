"""Machines are told from people, each by the rule that should; people are never taken for one."""

from pathlib import Path

import pytest

from gateway.mail import guard, machine
from gateway.mail.envelope import Envelope
from gateway.mail.machine.finding import Machine
from gateway.mail.parse import parse
from tests.corpus.machine import samples
from tests.corpus.machine.samples import Sample

MACHINES = samples.machines()
PEOPLE = samples.people()
REPLIES = sorted((Path(__file__).parents[3] / "corpus/replies").glob("*.eml"))


def judged(raw: bytes, reverse_path: str) -> Machine | None:
    """Judge a mail as the gateway does."""
    return machine.judge(parse(raw), Envelope(reverse_path, ("r+token@notify.harbour.example",)))


def test_there_are_enough_samples() -> None:
    """At least 200 machines' mails in 20 languages, at least 500 people's."""
    languages = {one.name.rpartition("-")[2] for one in MACHINES}

    assert len(MACHINES) >= 200
    assert len(PEOPLE) >= 500
    assert len(languages) >= 20
    assert len({one.name for one in MACHINES + PEOPLE}) == len(MACHINES) + len(PEOPLE)


@pytest.mark.parametrize("sample", [pytest.param(one, id=one.name) for one in MACHINES])
def test_p5_01_a_machine_is_recognised(sample: Sample) -> None:
    """By the rule that should, and what becomes of it is what should."""
    found = judged(sample.raw, sample.reverse_path)

    assert found is not None
    assert (found.rule, found.fate.value) == (sample.rule, sample.fate)
    assert guard.inspect(sample.raw) is None


@pytest.mark.parametrize("sample", [pytest.param(one, id=one.name) for one in PEOPLE])
def test_a_person_passes(sample: Sample) -> None:
    """However odd the headers, the subject or the name: a person's reply is not a machine's."""
    assert judged(sample.raw, sample.reverse_path) is None


@pytest.mark.parametrize("mail", [pytest.param(one, id=one.stem) for one in REPLIES])
def test_a_reply_of_the_quote_corpus_passes(mail: Path) -> None:
    """Replies of every mail program and language are people's."""
    assert judged(mail.read_bytes(), "sam@harbour.example") is None
