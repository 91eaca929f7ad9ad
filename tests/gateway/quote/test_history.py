"""What opens history and what only looks so: pasted mails, filled-in forms, retold talks."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.corpus.metric import words

_FILE = Path(__file__).parent / "history.toml"
TEXTS = tomllib.loads(_FILE.read_text(encoding="utf-8"))
OWN, SHOWN, OPENED = TEXTS["own"], TEXTS["shown"], TEXTS["opened"]
DIGEST = (
    "Reply above this line\n\nAnn (09:38)\nWhich colours do you have, and from when on is it?\n\n"
    "[rjd-711bb4f9ce80]"
)
SENT = Sent(
    text=DIGEST,
    marker="rjd-711bb4f9ce80",
    subject="The red kite",
    name="Ann (Shop)",
    address="messages@notify.shop.example",
)
LEAD = "On Mon, 15 May 2023 at 12:03, Ann (Shop) <messages@notify.shop.example> wrote:"
PLAIN = f"\n\n{LEAD}\n\n{DIGEST}\n"
QUOTED = f"\n\n{LEAD}\n\n" + "".join(f"> {line}\n" for line in DIGEST.split("\n"))


def _cases(some: dict[str, str]) -> list[object]:
    return [pytest.param(text, id=name) for name, text in some.items()]


def _posted(given: str, *sent: Sent) -> str:
    return extract(Body(text=given, sender_address="bo@example.com"), *sent).text


def _lost(text: str, given: str, *sent: Sent) -> list[str]:
    return sorted((words(text) - words(_posted(given, *sent))).elements())


def _parts(text: str) -> tuple[str, str, str]:
    """Return a case's mail, what of it is the sender's, and what is history."""
    lines = text.strip("\n").split("\n")
    mail = "\n".join(line.removeprefix("q|") for line in lines)
    own = "\n".join(line for line in lines if not line.startswith("q|"))
    old = "\n".join(line.removeprefix("q|") for line in lines if line.startswith("q|"))
    return mail, own, old


@pytest.mark.parametrize("history", ["", PLAIN, QUOTED], ids=["alone", "plain", "quoted"])
@pytest.mark.parametrize("text", _cases(OWN))
def test_what_only_looks_like_an_opening_is_kept(text: str, history: str) -> None:
    """Told what we sent or not, all of it is the sender's."""
    assert _lost(text, text + history) == []
    assert _lost(text, text + history, SENT) == []


@pytest.mark.parametrize("history", [PLAIN, QUOTED], ids=["plain", "quoted"])
@pytest.mark.parametrize("text", _cases(SHOWN))
def test_a_pasted_mail_is_kept_above_what_we_sent(text: str, history: str) -> None:
    """What we sent stands further down, so this is not it; our lead and our words go."""
    posted = _posted(text + history, SENT)

    assert words(posted) == words(text)


@pytest.mark.parametrize("text", _cases(OPENED))
def test_an_opening_that_is_hardly_one_is_folded(text: str) -> None:
    """The sender's words are left, and nothing of the history."""
    mail, own, _ = _parts(text)

    assert words(_posted(mail)) == words(own)


@pytest.mark.parametrize("text", _cases(OWN | SHOWN | OPENED))
def test_it_is_read_cut_doubled_and_far_down(text: str) -> None:
    """Cut in the middle, doubled, behind a megabyte: no exception, and the text before is kept."""
    mail, _, _ = _parts(text)
    far = "A line of no account that says nothing of it.\n" * 22_000

    assert isinstance(_posted(mail[: len(mail) // 2]), str)
    assert isinstance(_posted(f"{mail}\n\n{mail}"), str)
    assert words("A line of no account.") <= words(_posted(f"{far}\n{mail}"))
