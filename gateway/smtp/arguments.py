"""What do the arguments of MAIL, RCPT and BDAT say? Read by RFC 5321, 4.1.2 and RFC 3030, 2.

Lenient where nothing is lost by it: an address may stand without angle brackets, a source route
is read and ignored (RFC 5321, F.2), dots may stand anywhere in a local part. Every expression is
anchored and has no two ways to match, so reading takes linear time.
"""

import re
from dataclasses import dataclass

from core.email_address import unquoted
from core.verdict import Reason
from gateway.answers.occasions import Occasion

_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\U0010ffff-]{1,255}"
_QUOTED = r'"(?:[^"\\]|\\.){0,255}"'
_DOMAIN = r"(?:[A-Za-z0-9._\u0080-\U0010ffff-]{1,255}|\[[A-Za-z0-9:.]{1,60}\])"
_MAILBOX = rf"(?:{_WORD}|{_QUOTED})@{_DOMAIN}"
_ROUTE = r"(?:@[A-Za-z0-9.,@-]{1,255}:)?"
_PATH = re.compile(
    rf"[ ]*(?:<{_ROUTE}(?P<inside>{_MAILBOX}|(?i:postmaster)|)>|(?P<bare>{_MAILBOX}))(?:[ ]+|\Z)"
)
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,63})(?:=([!-<>-~\u0080-\U0010ffff]+))?\Z")
_CHUNK = re.compile(r"([0-9]{1,20})(?: +(LAST))?\Z", re.IGNORECASE)
_BODIES = frozenset({"7BIT", "8BITMIME"})  # RFC 6152; BINARYMIME is not offered


@dataclass(frozen=True, slots=True)
class MailArguments:
    """What MAIL says. ``path`` is empty for the null reverse-path (RFC 5321, 4.5.5)."""

    path: str
    smtputf8: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """What BDAT says."""

    octets: int
    last: bool


def read_sender(arg: str | None, most_octets: int) -> MailArguments | Occasion | Reason:
    """Read the argument of MAIL, or return what is wrong with it."""
    path = _after("FROM:", arg)
    if path is None:
        return Occasion.BAD_ARGUMENT
    address, rest = _address(path)
    if address is None or address.lower() == "postmaster":
        return Occasion.BAD_SENDER
    parameters = _parameters(rest)
    if isinstance(parameters, Occasion):
        return parameters
    smtputf8 = "SMTPUTF8" in parameters
    wrong = _wrong(parameters, most_octets)
    if wrong is None and not address.isascii() and not smtputf8:
        return Occasion.NEEDS_SMTPUTF8
    return wrong or MailArguments(address, smtputf8)


def read_recipient(arg: str | None, *, smtputf8: bool) -> str | Occasion:
    """Read the argument of RCPT, or return what is wrong with it.

    The address comes back in its plain spelling: from here on it has no other.
    """
    path = _after("TO:", arg)
    if path is None:
        return Occasion.BAD_ARGUMENT
    address, rest = _address(path)
    if not address:
        return Occasion.BAD_RECIPIENT
    parameters = _parameters(rest)
    if parameters:
        return parameters if isinstance(parameters, Occasion) else Occasion.UNKNOWN_PARAMETER
    return unquoted(address) if address.isascii() or smtputf8 else Occasion.NEEDS_SMTPUTF8


def read_chunk(arg: str | None) -> Chunk | None:
    """Read the argument of BDAT; None if it does not say how many octets follow."""
    found = _CHUNK.match(arg or "")
    return Chunk(int(found[1]), found[2] is not None) if found else None


def read_line(line: bytes) -> str | Occasion:
    """Read a command line as text, or return what is wrong with it (RFC 5321, 2.3.8 and 2.4)."""
    if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
        return Occasion.BAD_LINE_END
    try:
        text = line[:-2].decode().replace("\t", " ")
    except UnicodeDecodeError:
        return Occasion.BAD_CHARACTERS
    return text if text.isprintable() else Occasion.BAD_CHARACTERS


def _after(keyword: str, arg: str | None) -> str | None:
    if arg is None or arg[: len(keyword)].upper() != keyword:
        return None
    return arg[len(keyword) :]


def _address(text: str) -> tuple[str | None, str]:
    found = _PATH.match(text)
    if found is None:
        return None, ""
    inside = found["inside"]
    return (found["bare"] if inside is None else inside), text[found.end() :]


def _parameters(rest: str) -> dict[str, str | None] | Occasion:
    """Return the parameters of a command by name, or what is wrong with how they are written."""
    read: dict[str, str | None] = {}
    for one in rest.split():
        found = _PARAMETER.match(one)
        if found is None or found[1].upper() in read:
            return Occasion.BAD_ARGUMENT
        read[found[1].upper()] = found[2]
    return read


def _wrong(parameters: dict[str, str | None], most_octets: int) -> Occasion | Reason | None:
    """Return what is wrong with the parameters of MAIL (RFC 1870, 6152, 6531), or None."""
    for name, value in parameters.items():
        match name:
            case "SIZE":
                wrong = _wrong_size(value or "", most_octets)
            case "BODY":
                wrong = None if (value or "").upper() in _BODIES else Occasion.BAD_ARGUMENT
            case "SMTPUTF8":
                wrong = None if value is None else Occasion.BAD_ARGUMENT
            case _:
                wrong = Occasion.UNKNOWN_PARAMETER
        if wrong is not None:
            return wrong
    return None


def _wrong_size(value: str, most_octets: int) -> Occasion | Reason | None:
    if not (value.isascii() and value.isdigit()) or len(value) > 20:
        return Occasion.BAD_ARGUMENT
    return Reason.TOO_BIG if int(value) > most_octets else None
