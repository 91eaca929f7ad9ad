"""Which forms of mail are there that are neither text nor HTML, and what becomes of each?

The first that matches decides; one that is in no row is read as it is. Reports, receipts and
answers to invitations are machines' mail and judged there (``gateway/mail/machine``), also when
they come in an envelope that is opened here: judge the form's mail, not the one that came.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import Message

from core.verdict import Discard, Reason, Reject
from gateway.mail import guard
from gateway.mail.body import read_body
from gateway.mail.content import cms, pgp, tnef
from gateway.mail.content.form import Form
from gateway.mail.content.names import wished_name
from gateway.mail.content.parts import leaves, octets_of
from gateway.mail.content.text_choice import chosen
from gateway.mail.parse import Mail, message_of

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_RIGHTS = "application/x-microsoft-rpmsg-message"
_ENVELOPE_NAMES = frozenset({"smime.p7m", "smime.p7z", ""})
_WINMAIL = frozenset({"winmail.dat", "win.dat"})
_PLAIN = frozenset({"text/plain", "text/html", "multipart/alternative"})
_MOST_ENVELOPES = 3
_MEETING = re.compile(r"ipm\.(?:microsoft )?schedule\.(?:meeting\.resp|mtgresp)", re.IGNORECASE)
_REPORT = re.compile(r"report\.|ipm\.microsoft mail\.read receipt", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FormRule:
    """One form: its name, and a reader that returns None where a mail has not this form."""

    name: str
    becomes: str
    read: Callable[[Mail], Form | None]


def form_of(mail: Mail) -> Form:
    """Return what becomes of a mail by its form alone. Pure; never raises for a mail's fault."""
    said = mail.body.text or "", mail.body.html or ""
    if mail.content_type in _PLAIN and not any("-----BEGIN PGP" in one for one in said):
        return Form("ordinary", mail)  # nearly every mail
    for _ in range(_MOST_ENVELOPES):
        form = next((found for rule in FORMS if (found := rule.read(mail))), None)
        if form is None:
            return Form("ordinary", mail)
        if form.verdict is not None or form.name != _OPENED:
            return form
        mail = form.mail  # what was signed may be another envelope
    return Form("nested envelopes", mail, Reject(Reason.TOO_COMPLEX, "nested envelopes"))


def _smime(mail: Mail) -> Form | None:
    """Open a signed envelope; refuse a secret one. One that is attached as a file is a file."""
    part = _root(mail.message)
    if part.get_content_type() not in _SMIME:
        return None
    envelope = cms.open_envelope(octets_of(part))
    match envelope.sort:
        case cms.Sort.ENCRYPTED:
            return Form("S/MIME, encrypted", mail, Reject(Reason.ENCRYPTED, "S/MIME"))
        case cms.Sort.UNREADABLE:
            return Form("S/MIME, broken", mail, Reject(Reason.MALFORMED, "S/MIME"))
        case cms.Sort.SIGNED:
            return _opened(mail, envelope.content) if envelope.content else None


def _pgp_mime(mail: Mail) -> Form | None:
    """Refuse OpenPGP/MIME (RFC 3156), also where a server has taken its outer type for mixed."""
    kinds = [part.get_content_type() for part, _ in leaves(mail.message)]
    if mail.content_type == "multipart/encrypted" or kinds[:1] == ["application/pgp-encrypted"]:
        return Form("OpenPGP, encrypted", mail, Reject(Reason.ENCRYPTED, "OpenPGP"))
    return None


def _pgp_inline(mail: Mail) -> Form | None:
    """Refuse a text that is one OpenPGP message; take the armour off one that is signed."""
    text = mail.body.text or ""
    if pgp.is_encrypted(text):
        return Form("OpenPGP, encrypted", mail, Reject(Reason.ENCRYPTED, "OpenPGP"))
    html = mail.body.html
    signed = pgp.signed_text(text) if html is None or "BEGIN PGP SIGNED" in html else None
    if signed is None:
        page = pgp.signed_page(html) if html is not None and not text.strip() else None
        if page is None:
            return None
        return Form("OpenPGP, signed", replace(mail, body=replace(mail.body, html=page)))
    # The armour is in the page, too, where its lines cannot be told as surely.
    return Form("OpenPGP, signed", replace(mail, body=replace(mail.body, text=signed, html=None)))


