"""What does the session say of itself? The second half of the table of answers.

These are the replies of the dialogue that no verdict is behind: greetings, orders of commands,
limits and timeouts. Most are read by programs, so they name what is wrong with the command.
"""

from enum import StrEnum

from core.status import Status
from gateway.answers.row import AnswerRow


class Occasion(StrEnum):
    """When the session speaks for itself."""

    GREETING = "greeting"
    HELLO = "hello"
    GO_AHEAD = "go_ahead"
    READY_FOR_TLS = "ready_for_tls"
    GOODBYE = "goodbye"
    OK = "ok"
    SENDER_OK = "sender_ok"
    RECIPIENT_OK = "recipient_ok"
    CHUNK_OK = "chunk_ok"
    HELP = "help"
    CANNOT_VERIFY = "cannot_verify"

    UNKNOWN_COMMAND = "unknown_command"
    NOT_IMPLEMENTED = "not_implemented"
    BAD_LINE_END = "bad_line_end"
    COMMAND_TOO_LONG = "command_too_long"
    BAD_CHARACTERS = "bad_characters"
    BAD_ARGUMENT = "bad_argument"
    UNKNOWN_PARAMETER = "unknown_parameter"
    BAD_SENDER = "bad_sender"
    BAD_RECIPIENT = "bad_recipient"
    NEEDS_SMTPUTF8 = "needs_smtputf8"
    HELLO_FIRST = "hello_first"
    LHLO_ONLY = "lhlo_only"
    MAIL_FIRST = "mail_first"
    RECIPIENT_FIRST = "recipient_first"
    MAIL_TWICE = "mail_twice"
    CHUNKS_BEGUN = "chunks_begun"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    TLS_UNAVAILABLE = "tls_unavailable"
    TLS_ALREADY = "tls_already"

    EARLY_TALKER = "early_talker"
    NOT_THROUGH_PROXY = "not_through_proxy"
    NOT_A_WEB_SERVER = "not_a_web_server"
    TOO_MANY_SESSIONS = "too_many_sessions"
    TOO_MANY_FROM_NETWORK = "too_many_from_network"
    MADE_ROOM = "made_room"
    MEMORY_FULL = "memory_full"
    TOO_MANY_BAD_COMMANDS = "too_many_bad_commands"
    TOO_MANY_BAD_RECIPIENTS = "too_many_bad_recipients"
    TOO_MANY_IDLE_COMMANDS = "too_many_idle_commands"
    IDLE = "idle"
    TOO_SLOW = "too_slow"
    LIFETIME_OVER = "lifetime_over"


_ORDER = "Commands in the wrong order: {} first."

