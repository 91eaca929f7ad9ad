"""A name that nobody answers for is waited for twice, and then left alone for a minute."""

import dns.exception
import dns.name
import dns.resolver
import pytest

from gateway.authentication.resolver import NameServers, RecordType, Silent, Unanswered
from gateway.authentication.silent_names import SilentNames

TXT = RecordType.TXT


class Tick:
    """Seconds that go forward when they are told to."""

    now = 1_000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


class Dead:
    """dnspython's resolver before servers of which some names' never answer."""

    def __init__(self, *silent: str) -> None:
        """Be silent for these names; of all others there is nothing."""
        self.silent = silent
        self.asked: list[str] = []

    def resolve(self, name: dns.name.Name, kind: str, **_: object) -> None:
        """Never return."""
        asked = name.to_text(omit_final_dot=True)
        self.asked.append(asked)
        if asked in self.silent:
            raise dns.exception.Timeout
        raise dns.resolver.NXDOMAIN


def _servers(tick: Tick, *silent: str) -> tuple[NameServers, Dead]:
    servers, dead = NameServers(("127.0.0.1",), 3.0, tick=tick), Dead(*silent)
    servers._dns = dead  # type: ignore[assignment]
    return servers, dead


def _ask(servers: NameServers, name: str, seconds: float = 9.0) -> type[Exception] | None:
    try:
        servers.ask(name, TXT, seconds)
    except Unanswered as error:
        return type(error)
    return None


def test_a_silent_name_is_asked_again_after_a_minute() -> None:
    """Twice in vain, then not at all, then once a minute; an answer ends it."""
    tick = Tick()
    servers, dead = _servers(tick, "x.test")
    first = [_ask(servers, "x.test") for _ in range(5)]
    tick.now += 61
    second = [_ask(servers, "x.test") for _ in range(3)]
    dead.silent = ()
    tick.now += 61
    third = _ask(servers, "x.test")

    assert first == [Unanswered, Unanswered, Silent, Silent, Silent]
    assert second == [Unanswered, Silent, Silent]
    assert third is None
    assert len(dead.asked) == 4


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("y.test", id="another domain"),
        pytest.param("sub.x.test", id="below it"),
        pytest.param("test", id="above it"),
        pytest.param("_dmarc.x.test", id="its policy"),
        pytest.param("sel._domainkey.x.test", id="its key"),
        pytest.param("x.test.example", id="one that begins alike"),
    ],
)
def test_a_silent_name_silences_no_other(other: str) -> None:
    """Who sends a mail chooses its names; what is known of one says nothing of its neighbours."""
    servers, dead = _servers(Tick(), "x.test")
    for _ in range(9):
        _ask(servers, "x.test")

    assert _ask(servers, other) is None
    assert dead.asked[-1] == other


def test_one_silence_between_answers_is_forgotten() -> None:
    """A lost packet is no silence: twice in a row is."""
    tick = Tick()
    servers, dead = _servers(tick, "x.test")
    found = []
    for silent in (("x.test",), (), ("x.test",), ()):
        dead.silent = silent
        found.append(_ask(servers, "x.test"))
        tick.now += 3_601  # what was answered is no longer remembered

    assert found == [Unanswered, None, Unanswered, None]


def test_our_own_haste_is_no_silence() -> None:
    """A mail whose time is nearly up makes no name silent for the next."""
    servers, dead = _servers(Tick(), "x.test")
    found = [_ask(servers, "x.test", 0.1) for _ in range(6)]

    assert set(found) == {Unanswered}
    assert len(dead.asked) == 6


def test_as_many_names_are_remembered_as_have_a_place() -> None:
    """Names without end push out the oldest."""
    names = SilentNames(Tick())
    for number in range(9_000):
        names.note_silence(number)
        names.note_silence(number)

    assert 8_999 in names
    assert 0 not in names
    assert sum(number in names for number in range(9_000)) == 4_000
