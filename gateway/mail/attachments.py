"""Which files came with a mail, and which parts of it are no files?

``content.text_choice`` tells which; what a program wrote into the text itself (uuencode, yEnc) is
a file, too. Attached mails are files and never entered. Left out is what wraps the mail
(signatures, halves that only one system knows) and pictures that are part of the page's look
(``content.pictures``); each is told, with why. A file beyond a limit is not left out in silence:
``too_much`` says so, and the mail is refused as a whole while its sender can still be told.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from gateway.mail.content import coded_files, forward, tnef
from gateway.mail.content.encoded_words import read_words
from gateway.mail.content.forms import is_winmail
from gateway.mail.content.names import charset_of_names, clean_name, wished_name
from gateway.mail.content.parts import MAILS, content_id_of, octets_of
from gateway.mail.content.pictures import (
    LeftOutReason,
    Look,
    Picture,
    why_not,
)
from gateway.mail.content.sniff import UNKNOWN, ending_of, type_of
from gateway.mail.content.text_choice import (
    ChosenParts,
    Leaf,
    PartRole,
    chosen,
    text_kind,
    words_of,
)
from gateway.mail.token_scrub import scrub, scrub_file

_NO_FILES = {PartRole.WRAPPING: LeftOutReason.WRAPPING, PartRole.REPORT: LeftOutReason.REPORT}
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How many files a message may have, and of how many octets, each and together."""

    most: int = 30
    each: int = 25 * MEGABYTE
    together: int = 25 * MEGABYTE


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of a mail. The type is what its octets say, never what the mail does."""

    filename: str
    content_type: str
    octets: bytes = field(repr=False)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part that is no file of the message, and why.

    ``sha256``: of a picture that the conversation has already; else empty.
    """

    filename: str
    why: LeftOutReason
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a mail, what is none, and which limit they go beyond, if any."""

    files: tuple[FilePart, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    too_much: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part that may be a file, before anything is decided."""

    name: str
    declared: str
    octets: bytes
    content_id: str = ""
    attached: bool = True
    no_file: LeftOutReason | None = None
    is_mail: bool = False


DEFAULT = FileLimits()


def gather(
    message: Message,
    limits: FileLimits = DEFAULT,
    look: Look = Look(),  # noqa: B008  frozen
    parts: ChosenParts | None = None,
) -> Gathered:
    """Return the files of a mail. ``parts``: its parts, where they have been told apart already.

    Never raises for a mail's fault.
    """
    files: list[FilePart] = []
    left_out: list[LeftOut] = []
    together = 0
    for piece in _pieces(message, parts or chosen(message)):
        made = _judged(piece, look)
        if isinstance(made, LeftOut):
            left_out.append(made)
            continue
        together += len(made.octets)
        files.append(made)
        too_much = _beyond(made, len(files), together, limits)
        if too_much:
            return Gathered(tuple(files[:-1]), tuple(left_out), too_much)
    return Gathered(tuple(files), tuple(left_out))


def _pieces(message: Message, parts: ChosenParts) -> Iterator[_Piece]:
    """Yield what may be a file, in order; an Outlook envelope yields what is in it."""
    plain = all(leaf.role is PartRole.TEXT for leaf in parts.leaves)
    charset = "" if plain else charset_of_names(message)
    for leaf in parts.leaves:
        match leaf.role:
            case PartRole.FILE:
                yield from _files_of(leaf, charset)
            case PartRole.TEXT:
                yield from _within_text(leaf, charset)
            case role:
                name = wished_name(leaf.part, charset)
                yield _Piece(name, leaf.kind, b"", no_file=_NO_FILES[role])


def _files_of(leaf: Leaf, charset: str) -> Iterator[_Piece]:
    part = leaf.part
    if leaf.kind in MAILS:
        name, octets = forward.file_of(part, charset)
        yield _Piece(wished_name(part, charset) or name, leaf.kind, octets, is_mail=True)
    elif is_winmail(part) and (envelope := tnef.unpack(octets_of(part))) is not None:
        for one in envelope.files:
            attached = not one.content_id
            yield _Piece(one.name, one.content_type, one.octets, one.content_id, attached)
    else:
        name = wished_name(part, charset)
        yield _Piece(name, leaf.kind, octets_of(part), content_id_of(part), leaf.attached)


def _within_text(leaf: Leaf, charset: str) -> Iterator[_Piece]:
    """Yield what a program wrote into the text itself, where ``body`` leaves it out."""
    if text_kind(leaf) != "text/html" and coded_files.may_hold(leaf):
        for one in coded_files.split(words_of(leaf))[1]:
            name = read_words(one.name.decode("ascii", "surrogateescape"), charset)
            yield _Piece(name, UNKNOWN, one.octets)


def _judged(piece: _Piece, look: Look) -> FilePart | LeftOut:
    """Make a file of a piece, or say why it is none."""
    wished = scrub(piece.name)
    if piece.no_file is not None:
        return LeftOut(clean_name(wished), piece.no_file)
    if not piece.octets:
        return LeftOut(clean_name(wished), LeftOutReason.EMPTY)
    kind = piece.declared if piece.is_mail else type_of(piece.octets, piece.declared, wished)
    octets = piece.octets if piece.is_mail else scrub_file(piece.octets)
    name = clean_name(wished or f"file{ending_of(kind)}")
    digest = hashlib.sha256(octets).hexdigest()
    if kind.startswith("image/") or (kind == UNKNOWN and piece.declared.startswith("image/")):
        why = why_not(Picture(piece.content_id, piece.attached, digest, octets), look)
        if why is not None:
            return LeftOut(name, why, digest if why is LeftOutReason.SEEN else "")
    return FilePart(name, kind, octets, digest)


def _beyond(file: FilePart, count: int, together: int, limits: FileLimits) -> str:
    """Return which limit a file goes beyond, in words for the receipt; or nothing."""
    if count > limits.most:
        return f"more than {limits.most} files"
    if len(file.octets) > limits.each:
        return f"{file.filename}: more than {limits.each} octets"
    if together > limits.together:
        return f"more than {limits.together} octets of files"
    return ""
