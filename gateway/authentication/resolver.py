"""What does DNS say? Behind one method, bounded in time, in memory and in what it believes.

Strangers choose the names we look up and write the answers, so an answer is cut to what a mail
check can use, an answer's lifetime is kept within bounds of ours, and the cache has a fixed
number of places. Names that are silent are not waited for again and again (``silent_names``).
"Nothing there" is an empty answer; only "nobody could say" is an exception.

Everything here blocks: it is called in the threads of ``authenticate``, never on the loop.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from gateway.authentication.silent_names import SilentNames

_PLACES = 4_000
_SHORTEST, _LONGEST, _NOTHING = 30, 3600, 60
_RECORDS = 20
_OCTETS = 8_192
_LONGEST_NAME, _LONGEST_LABEL = 253, 63
_UDP = 1_232  # no larger, so that no answer comes in fragments (DNS flag day 2020)


class RecordType(StrEnum):
    """The kinds of records that are asked for."""

    TXT = "TXT"
    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    PTR = "PTR"


class Unanswered(Exception):  # noqa: N818  reads as a state
    """Nobody could say for now: no answer in time, or a server that failed."""


class Silent(Unanswered):
    """Nobody answered the last times, so nobody was asked now, and no time was lost."""


class Resolver(Protocol):
    """Looks names up."""

    def ask(self, name: str, kind: RecordType, seconds: float) -> tuple[str, ...]:
        """Return the records: texts, addresses, host names. Raise Unanswered, never else.

        A text's octets are Latin-1 characters, so that each is kept; an MX is its host alone.
        """


class Questions:
    """What one mail asks, until its time is up. ``unanswered``: whether anything was, so far."""

    def __init__(self, resolver: Resolver, seconds: float) -> None:
        """Let it ask for so many seconds from now."""
        self._resolver = resolver
        self._until = time.monotonic() + seconds
        self.unanswered = False

    def ask(self, name: str, kind: RecordType) -> tuple[str, ...]:
        """Return the records of a name, or raise Unanswered."""
        try:
            return self._ask(name, kind)
        except Unanswered:
            self.unanswered = True
            raise

    def _ask(self, name: str, kind: RecordType) -> tuple[str, ...]:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Unanswered
        asked = name.rstrip(".").lower()
        if not _can_be(asked):
            return ()
        return self._resolver.ask(asked, kind, left)


def _can_be(name: str) -> bool:
    """Whether there can be such a name (RFC 1035, 2.3.4): of one that cannot, nobody is silent."""
    labels = name.split(".")
    return name.isascii() and len(name) <= _LONGEST_NAME and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    return 0 < len(label) <= _LONGEST_LABEL


class NameServers:
    """The real resolver: dnspython, over the system's name servers or those it is given."""

    def __init__(
        self,
        servers: tuple[str, ...] = (),
        seconds: float = 3.0,
        *,
        port: int = 53,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask these servers; each question is given up after so many seconds."""
        self._seconds = seconds
        self._tick = tick
        self._dns = _configured(servers, port)
        self._lock = threading.Lock()
        self._silent = SilentNames(tick)
        self._kept: OrderedDict[tuple[str, RecordType], tuple[float, tuple[str, ...]]] = (
            OrderedDict()
        )

    def ask(self, name: str, kind: RecordType, seconds: float) -> tuple[str, ...]:
        """Return the records of a name, from the cache while they live."""
        key = (name, kind)
        with self._lock:
            until, records = self._kept.get(key, (0.0, ()))
            if until > self._tick():
                self._kept.move_to_end(key)
                return records
            if key in self._silent:
                raise Silent
        try:
            records, lives = self._fetch(name, kind, min(seconds, self._seconds))
        except Unanswered:
            if seconds >= self._seconds:  # else it is our own haste
                with self._lock:
                    self._silent.note_silence(key)
            raise
        with self._lock:
            self._silent.note_answer(key)
            self._kept[key] = (self._tick() + lives, records)
            self._kept.move_to_end(key)
            if len(self._kept) > _PLACES:
                self._kept.popitem(last=False)
        return records

    def _fetch(self, name: str, kind: RecordType, seconds: float) -> tuple[tuple[str, ...], float]:
        try:
            # Label by label: a backslash in a text would begin an escape sign.
            asked = dns.name.Name([*(label.encode("ascii") for label in name.split(".")), b""])
            answer = self._dns.resolve(
                asked, kind.value, lifetime=seconds, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return (), _NOTHING
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(str(error)) from error
        if answer.rrset is None:
            return (), _NOTHING
        lives = min(max(answer.chaining_result.minimum_ttl, _SHORTEST), _LONGEST)
        return _usable([_text(record, kind) for record in answer.rrset]), lives


def _configured(servers: tuple[str, ...], port: int) -> dns.resolver.Resolver:
    """Return dnspython's resolver; without a resolv.conf, ask this machine, as libc does."""
    try:
        resolver = dns.resolver.Resolver(configure=not servers)
    except dns.resolver.NoResolverConfiguration:
        resolver, servers = dns.resolver.Resolver(configure=False), ("127.0.0.1",)
    if servers:
        resolver.nameservers, resolver.port = list(servers), port
    resolver.use_edns(0, 0, _UDP)
    return resolver


def _text(record: object, kind: RecordType) -> str:
    """Return a record as text."""
    match kind:
        case RecordType.TXT:
            return b"".join(record.strings).decode("latin-1")  # type: ignore[attr-defined]
        case RecordType.MX:
            return str(record.exchange).rstrip(".").lower()  # type: ignore[attr-defined]
        case RecordType.PTR:
            return str(record.target).rstrip(".").lower()  # type: ignore[attr-defined]
        case RecordType.A | RecordType.AAAA:
            return str(record.address)  # type: ignore[attr-defined]


def _usable(records: list[str]) -> tuple[str, ...]:
    """Return as many records as a check may need, none of them huge."""
    return tuple(record for record in records if len(record) <= _OCTETS)[:_RECORDS]
