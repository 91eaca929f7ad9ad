"""What is wrong with the header, the subject, the lengths? Of a mail as it would leave."""

import re
import unicodedata
from collections.abc import Iterator

from core.check_finding import Finding, Gravity
from notifier.channels.email.mail_checks.examined import ExaminedMail, seen

_HTML_CLIPPED = 102_000  # octets of HTML after which Gmail hides the rest
_HTML_LARGE = 60_000
_MAIL_LARGE = 500_000
_HARD = 998  # RFC 5322, 2.1.1
_HEAD_LARGE = 16_384
_SUBJECT_LONG = 100
_NEEDED = ("From", "To", "Date", "Message-ID", "Subject")
_SHOUTED = re.compile(r"[!?]{2,}|[$€£]{2,}|!\s*$")
_ADDRESS = re.compile(r"@[\w-]+(?:\.[\w-]+)+")
_MACRO = re.compile(r"\{\{[^{}]{0,80}\}\}|\{%[^%]{0,80}%\}")
_FEWEST_LETTERS = 8


def sizes(mail: ExaminedMail) -> Iterator[Finding]:
    """Find what is too long: the HTML part, the mail, a line, the header."""
    html = len((mail.html or "").encode())
    if html > _HTML_LARGE:
        clipped = html > _HTML_CLIPPED
        yield Finding(
            "html_large",
            Gravity.ERROR if clipped else Gravity.WARNING,
            f"The HTML part has {html:,} octets; Gmail hides what is behind some 102,000.",
            "Say less in the header, the footer or the theme, and keep style sheets short.",
        )
    if len(mail.raw) > _MAIL_LARGE:
        yield Finding(
            "mail_large", Gravity.WARNING, f"The mail has {len(mail.raw):,} octets.",
            "Link to pictures instead of writing them into the page.",
        )  # fmt: skip
    if (longest := max(map(len, mail.raw.split(b"\r\n")))) > _HARD:
        yield Finding(
            "line_too_long", Gravity.ERROR, f"A line has {longest} octets, and 998 are allowed.",
            "This is a fault of Rejoinder's: please report it (RFC 5322, 2.1.1).",
        )  # fmt: skip
    if (head := sum(len(name) + len(value) for name, value in mail.fields)) > _HEAD_LARGE:
        yield Finding(
            "header_large", Gravity.WARNING, f"The header has {head:,} characters.",
            "Shorten the subject and the names.",
        )  # fmt: skip


def fields(mail: ExaminedMail) -> Iterator[Finding]:
    """Find header fields that are missing, or that filters hold against a mail."""
    for name in _NEEDED:
        if not mail.field(name):
            yield Finding(
                "field_missing", Gravity.ERROR, f"The mail has no {name}.",
                "Give the app a name, and the conversation or the role a subject.",
            )  # fmt: skip
    if _ADDRESS.search((mail.field("From") or "").partition("<")[0]):
        yield Finding(
            "address_in_name", Gravity.WARNING, "The name in From holds an address of its own.",
            "Take the address out of `from_name` or of the app's name: filters call it forged.",
        )  # fmt: skip
    if not mail.field("DKIM-Signature"):
        yield Finding(
            "not_signed", Gravity.WARNING, "The mail carries no DKIM signature.",
            "Set `dkim.domain` and `dkim.key_file` (`rejoinder init` makes a key), and publish "
            "what `rejoinder dns` prints; or let the relay sign.",
        )  # fmt: skip
    if "https://" not in (mail.field("List-Unsubscribe") or ""):
        yield Finding(
            "opt_out_not_https", Gravity.ERROR,
            "List-Unsubscribe has no https address, so no mail program offers one click.",
            "Set `http.public_url` to the https address at which people reach Rejoinder.",
        )  # fmt: skip


def subject(mail: ExaminedMail) -> Iterator[Finding]:
    """Find a subject that shouts, is long, or says little."""
    said = mail.subject.removeprefix("Re: ")
    cased = [one for one in said if unicodedata.category(one) in {"Lu", "Ll"}]
    upper = sum(one.isupper() for one in cased)
    if len(cased) >= _FEWEST_LETTERS and upper * 10 > len(cased) * 7:
        yield Finding(
            "subject_shouts", Gravity.WARNING, "The subject is written in capitals.",
            "Write it as a sentence: filters count capitals, and readers do, too.",
        )  # fmt: skip
    if _SHOUTED.search(said):
        yield Finding(
            "subject_marks", Gravity.NOTE,
            "The subject ends in an exclamation mark, or has several marks in a row.",
            "Say it without: it is what filters expect of advertising.",
        )  # fmt: skip
    if len(said) > _SUBJECT_LONG:
        yield Finding(
            "subject_long", Gravity.NOTE,
            f"The subject has {len(said)} characters; an inbox shows about 40 to 70.",
            "Put what matters first.",
        )  # fmt: skip


def text_part(mail: ExaminedMail) -> Iterator[Finding]:
    """Find a text part that is missing, or says much less than the HTML."""
    html = seen(_words(mail))
    text = seen(mail.text or "")
    if not text:
        yield Finding(
            "text_missing", Gravity.ERROR, "The mail has no text part, or an empty one.",
            "Leave the theme's text template out, or let it say what the HTML says.",
        )  # fmt: skip
    elif len(text) * 3 < len(html):
        yield Finding(
            "text_short", Gravity.WARNING,
            f"The text part says {len(text)} characters, the HTML {len(html)}.",
            "Let both say the same: filters compare them, and some people read the text only.",
        )  # fmt: skip


def macros(mail: ExaminedMail) -> Iterator[Finding]:
    """Find what looks like a macro or a tag that nobody filled in."""
    for where, said in (
        ("subject", mail.subject),
        ("text", mail.text or ""),
        ("HTML", _words(mail)),
    ):
        if found := _MACRO.search(said):
            yield Finding(
                "macro_left", Gravity.WARNING, f"The {where} shows {found[0]!r} as it stands.",
                "A value that holds braces is shown so; if a template should say it, see "
                "docs/templates.md for what there is.",
            )  # fmt: skip


def _words(mail: ExaminedMail) -> str:
    body = mail.tree.body if mail.tree is not None else None
    return "" if body is None else body.text(separator=" ")
