"""What do we say for each reason of a verdict? The first half of the table of answers.

The sentence is read by the person whose mail came back, inside a bounce their own server wrote:
it says what happened and what to do, and nothing of how we work. Unknown, forged and revoked
addresses share one row, so that a guess learns nothing (design, 5.1). Bare newlines have no
enhanced code of their own in the IANA registry (RFC 5248), hence X.6.0.
"""

from core.status import Status
from core.verdict import InsteadOfWords, Reason
from gateway.answers.row import AnswerRow
from gateway.answers.wordless import WORDLESS

_RECEIVED = "Received, thank you."
_AUTOMATIC = "Automatic mail is not taken at this address; only a person can answer here."
_TRY_LATER = "Something went wrong on our side. Please keep the mail and try again later."

VERDICTS: dict[Reason, AnswerRow] = {
    # accepted
    Reason.POSTED: AnswerRow(Status(250, 0, 0), _RECEIVED, "The reply was posted and is on disk."),
    Reason.REACTED: AnswerRow(
        Status(250, 0, 0), _RECEIVED, "The emoji of the mail is a reaction to a message now."
    ),
    Reason.DUPLICATE: AnswerRow(
        Status(250, 0, 0), _RECEIVED, "The same mail was taken before, also by another way."
    ),
    Reason.BOUNCE_RECORDED: AnswerRow(Status(250, 0, 0), _RECEIVED, "A delivery came back."),
    Reason.REPORT_RECORDED: AnswerRow(
        Status(250, 0, 0), _RECEIVED, "A delivery report was recorded: a delay, or an arrival."
    ),
    Reason.COMPLAINT_RECORDED: AnswerRow(Status(250, 0, 0), _RECEIVED, "A complaint was recorded."),
    Reason.OPTED_OUT: AnswerRow(
        Status(250, 0, 0), "Done: you will get no more of these mails.", "An opt-out was recorded."
    ),
    Reason.KEPT_FOR_OPERATOR: AnswerRow(
        Status(250, 0, 0), _RECEIVED, "Mail for postmaster@ or abuse@ was kept for the operator."
    ),
    # nobody we know, or not theirs to say
    Reason.UNKNOWN_ADDRESS: AnswerRow(
        Status(550, 1, 1),
        "There is nobody at this address. Please answer to the latest mail you got from us, "
        "or on the web page it links to.",
        "RCPT with a token that is unknown, forged or revoked: one text for all three.",
    ),
    Reason.RELAY_DENIED: AnswerRow(
        Status(550, 7, 1),
        "This server takes mail for its own domain only.",
        "RCPT for a domain that is not ours.",
    ),
    Reason.NO_ACCESS: AnswerRow(
        Status(550, 7, 1),
        "You may no longer write in this conversation.",
        "The token is right and its owner may only read, or was removed.",
    ),
    Reason.SENDER_MISMATCH: AnswerRow(
        Status(550, 7, 1),
        "This address takes mail from the person it was made for only. Please write from the "
        "address at which you got our mail.",
        "The From address is not the owner's, or it was not authenticated.",
    ),
    Reason.SENDER_UNPROVEN: AnswerRow(
        Status(550, 7, 26),
        "It could not be proven that the mail comes from the address in its From field. Please "
        "write through the mail server of your own domain.",
        "DMARC fails for the From address (RFC 7372, 3.3). The reply is held; this is said only "
        "where a hundred wait at the address already.",
    ),
    Reason.SENDER_UNCHECKED: AnswerRow(
        Status(451, 4, 3),
        "The sender cannot be checked now, because DNS does not answer. Please try again later.",
        "DMARC cannot be evaluated for now.",
    ),
    Reason.ONE_TOKEN: AnswerRow(
        Status(452, 5, 3),
        "One reply address at a time, please: send the mail to the others separately.",
        "RCPT with a second reply address in one transaction (SMTP; LMTP answers each).",
    ),
    # the mail itself
    Reason.TOO_BIG: AnswerRow(
        Status(552, 3, 4),
        "The mail is too big. Please send it with smaller or fewer attachments.",
        "MAIL with a SIZE over the limit, or content that grows over it.",
    ),
    Reason.MALFORMED: AnswerRow(
        Status(550, 6, 0),
        "The mail is not in a form that can be read. Please send it from another program.",
        "The content is not a mail by RFC 5322 and RFC 2045.",
    ),
    Reason.TOO_COMPLEX: AnswerRow(
        Status(550, 6, 0),
        "The mail is built too intricately to be read. Please send it as plain text.",
        "Too many parts, levels, headers or parameters.",
    ),
    Reason.NOTHING_TO_SAY: WORDLESS[InsteadOfWords.NOTHING],
    Reason.BARE_NEWLINE: AnswerRow(
        Status(550, 6, 0),
        "The mail has lines that do not end in CR LF (RFC 5321, 2.3.8). Please tell the "
        "operator of your mail server.",
        "A CR without LF or an LF without CR in the content: the matter SMTP smuggling is made of.",
    ),
    Reason.LINE_TOO_LONG: AnswerRow(
        Status(550, 6, 0),
        "The mail has a line that is far too long (RFC 5321, 4.5.3.1.6).",
        "A line of the content over the hard limit (64 KB by default).",
    ),
    Reason.LOOP: AnswerRow(
        Status(554, 4, 6),
        "The mail has been here before: it goes round in a loop.",
        "Our own loop header, or too many Received headers.",
    ),
    Reason.ENCRYPTED: AnswerRow(
        Status(550, 6, 1),
        "The mail is encrypted and cannot be read here. Please send it unencrypted.",
        "Opaque S/MIME or OpenPGP without a readable part.",
    ),
    Reason.RICH_TEXT: AnswerRow(
        Status(550, 6, 1),
        "The mail is in Outlook's rich text format, which cannot be read here. Please send it as "
        "HTML or as plain text.",
        "A winmail.dat (TNEF) with a body in compressed RTF and nothing else.",
    ),
    # written by a machine
    Reason.NULL_REVERSE_PATH: AnswerRow(
        Status(550, 7, 1), _AUTOMATIC, "The reverse-path is empty."
    ),
    Reason.AUTO_SUBMITTED: AnswerRow(
        Status(550, 7, 1), _AUTOMATIC, "Auto-Submitted says so (RFC 3834, 5)."
    ),
    Reason.REPORT: AnswerRow(
        Status(550, 7, 1), _AUTOMATIC, "A report that comes to no address we gave out for reports."
    ),
    Reason.NO_REPORT: AnswerRow(
        Status(550, 7, 1),
        _AUTOMATIC,
        "A mail to the address for delivery reports that is none. It is taken and kept.",
    ),
    Reason.READ_RECEIPT: AnswerRow(Status(550, 7, 1), _AUTOMATIC, "A disposition notification."),
    Reason.AUTO_REPLY_HEADER: AnswerRow(
        Status(550, 7, 1), _AUTOMATIC, "A header that auto-responders write."
    ),
    Reason.MAILING_LIST: AnswerRow(Status(550, 7, 1), _AUTOMATIC, "The mail came through a list."),
    Reason.AUTO_REPLY_SUBJECT: AnswerRow(
        Status(550, 7, 1), _AUTOMATIC, "A subject that auto-responders write."
    ),
    Reason.CALENDAR: AnswerRow(
        Status(550, 7, 1), _AUTOMATIC, "An answer to an invitation without words of a person."
    ),
    Reason.REACTION_NOTICE: AnswerRow(
        Status(550, 7, 1),
        "Reactions are not taken at this address; please answer in words.",
        "A mail program's words about a reaction, without a part that says which. It is held.",
    ),
    Reason.REACTION_UNPLACED: AnswerRow(
        Status(550, 7, 1),
        "There is no message here that the reaction could be for; please answer in words.",
        "A reaction that answers no mail of ours to this person. It is taken and not posted.",
    ),
    Reason.BREAKER: AnswerRow(
        Status(451, 7, 1),
        "Too many mails in this conversation in a short time. Please try again later.",
        "More mails from one person in one conversation than a person writes.",
    ),
    # ours
    Reason.QUARANTINED: AnswerRow(
        Status(451, 3, 0),
        _TRY_LATER,
        "A mail that the process has died of three times. It is taken, kept unread, and waits for "
        "the operator.",
    ),
    Reason.STORAGE_UNAVAILABLE: AnswerRow(
        Status(451, 3, 0), _TRY_LATER, "The mail cannot be written to disk now."
    ),
    Reason.STORAGE_FULL: AnswerRow(
        Status(452, 3, 1),
        "There is no room for the mail now. Please keep it and try again later.",
        "The disk of the database or of the files is full (RFC 3463, 3.4).",
    ),
    Reason.SHUTTING_DOWN: AnswerRow(
        Status(421, 3, 2),
        "This server is about to restart. Please try again in a minute.",
        "The process was asked to stop.",
    ),
    Reason.OPERATOR_BUSY: AnswerRow(
        Status(452, 3, 1),
        "Too much mail for the operator today. Please try again later.",
        "postmaster@ and abuse@ have had as much in a day as is kept for them.",
    ),
    Reason.DAY_SPENT: AnswerRow(
        Status(452, 2, 2),
        "As much mail has come to this address today as it takes in a day. Please keep the mail "
        "and try again tomorrow.",
        "The address's budget of mails or octets for the day is spent (`budgets`); RCPT or DATA "
        "(RFC 3463, 3.3).",
    ),
    Reason.INTERNAL_ERROR: AnswerRow(
        Status(451, 3, 0), _TRY_LATER, "A bug of ours; the reference names the line in our log."
    ),
}
