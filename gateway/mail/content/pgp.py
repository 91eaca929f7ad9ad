"""Is a text an OpenPGP message (RFC 9580, 6.2), and what does a signed one say?

No key is used and no signature checked. What stands above and below the armour (a filter's
banner, a list's footer) stays. A text that only quotes such a message is a text: its lines begin
with ``>``.
"""

import re

_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE-----[ \t]*$", re.MULTILINE)
_MESSAGE_END = "-----END PGP MESSAGE-----"
_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n"
    r"(?:[A-Za-z-]{1,40}: [^\n]{0,400}\n){0,20}[ \t]*\n?",
    re.MULTILINE,
)
_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----[ \t]*$", re.MULTILINE)
_END = re.compile(r"^-----END PGP SIGNATURE-----[ \t]*\n?", re.MULTILINE)
_ARMOUR = re.compile(r"(?:[A-Za-z-]{1,40}: [^\n]{0,400}|[A-Za-z0-9+/=]{0,100}[ \t]*)\Z")
_CHECKSUM = re.compile(r"=[A-Za-z0-9+/]{4}[ \t]{0,20}\r?\Z")  # RFC 9580, 6.1
# Asked line by line: one pattern for several lines would try every way to cut them.
_BANNER_LINE = re.compile(r"(?:[\[({*<].{1,200}[\])}*>]|[-_=*#]{3,200})\Z")
_MOST_BANNER_LINES = 3
_TAG = re.compile(r"<[^<>]{1,500}>")
# In a page a line ends in a tag. A quoted one stands behind ">", and is left.
_SIGNED_IN_PAGE = re.compile(
    r"(?<!&gt; )-----BEGIN PGP SIGNED MESSAGE-----"
    r"(?:\s|<[^<>]{1,500}>|Hash: [A-Z0-9, -]{1,100}+){0,200}+"
)
_SIGNATURE_IN_PAGE = re.compile(
    r"(?<!&gt; )-----BEGIN PGP SIGNATURE-----"
    r"(?:\s|<[^<>]{1,500}>|&nbsp;|(?:Version|Comment): [^<>\n]{0,200}+|[A-Za-z0-9+/=]){0,20000}+"
    r"-----END PGP SIGNATURE-----"
)
_HEAD = 2_000
_MOST = 20


def is_encrypted(text: str) -> bool:
    """Tell whether a text is an encrypted message, or one below a banner: nobody can read it."""
    begin = _MESSAGE.search(text[:_HEAD])
    if begin is None or _MESSAGE_END not in text:
        return False
    above = [line.strip() for line in text[: begin.start()].split("\n") if line.strip()]
    return len(above) <= _MOST_BANNER_LINES and all(map(_BANNER_LINE.match, above))


def signed_text(text: str) -> str | None:
    """Return what a text says without the armour of what is signed in it; None if nothing is.

    One that is cut off ends where its armour does.
    """
    kept: list[str] = []
    at = 0
    for _ in range(_MOST):
        begin = _SIGNED.search(text, at)
        if begin is None:
            break
        signature = _SIGNATURE.search(text, begin.end())
        said_to = signature.start() if signature else len(text)
        said = text[begin.end() : said_to].split("\n")
        kept += [text[at : begin.start()], "\n".join(map(_unescaped, said))]
        at = _after(text, signature.end()) if signature else said_to
    rest = text[at:]
    alone = _SIGNATURE.search(rest) if "PGP SIGNATURE" in rest else None
    if alone is not None and _is_orphan(rest, alone):
        # A program took the line above off, and left this.
        kept.append(rest[: alone.start()])
        rest = rest[_after(rest, alone.end() + 1) :]
    return "".join([*kept, rest]) if kept else None


def signed_page(markup: str) -> str | None:
    """Return HTML without the armour of what is signed in it, its tags kept; None if nothing is."""
    if "BEGIN PGP SIGN" not in markup:
        return None
    without = _SIGNATURE_IN_PAGE.sub(_tags_of, markup)
    return _SIGNED_IN_PAGE.sub(_tags_of, without) if without != markup else None


def _tags_of(found: re.Match[str]) -> str:
    return "".join(_TAG.findall(found[0]))


def _is_orphan(text: str, begin: re.Match[str]) -> bool:
    """Tell whether a signature stands without its message: words above it, armour to its end."""
    end = _END.search(text, begin.end())
    if end is None or not text[: begin.start()].strip():
        return False
    lines = text[begin.end() + 1 : end.start()].split("\n")
    return any(map(_CHECKSUM.match, lines)) and all(map(_ARMOUR.match, lines))


def _unescaped(line: str) -> str:
    """Undo dash-escaping (RFC 9580, 7.2)."""
    return line.removeprefix("- ")


def _after(text: str, at: int) -> int:
    """Return where a signature's armour is over: at its end, or where its lines are no armour."""
    end = _END.search(text, at)
    lines = text[at : end.start() if end else len(text)].split("\n")
    for line in lines:
        if _ARMOUR.match(line) is None:
            return at
        at += len(line) + 1
    return end.end() if end else len(text)
