"""All that is read of a mail before anything is decided, one reader after another."""

from gateway.mail import guard, machine
from gateway.mail.attachments import gather
from gateway.mail.content.forms import form_of
from gateway.mail.envelope import Envelope
from gateway.mail.parse import parse
from gateway.mail.reports import read_report
from gateway.mail.token_scrub import scrub
from gateway.quote.extract import extract

ENVELOPE = Envelope("bo@example.net", ("r+token@reply.test",))


def read_all(raw: bytes) -> str:
    """Return what the guard refuses, or what the mail says."""
    problem = guard.inspect(raw)
    if problem is not None:
        return problem.what
    mail = parse(raw)
    mail = form_of(mail).mail
    machine.judge(mail, ENVELOPE)
    read_report(mail)
    gather(mail.message)
    return scrub(extract(mail.body).text)
