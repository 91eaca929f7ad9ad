"""All rules over one mail, the gravest findings first. No service is asked, nothing loaded."""

from core.check_finding import Finding, Gravity
from notifier.channels.email.mail_checks import body_checks, head_checks
from notifier.channels.email.mail_checks.body_checks import few
from notifier.channels.email.mail_checks.contrast import legible
from notifier.channels.email.mail_checks.examined import examined

RULES = (
    head_checks.sizes,
    head_checks.fields,
    head_checks.subject,
    head_checks.text_part,
    head_checks.macros,
    body_checks.links,
    body_checks.pictures,
    body_checks.active,
    body_checks.structure,
    legible,
)
_ORDER = tuple(Gravity)


def findings_of(raw: bytes) -> tuple[Finding, ...]:
    """Return what is found in a mail as it would leave, of each kind a few."""
    mail = examined(raw)
    found = [one for rule in RULES for one in few(rule(mail))]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.gravity)))
