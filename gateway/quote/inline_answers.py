"""Does somebody say that their answers stand further down: "my comments are in blue below"?

Where nothing marks a quote line by line, their answers look like the mail they answer. Colours are
no evidence, for a mail has those of its older turns, too: so after such a sentence everything is
kept that we did not send ourselves.

The trap: "do you have it in blue?" says nothing of answers, so the sentence must name both.
"""

from gateway.quote.line import Line, asked_once
from gateway.quote.sheet import Sheet
from gateway.quote.words import pattern, stems

_LOOK_BACK = 40  # lines
_LONGEST = 400  # characters of a line


def answers_below(sheet: Sheet, end: int) -> bool:
    """Tell whether the sender's own lines above one say that they answer below it."""
    above = range(max(0, end - _LOOK_BACK), end)
    return any(sheet.written(at) and _says_so(sheet.lines[at]) for at in above)


@asked_once
def _says_so(line: Line) -> bool:
    """Whether a line names answers, and where they are or how they look."""
    text = line.folded[:_LONGEST]
    if pattern("inline_answers", "answers", text).search(text) is None:
        return False
    return stems("inline_answers", "places", text).search(text) is not None
