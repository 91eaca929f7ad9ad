"""A mail as a delivering MTA passes it to a program, and as it goes over the wire.

Such a mail has the system's own line ends, sometimes a line of mbox above the header (RFC 4155),
and often a Return-Path field that the MTA wrote (RFC 5321, 4.4). None of it is the mail's own.
"""

import re

# What Postfix's pipe(8) makes of a null reverse-path, and how others write it.
_NULL = frozenset({"", "mailer-daemon"})
_MBOX_LINE = re.compile(rb">?From ([^\s]*)[^\r\n]*\r?\n")
_RETURN_PATH = re.compile(rb"return-path:[ \t]*([^\s]*)", re.IGNORECASE)
_UNTOLD = "unknown"


def reverse_path(said: str | None, raw: bytes) -> str:
    """Return the reverse-path without brackets, empty for the null one.

    If nobody said it, the delivering MTA may have written it above the mail (RFC 5321, 4.4).
    """
    if said is None:
        mbox = _MBOX_LINE.match(raw)
        field = _RETURN_PATH.match(raw, mbox.end() if mbox else 0)
        found = field or mbox
        said = found[1].decode("ascii", "replace") if found else _UNTOLD
    bare = said.strip().removeprefix("<").removesuffix(">").strip()
    return "" if bare.lower() in _NULL else bare


def as_sent(raw: bytes) -> bytes:
    """Return a mail as it goes over the wire: no mbox line above it, each line ended by CR LF."""
    mbox = _MBOX_LINE.match(raw)
    raw = raw[mbox.end() :] if mbox else raw
    if raw.count(b"\n") == raw.count(b"\r\n"):  # as a program has it: no copy of 25 MB is made
        return raw
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
