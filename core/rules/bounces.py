"""What does a refusal tell of, and what does it mean for the address?

A reply is read from the strongest evidence to the weakest: codes that can only mean one thing,
words that can, the enhanced status code (RFC 3463), other words, the bare reply code. The codes are
IANA's; the words are the large relays' and providers' (``refusal_wording``), since many refuse with
a code that says nothing, or something else.

The trap: an address is suppressed only for what is said of the address. What is our own fault
(our login, our quota, our reputation, our content) must never silence a recipient, and neither must
a refusal that we do not understand.
"""

from dataclasses import dataclass
from types import MappingProxyType

from core.outcome import Cause, PeerReply
from core.rules.refusal_wording import known_cause
from core.rules.suppression_terms import After, terms


@dataclass(frozen=True, slots=True)
class Suppress:
    """Write no more to this address: for so many days, or until somebody lifts it (None)."""

    days: int | None


@dataclass(frozen=True, slots=True)
class SoftScore:
    """Count it: too many within too short a time suppress the address."""

    points: int = 1


@dataclass(frozen=True, slots=True)
class Nothing:
    """The address is not to blame."""


Consequence = Suppress | SoftScore | Nothing


def classify(reply: PeerReply) -> Cause:
    """Return which kind of trouble a 4yz or 5yz reply tells of, in SMTP or in a report."""
    permanent = _is_permanent(reply)
    return (
        _LOGIN_CODES.get(reply.code)
        or known_cause(reply, permanent=permanent, weak=False)
        or _by_enhanced_code(reply.enhanced, permanent)
        or known_cause(reply, permanent=permanent, weak=True)
        or _BARE_CODES.get(reply.code, Cause.OTHER)
    )


def consequence(cause: Cause) -> Consequence:
    """Return what a cause means for the address (``data/suppression.toml``)."""
    term = terms().get(cause.value)
    if term is None:
        return Nothing()
    return Suppress(term.days) if term.after is After.ONCE else SoftScore()


def is_our_fault(cause: Cause) -> bool:
    """Say whether a cause lies in how we are set up: then mail waits, it never fails."""
    return cause in _OUR_FAULTS


def stops_the_lane(cause: Cause) -> bool:
    """Say whether the relay would say the same to every mail, whoever it is for."""
    return cause in _LANE_FAULTS


_LANE_FAULTS = frozenset(
    {
        Cause.AUTHENTICATION,
        Cause.TLS,
        Cause.RELAY_REFUSES,
        Cause.SENDER_QUOTA,
        Cause.SENDER_RATE,
    }
)
_OUR_FAULTS = _LANE_FAULTS | {Cause.SENDER_REPUTATION}

# RFC 4954, 6: these are said of a login and of nothing else; 530 has two readings, and 432 is what
# Exchange Online says to too many connections.
_LOGIN_CODES = MappingProxyType(
    dict.fromkeys((524, 534, 535, 538), Cause.AUTHENTICATION) | {523: Cause.TLS}
)

# RFC 5321, 4.2.3, for a peer that says a bare code in words that tell us nothing.
_BARE_CODES = MappingProxyType(
    {
        421: Cause.BUSY,
        432: Cause.AUTHENTICATION,
        450: Cause.BUSY,
        451: Cause.BUSY,
        452: Cause.QUOTA,
        454: Cause.BUSY,
        530: Cause.AUTHENTICATION,
        551: Cause.INVALID_RECIPIENT,
        552: Cause.QUOTA,
    }
)

# RFC 3463 and IANA's register: what a subject and detail mean in either class.
_EITHER_CLASS = MappingProxyType(
    {
        "1.7": Cause.SENDER_REPUTATION,  # bad sender's mailbox
        "1.8": Cause.SENDER_REPUTATION,  # bad sender's system
        "2.2": Cause.QUOTA,
        "3.4": Cause.CONTENT,  # too big
        "4.1": Cause.CONNECTION,
        "4.2": Cause.CONNECTION,
        "4.3": Cause.ROUTING,
        "4.4": Cause.ROUTING,
        "4.5": Cause.BUSY,
        "4.6": Cause.ROUTING,
        "4.7": Cause.EXPIRED,
        "5.3": Cause.BUSY,  # too many recipients, though we name one: so much at a time
        "7.8": Cause.AUTHENTICATION,
        "7.9": Cause.AUTHENTICATION,
        "7.10": Cause.TLS,
        "7.11": Cause.TLS,
        "7.28": Cause.SENDER_REPUTATION,
        "7.38": Cause.SENDER_REPUTATION,
        "7.40": Cause.SENDER_REPUTATION,
        "7.515": Cause.SENDER_REPUTATION,
    }
    | {f"7.{detail}": Cause.SENDER_REPUTATION for detail in range(20, 33)}
    | {f"6.{detail}": Cause.CONTENT for detail in range(11)}
)
_PERMANENT = MappingProxyType(
    {f"1.{detail}": Cause.INVALID_RECIPIENT for detail in (1, 2, 3, 6, 10)}
    | {"7.17": Cause.INVALID_RECIPIENT, "2.1": Cause.INACTIVE, "7.13": Cause.INACTIVE}
)
_TEMPORARY = MappingProxyType(
    {
        "1.1": Cause.BUSY,  # not yet verified
        "1.2": Cause.ROUTING,
        "2.1": Cause.BUSY,  # receives too fast
        "3.1": Cause.QUOTA,
        "3.2": Cause.BUSY,
    }
)


def _is_permanent(reply: PeerReply) -> bool:
    """Say whether it is a 5yz reply. The code rules; a report may have none but the enhanced."""
    if reply.code >= 400:
        return reply.code // 100 == 5
    return (reply.enhanced or "").startswith("5.")


def _by_enhanced_code(enhanced: str | None, permanent: bool) -> Cause | None:  # noqa: FBT001
    """Return what the enhanced code says, None if it leaves the matter open."""
    meaning = (enhanced or "").partition(".")[2]
    in_class = _PERMANENT if permanent else _TEMPORARY
    return in_class.get(meaning) or _EITHER_CLASS.get(meaning)
