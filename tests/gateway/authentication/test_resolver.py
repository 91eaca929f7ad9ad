"""A name that a stranger chose is asked as it stands, or it is known that there can be none."""

import dns.name
import dns.resolver
import pytest

from gateway.authentication.resolver import NameServers, Questions, RecordType, Unanswered

TXT = RecordType.TXT


class NobodyThere:
    """dnspython's resolver before servers that know of no name."""

    def __init__(self) -> None:
        """Remember what is asked."""
        self.asked: list[tuple[bytes, ...]] = []

    def resolve(self, name: dns.name.Name, kind: str, **_: object) -> None:
        """Say that there is no such name."""
        self.asked.append(name.labels)
        raise dns.resolver.NXDOMAIN


def _asked(name: str) -> tuple[Questions, NobodyThere, tuple[str, ...]]:
    servers, nobody = NameServers(("127.0.0.1",)), NobodyThere()
    servers._dns = nobody  # type: ignore[assignment]
    questions = Questions(servers, 10.0)
    return questions, nobody, questions.ask(name, TXT)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("s" * 64 + "._domainkey.example.net", id="a label of 64"),
        pytest.param("a." * 125 + "example.net", id="a name of more than 253"),
        pytest.param("a..example.net", id="an empty label"),
        pytest.param(".example.net", id="none before the dot"),
        pytest.param("straße.example.net", id="letters that DNS has not"),
        pytest.param("", id="nothing"),
    ],
)
def test_of_a_name_that_cannot_be_nobody_is_silent(name: str) -> None:
    """Else a stranger's mail would have its author's domain distrusted."""
    questions, nobody, found = _asked(name)

    assert found == ()
    assert not questions.unanswered
    assert not nobody.asked


@pytest.mark.parametrize("label", ["a\\", "\\999", "\\.", "a b", '"', "@", "\x00", "$", "*"])
def test_strange_signs_are_asked_as_they_are(label: str) -> None:
    """No sign begins an escape."""
    questions, nobody, found = _asked(f"{label}._domainkey.example.net.")
    labels = f"{label}._domainkey.example.net".split(".")

    assert found == ()
    assert not questions.unanswered
    if "" not in labels:
        assert nobody.asked == [(*(one.encode() for one in labels), b"")]


def test_who_has_no_time_left_asks_nobody() -> None:
    """It is nobody's fault but the deadline's; the mail is checked later."""
    servers = NameServers(("127.0.0.1",))
    questions = Questions(servers, 0.0)

    with pytest.raises(Unanswered):
        questions.ask("example.net", TXT)
    assert questions.unanswered