OCCASIONS: dict[Occasion, AnswerRow] = {
    # all is well
    Occasion.GREETING: AnswerRow(
        Status(220, 0, 0), "Rejoinder at your service.", "The connection was made.", bare=True
    ),
    Occasion.HELLO: AnswerRow(
        Status(250, 0, 0), "Pleased to meet you.", "HELO, EHLO or LHLO.", bare=True
    ),
    Occasion.GO_AHEAD: AnswerRow(
        Status(354, 0, 0), "Send the mail, and a line with one dot as its end.", "DATA.", bare=True
    ),
    Occasion.READY_FOR_TLS: AnswerRow(Status(220, 0, 0), "Ready to start TLS.", "STARTTLS."),
    Occasion.GOODBYE: AnswerRow(Status(221, 0, 0), "Goodbye.", "QUIT."),
    Occasion.OK: AnswerRow(Status(250, 0, 0), "All right.", "NOOP or RSET."),
    Occasion.SENDER_OK: AnswerRow(Status(250, 1, 0), "Sender noted.", "MAIL."),
    Occasion.RECIPIENT_OK: AnswerRow(Status(250, 1, 5), "Recipient noted.", "RCPT."),
    Occasion.CHUNK_OK: AnswerRow(
        Status(250, 0, 0), "Chunk received.", "BDAT that is not the last."
    ),
    Occasion.HELP: AnswerRow(
        Status(214, 0, 0), "See RFC 5321 for the commands, and postmaster@ for people.", "HELP."
    ),
    Occasion.CANNOT_VERIFY: AnswerRow(
        Status(252, 0, 0), "Addresses are not verified here; send the mail and see.", "VRFY."
    ),
    # the command
    Occasion.UNKNOWN_COMMAND: AnswerRow(
        Status(500, 5, 1), "This command is not known here.", "An unknown command."
    ),
    Occasion.NOT_IMPLEMENTED: AnswerRow(
        Status(502, 5, 1), "This command is not offered here.", "EXPN, AUTH, TURN, ETRN, SEND."
    ),
    Occasion.BAD_LINE_END: AnswerRow(
        Status(500, 5, 2),
        "A command ends in CR LF and holds neither of them (RFC 5321, 2.3.8).",
        "A bare CR or LF in a command.",
    ),
    Occasion.COMMAND_TOO_LONG: AnswerRow(
        Status(500, 5, 2), "This command is too long.", "A command line over the limit."
    ),
    Occasion.BAD_CHARACTERS: AnswerRow(
        Status(501, 5, 2),
        "A command holds printable characters, in ASCII or UTF-8.",
        "Control characters, or bytes that are no UTF-8, in a command.",
    ),
    Occasion.BAD_ARGUMENT: AnswerRow(
        Status(501, 5, 4), "This command is not written like that.", "A wrong argument."
    ),
    Occasion.UNKNOWN_PARAMETER: AnswerRow(
        Status(555, 5, 4), "A parameter of this command is not known here.", "MAIL or RCPT."
    ),
    Occasion.BAD_SENDER: AnswerRow(
        Status(553, 1, 7), "This is not an address mail can come from.", "MAIL."
    ),
    Occasion.BAD_RECIPIENT: AnswerRow(
        Status(553, 1, 3), "This is not an address mail can go to.", "RCPT."
    ),
    Occasion.NEEDS_SMTPUTF8: AnswerRow(
        Status(553, 6, 7),
        "An address outside ASCII needs MAIL with SMTPUTF8 (RFC 6531).",
        "MAIL or RCPT with such an address in a mail that did not say so.",
    ),
    Occasion.HELLO_FIRST: AnswerRow(Status(503, 5, 1), _ORDER.format("EHLO"), "MAIL before EHLO."),
    Occasion.LHLO_ONLY: AnswerRow(
        Status(500, 5, 1),
        "LMTP begins with LHLO and SMTP with EHLO (RFC 2033, 4.1).",
        "EHLO or HELO spoken to the LMTP listener, LHLO to the SMTP one.",
    ),
    Occasion.MAIL_FIRST: AnswerRow(Status(503, 5, 1), _ORDER.format("MAIL"), "RCPT before MAIL."),
    Occasion.RECIPIENT_FIRST: AnswerRow(
        Status(503, 5, 1), _ORDER.format("RCPT"), "DATA or BDAT without an accepted recipient."
    ),
    Occasion.MAIL_TWICE: AnswerRow(
        Status(503, 5, 1), "Another mail is under way; RSET ends it.", "A second MAIL."
    ),
    Occasion.CHUNKS_BEGUN: AnswerRow(
        Status(503, 5, 1),
        "The mail has begun with BDAT; its last BDAT or RSET ends it (RFC 3030).",
        "DATA, MAIL or RCPT between chunks, or a BDAT after one that failed.",
    ),
    Occasion.TOO_MANY_RECIPIENTS: AnswerRow(
        Status(452, 5, 3),
        "Too many recipients; send the mail to the others separately.",
        "More RCPT in one transaction than the limit (100 by default).",
    ),
    Occasion.TLS_UNAVAILABLE: AnswerRow(
        Status(502, 5, 1), "TLS is not offered here.", "STARTTLS without a certificate."
    ),
    Occasion.TLS_ALREADY: AnswerRow(Status(503, 5, 1), "TLS is on already.", "STARTTLS under TLS."),
    # limits and timeouts
    Occasion.EARLY_TALKER: AnswerRow(
        Status(554, 5, 1),
        "Your mail server speaks before it was answered (RFC 2920, 3.1).",
        "Octets before the greeting; then we hang up.",
    ),
    Occasion.NOT_THROUGH_PROXY: AnswerRow(
        Status(554, 7, 1),
        "This port is for the proxy in front of it.",
        "smtp.proxy_protocol is on, and the peer is no trusted network or sends no valid header.",
    ),
    Occasion.NOT_A_WEB_SERVER: AnswerRow(
        Status(554, 5, 1), "This is a mail server.", "GET, POST and their like; then we hang up."
    ),
    Occasion.TOO_MANY_SESSIONS: AnswerRow(
        Status(421, 3, 2), "Too busy now, please try again later.", "As many sessions as may be."
    ),
    Occasion.TOO_MANY_FROM_NETWORK: AnswerRow(
        Status(421, 7, 0),
        "Too many connections from your network at once, please try again later.",
        "As many sessions from one network (an IPv4 /24, an IPv6 /64) as may be.",
    ),
    Occasion.MADE_ROOM: AnswerRow(
        Status(421, 3, 2),
        "Too busy now to wait for you, please try again later.",
        "All sessions are taken, and this one was silent longest.",
    ),
    Occasion.MEMORY_FULL: AnswerRow(
        Status(452, 3, 1),
        "Too many big mails at once, please try again later.",
        "The contents being received together exceed what may be held in memory.",
    ),
    Occasion.TOO_MANY_BAD_COMMANDS: AnswerRow(
        Status(421, 7, 0), "Too many commands that make no sense, goodbye.", "The limit of these."
    ),
    Occasion.TOO_MANY_BAD_RECIPIENTS: AnswerRow(
        Status(421, 7, 0), "Too many addresses that do not exist, goodbye.", "The limit of these."
    ),
    Occasion.TOO_MANY_IDLE_COMMANDS: AnswerRow(
        Status(421, 7, 0), "Too many commands without a mail, goodbye.", "NOOP, RSET, VRFY, EHLO."
    ),
    Occasion.IDLE: AnswerRow(
        Status(421, 4, 2), "You were silent too long, goodbye.", "No command for the idle limit."
    ),
    Occasion.TOO_SLOW: AnswerRow(
        Status(421, 4, 2),
        "The mail comes in too slowly, please try again.",
        "Content under the minimum rate.",
    ),
    Occasion.LIFETIME_OVER: AnswerRow(
        Status(421, 4, 2),
        "This session has lasted too long, please begin another.",
        "Over the limit, with no mail under way.",
    ),
}
