"""How is a sample built? Octets of a mail in one of a few forms, the same octets every time."""

import base64
import hashlib
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr

_BOUNDARY = "=_4f7a1c"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail is made of. ``form``: see ``_FORMS``, and what it is of, after a space."""

    name: str
    author: tuple[str, str]
    subject: str | None
    text: str
    headers: tuple[str, ...] = ()
    form: str = "plain"
    answers: bool = True
    hops: int = 2


def octets(letter: Letter) -> bytes:
    """Write the mail."""
    form, _, of = letter.form.partition(" ")
    number = hashlib.sha256(letter.name.encode()).hexdigest()
    lines = [
        *(
            f"Received: from mx{hop}.harbour.example by mx{hop + 1}.harbour.example; "
            "Tue, 3 Mar 2026 09:05:17 +0000"
            for hop in range(letter.hops)
        ),
        f"From: {formataddr(letter.author, 'utf-8')}",
        "To: Harbour <r+token@notify.harbour.example>",
        "Date: Tue, 03 Mar 2026 10:05:17 +0100",
        f"Message-ID: <{number[:20]}@mail.harbour.example>",
        "MIME-Version: 1.0",
    ]
    if letter.subject is not None:
        lines.append(f"Subject: {_words(letter.subject)}")
    if letter.answers:
        lines += ["In-Reply-To: <7f3a@notify.harbour.example>"]
        lines += ["References: <c1@notify.harbour.example> <7f3a@notify.harbour.example>"]
    lines += [_header(line) for line in letter.headers]
    head = "\n".join(lines) + "\n"
    return (head + _FORMS[form](letter.text, of)).replace("\n", "\r\n").encode("ascii")


def _header(line: str) -> str:
    name, _, value = line.partition(":")
    return f"{name}: {_words(value.strip())}"


def _words(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode(linesep="\n")


def _leaf(kind: str, text: str, more: str = "") -> str:
    encoded = base64.encodebytes(text.encode()).decode()
    return f"Content-Type: {kind}\n{more}Content-Transfer-Encoding: base64\n\n{encoded}"


def _plain(text: str, of: str = "") -> str:
    return _leaf("text/plain; charset=utf-8", text)


def _many(kind: str, *parts: str, inside: str = "") -> str:
    mark = _BOUNDARY + inside
    body = "".join(f"--{mark}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n{body}--{mark}--\n'


def _alternative(text: str, of: str) -> str:
    return _many(
        "alternative", _plain(text), _leaf("text/html; charset=utf-8", f"<div>{text}</div>")
    )


def _event(of: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{of}\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n"


def _calendar(text: str, of: str) -> str:
    part = _leaf(f'text/calendar; charset="utf-8"; method={of}', _event(of))
    return _many("alternative", _plain(text), part)


def _only_calendar(text: str, of: str) -> str:
    return _leaf(f"text/calendar; method={of}; charset=utf-8", _event(of))


def _report(text: str, of: str, inside: str = "") -> str:
    status = f"Content-Type: message/{of}\n\nReporting-UA: harbour.example\n\n"
    kind = f'report; report-type="{of}"'
    return _many(kind, _plain(text), status, inside=inside)


def _bare_status(text: str, of: str) -> str:
    return f"Content-Type: message/{of}\n\nReporting-UA: harbour.example\n\n"


def _signed(text: str, of: str) -> str:
    signature = _leaf('application/pkcs7-signature; name="smime.p7s"', "signature")
    return _many("signed; protocol=x; micalg=sha-256", _plain(text), signature)


def _signed_report(text: str, of: str) -> str:
    signature = _leaf("application/pkcs7-signature", "signature")
    return _many("signed; micalg=sha-256", _report(text, of, inside="i"), signature)


def _wrapped_report(text: str, of: str) -> str:
    disclaimer = _plain("This message was scanned on its way.")
    return _many("mixed", _report(text, of, inside="i"), disclaimer)


def _invitation_file(text: str, of: str) -> str:
    method, _, disposition = of.partition(" ")
    more = f'Content-Disposition: {disposition}; filename="tide.ics"\n'
    part = _leaf(f'text/calendar; method={method}; name="tide.ics"', _event(method), more)
    return _many("mixed", _plain(text), part)


def _report_inside(text: str, of: str) -> str:
    report = _report("Gone", of, inside="i")
    inner = f"Content-Type: message/rfc822\n\nFrom: mailer-daemon@mx.example\n{report}"
    return _many("mixed", _plain(text), inner)


_FORMS = {
    "plain": _plain,
    "alternative": _alternative,
    "calendar": _calendar,
    "only-calendar": _only_calendar,
    "report": _report,
    "bare-status": _bare_status,
    "signed": _signed,
    "signed-report": _signed_report,
    "wrapped-report": _wrapped_report,
    "invitation-file": _invitation_file,
    "report-inside": _report_inside,
}
