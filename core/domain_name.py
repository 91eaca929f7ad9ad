"""Which name does DNS know a domain by? The one reading of domains, for every room.

A domain is compared, asked about, sent to and shown in A-labels (RFC 5890, 2.3.2.1), lower case,
without the dot of the root. A name in letters is read by IDNA2008 (RFC 5891) after the mapping of
UTS 46, without its transitional part. The trap is Python's own codec: it is IDNA2003, which reads
``straße.de`` as ``strasse.de``. That is somebody else's domain.
"""

import re

import idna

LONGEST = 253  # RFC 1035, 2.3.4, as text
_ASCII_LABEL = re.compile(r"[a-z0-9_-]{1,63}")  # an underscore is no host's, but DNS has such names
_PREFIX = "xn--"


def as_dns(name: str) -> str:
    """Return a domain in A-labels. Raise ValueError if no domain has this name."""
    text = name.removesuffix(".")
    if not 0 < len(text) <= LONGEST:
        raise ValueError("is no domain name")
    # Letters first: some that are not ASCII become ASCII when they are made small.
    written = text.lower() if text.isascii() else _in_a_labels(text)
    labels = written.split(".")
    if len(written) > LONGEST or not all(map(_ASCII_LABEL.fullmatch, labels)):
        raise ValueError("is no domain name")
    return written


def comparable(name: str) -> str:
    """Return what two spellings of one domain share; what is no domain is equal to itself alone."""
    try:
        return as_dns(name)
    except ValueError:
        return name.lower() if name.isascii() else name


def strictly(name: str) -> str:
    """Return a domain in A-labels as ``as_dns`` does, but refuse what others read otherwise.

    Letters that are mapped to others (full width, ideographic dots) are read as they stand by
    programs without UTS 46, and an A-label that says a mapped letter is nobody's in any of them.
    """
    written = as_dns(name)
    spelt = name.removesuffix(".").lower()
    if not spelt.isascii() and _mapped(spelt) != spelt:
        raise ValueError("has letters that are read as others")
    for label in written.split("."):
        if label.startswith(_PREFIX):
            _is_whole(label)
    return written


def in_punycode(name: str) -> str:
    """Return a domain in A-labels also where IDNA2008 has no such letters, as with an emoji.

    Such names are registered all the same. Raise ValueError where no name comes of it.
    """
    labels = _mapped(name.removesuffix(".")).split(".")
    return as_dns(".".join(one if one.isascii() else _coded(one) for one in labels))


def in_letters(name: str) -> str:
    """Return a domain with the letters its A-labels stand for, for people to look at.

    A label that stands for none comes back as it is.
    """
    return ".".join(map(_label_in_letters, name.lower().split(".")))


def _label_in_letters(label: str) -> str:
    if not label.startswith(_PREFIX):
        return label
    try:
        return label.removeprefix(_PREFIX).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _in_a_labels(text: str) -> str:
    try:
        return idna.encode(text, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("is no domain name by IDNA2008") from error


def _mapped(text: str) -> str:
    try:
        return idna.uts46_remap(text, std3_rules=False, transitional=False)
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("is no domain name") from error


def _coded(label: str) -> str:
    return _PREFIX + label.encode("punycode").decode("ascii")


def _is_whole(label: str) -> None:
    """Raise ValueError if an A-label is not what its letters are written as (RFC 5890, 2.3.2.1)."""
    try:
        letters = label.removeprefix(_PREFIX).encode("ascii").decode("punycode")
    except UnicodeError as error:
        raise ValueError("has a label that cannot be read") from error
    if letters.isascii() or _mapped(letters) != letters or _coded(letters) != label:
        raise ValueError("has a label that is read as another")
