r"""What a ``*.smtp`` file says: the promise, the dialogue line by line, and what becomes of it.

    # The promise, one sentence; further lines of comment may follow.
    !at small        which listener to speak to, by its name in ``stage``; else the usual one
    S: 250 2\.1      what the server must answer: a pattern, matched from the answer's beginning;
                     the lines of one answer are joined by "\n"
    S*49: 250        the same, 49 times
    C: DATA          what the client says, CR LF added; {reply} and the like are addresses
    C-: text         the same without CR LF
    C*300: text      the same, 300 times
    !split 2         from here on the octets leave in pieces of two, each a TCP segment of its own
    !tls             the client begins its TLS handshake
    !hangup          the client says no more, and hears the server out
    !reset           the client's machine is gone: RST
    !drop            the server must have hung up, without another word
    !connect         another connection
    => messages 1    what the database must hold in the end; see ``outcome``

Client lines that follow each other leave in one write. In them ``\r \n \0 \t \\ \xNN`` stand for
octets. A script that ends while the line is open is ended with QUIT, so that an answer too many,
or one too few, is found out.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_SPOKEN = re.compile(r"([CS])(-?)(?:\*(\d+))?:(?: (.*))?\Z")
_ESCAPE = re.compile(rb"\\(?:([rn0t\\])|x([0-9a-fA-F]{2}))")
_OCTETS = {b"r": b"\r", b"n": b"\n", b"0": b"\0", b"t": b"\t", b"\\": b"\\"}


class Verb(StrEnum):
    """What a step does."""

    SAY = "C"
    HEAR = "S"
    SPLIT = "!split"
    TLS = "!tls"
    HANG_UP = "!hangup"
    RESET = "!reset"
    DROP = "!drop"
    CONNECT = "!connect"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a dialogue: what is said, heard or done."""

    verb: Verb
    octets: bytes = b""
    text: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """One dialogue and what becomes of it."""

    promise: str
    place: str
    steps: tuple[Step, ...]
    outcomes: tuple[str, ...]


def read(file: Path, addresses: dict[str, str]) -> Script:
    """Read a script, with these addresses in its placeholders."""
    promise, place = "", "usual"
    steps: list[Step] = []
    outcomes: list[str] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            promise = promise or line[1:].strip()
        elif line.startswith("=> "):
            outcomes.append(line[3:])
        elif line.startswith("!at "):
            place = line[4:]
        elif line:
            for step in _steps(line, number, addresses):
                _add(steps, step)
    return Script(promise, place, tuple(steps), tuple(outcomes))


def octets_of(text: str) -> bytes:
    """Return the octets that a text with escapes stands for."""
    return _ESCAPE.sub(
        lambda found: _OCTETS[found[1]] if found[1] else bytes.fromhex(found[2].decode()),
        text.encode("utf-8"),
    )


def _steps(line: str, number: int, addresses: dict[str, str]) -> list[Step]:
    """Read one line; raise ValueError for one that is none of ours."""
    spoken = _SPOKEN.match(line)
    if spoken is None:
        verb, _, rest = line.partition(" ")
        return [Step(Verb(verb), text=rest, line=number)]
    who, bare, times, text = spoken.groups(default="")
    if who == Verb.HEAR:
        return [Step(Verb.HEAR, text=text, line=number)] * int(times or 1)
    for name, address in addresses.items():
        text = text.replace(f"{{{name}}}", address)
    octets = octets_of(text) + (b"" if bare else b"\r\n")
    return [Step(Verb.SAY, octets * int(times or 1), line=number)]


def _add(steps: list[Step], step: Step) -> None:
    """Add a step; what is said on end is said in one go."""
    if steps and steps[-1].verb is step.verb is Verb.SAY:
        before = steps.pop()
        step = Step(Verb.SAY, before.octets + step.octets, line=before.line)
    steps.append(step)