def _rights(mail: Mail) -> Form | None:
    """Refuse what only a reader with rights may open (Microsoft's message.rpmsg)."""
    if any(part.get_content_type() == _RIGHTS for part, _ in leaves(mail.message)):
        return Form("rights-protected", mail, Reject(Reason.ENCRYPTED, "rights-protected"))
    return None


def _outlook(mail: Mail) -> Form | None:
    """Read a winmail.dat: its text where the mail has none beside it; its files are files."""
    part = next((one for one, _ in leaves(mail.message) if is_winmail(one)), None)
    found = tnef.unpack(octets_of(part)) if part is not None else None
    if found is None:
        return None
    if _MEETING.match(found.message_class):
        return Form("TNEF, calendar answer", mail, Discard(Reason.CALENDAR, "TNEF"))
    if _REPORT.match(found.message_class):
        return Form("TNEF, report", mail, Discard(Reason.READ_RECEIPT, "TNEF"))
    if (mail.body.text or mail.body.html or "").strip():
        return Form("TNEF", mail)
    body = replace(mail.body, text=found.text or None, html=found.html or None)
    if not found.text.strip() and not found.html.strip() and found.rich:
        # Also with files beside it: what it says cannot be read, and would be lost.
        return Form("TNEF, rich text alone", mail, Reject(Reason.RICH_TEXT, "TNEF"))
    return Form("TNEF", replace(mail, body=body))


_OPENED = "S/MIME, signed"

FORMS: tuple[FormRule, ...] = (
    FormRule("S/MIME envelope", "signed: opened and read; encrypted or broken: refused", _smime),
    FormRule("OpenPGP/MIME, encrypted", "refused", _pgp_mime),
    FormRule("rights-protected", "refused", _rights),
    FormRule(
        "OpenPGP in the text", "encrypted: refused; signed: read without its armour", _pgp_inline
    ),
    FormRule("TNEF", "text and files unpacked; text in RTF alone: refused", _outlook),
)


def is_winmail(part: Message) -> bool:
    """Tell whether a part is Outlook's envelope, also when it travels under another type."""
    if part.get_content_type() in tnef.KINDS:
        return True
    if part.get_content_maintype() != "application":
        return False
    return wished_name(part).lower() in _WINMAIL and tnef.is_tnef(octets_of(part))


def _root(message: Message) -> Message:
    """Return the mail itself, or what a server's footer was put under."""
    first = next(iter(leaves(message)))[0]
    name = wished_name(first).lower() if first is not message else ""
    attached = first is not message and name not in _ENVELOPE_NAMES
    return message if attached else first


def _opened(mail: Mail, content: bytes) -> Form:
    """Read what was signed, under the headers of the mail that came."""
    content = content.lstrip(b"\r\n") if content.startswith((b"\r", b"\n")) else content
    problem = guard.inspect(content)
    if problem is not None:
        return Form(_OPENED, mail, Reject(Reason.TOO_COMPLEX, problem.what))
    inner = message_of(content)
    own = [(n, v) for n, v in inner.raw_items() if n.lower().startswith("content-")]
    for name in {name.lower() for name in inner}:
        del inner[name]
    outer = [(n, v) for n, v in mail.message.raw_items() if not n.lower().startswith("content-")]
    for header, value in [*outer, *own]:
        inner.set_raw(header, value)
    parts = chosen(inner)
    opened = replace(mail, message=inner, body=read_body(inner, parts, mail.language), parts=parts)
    return Form(_OPENED, opened)
