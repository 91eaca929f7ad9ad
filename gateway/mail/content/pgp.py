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
# Asked line by line: one pattern for several lines would try every way to cut them.
_BANNER_LINE = re.compile(r"(?:[\[({*<].{1,200}[\])}*>]|[-_=*#]{3,200})\Z")
_MOST_BANNER_LINES = 3
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
    return "".join([*kept, text[at:]]) if kept else None


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
