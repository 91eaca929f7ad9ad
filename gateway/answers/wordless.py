"""What do we say of a mail in which nothing is said? One row for each thing that was there instead.

Whoever wrote it may see words on their screen, so the sentence says what we saw, and then what
gets an answer through: a picture that is attached is posted, an answer without the quote cannot be
taken for one. The trap: advice that does not fit, such as to write above a quote there is none of.
All begin alike, for whoever looks for them in a mail server's log.
"""

from core.status import Status
from core.verdict import InsteadOfWords
from gateway.answers.row import AnswerRow

_NO_TEXT = "No new text was found in the mail"

WORDLESS: dict[InsteadOfWords, AnswerRow] = {
    InsteadOfWords.PICTURE: AnswerRow(
        Status(550, 6, 0),
        f"{_NO_TEXT}, only a picture. Please add a few words, or attach the picture as a file.",
        "A picture that is part of the page: too small for a photo, in the conversation already, "
        "or shown from elsewhere. A picture that was sent is posted.",
    ),
    InsteadOfWords.QUOTE: AnswerRow(
        Status(550, 6, 0),
        f"{_NO_TEXT}, only the quoted mail. Please write your answer and send it without the "
        "quote.",
        "All that it says is history, with or without a signature.",
    ),
    InsteadOfWords.SIGNATURE: AnswerRow(
        Status(550, 6, 0),
        f"{_NO_TEXT}, only a signature. Please write your answer and send it again.",
        "All that it says is a signature, a tagline, or a notice that was added.",
    ),
    InsteadOfWords.EMPTY_FILE: AnswerRow(
        Status(550, 6, 0),
        f"{_NO_TEXT}, only an attached file that is empty. Please attach it again, or write your "
        "answer.",
        "A file of no octets. Any other is posted, also without a word.",
    ),
    # RFC 3463, 3.7: X.6.1, media not supported.
    InsteadOfWords.UNREADABLE: AnswerRow(
        Status(550, 6, 1),
        f"{_NO_TEXT}: it is in a form that cannot be read here. Please send it as plain text.",
        "A form for one program alone, a piece of a mail, or text that holds no letters.",
    ),
    InsteadOfWords.NOTHING: AnswerRow(
        Status(550, 6, 0),
        f"{_NO_TEXT}: it is empty. Please write your answer and send it again.",
        "Nothing is written, and nothing is attached.",
    ),
}
