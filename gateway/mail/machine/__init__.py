"""Did a machine write this? Rules in order (``table``); the first that matches names why.

A machine's mail is never posted. Most of it is discarded: answered 250 and recorded, because a
refusal would make the machine write again. What a person may be behind is held, not dropped. No
rule looks at ``X-Auto-Response-Suppress``: Outlook writes it on people's own mail.
"""

from gateway.mail.envelope import Envelope
from gateway.mail.machine.evidence import gather
from gateway.mail.machine.finding import Machine
from gateway.mail.machine.table import RULES
from gateway.mail.parse import Mail


def judge(mail: Mail, envelope: Envelope) -> Machine | None:
    """Return the first rule that says a machine wrote the mail, or None."""
    evidence = gather(mail, envelope)
    for rule in RULES:
        if rule.matches(evidence):
            return Machine(rule.reason, rule.name, rule.fate)
    return None
