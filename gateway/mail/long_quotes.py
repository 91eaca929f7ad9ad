"""Which quoted lines need nobody read? The middle of a quote of thousands.

Whoever answers below a mail of a megabyte has all of it above their answer, so a limit on what is
read must not be one on how far down an answer may stand.
"""

from itertools import groupby

_LONG = 400  # lines: nobody's question is so long
_ENDS = 100  # lines that are read at either end: what announces the quote, and what is answered


def without_middles(text: str) -> str:
    """Return a text with LF in which each long run of ``>`` lines has lost its middle.

    A quoted line says how many are left out. Blank lines between quoted ones go with them.
    """
    if not text.startswith(">") and "\n>" not in text:
        return text
    kept: list[str] = []
    for quoted, run in groupby(text.split("\n"), key=_is_of_a_quote):
        lines = list(run)
        if quoted and len(lines) > _LONG:
            left_out = len(lines) - 2 * _ENDS
            lines[_ENDS:-_ENDS] = [f"> ({left_out} quoted lines are left out)"]
        kept += lines
    return "\n".join(kept)


def _is_of_a_quote(line: str) -> bool:
    return line.startswith(">") or not line.strip()
