"""Is it one of many? Newsletters, and headers nobody has told us of yet.

The trap: mail gateways of firms and the programs of salespeople add ``List-Unsubscribe`` to what
people write. What answers another mail is no newsletter, so the header counts only where nothing
is answered.
"""

import re

from gateway.mail.machine.evidence import MachineEvidence

_VENDOR = re.compile(
    r"x-(?:[a-z0-9]{1,20}-){0,3}"
    r"(?:auto-?repl(?:y|ied)|auto-?respon(?:der|d|se)|auto-?generated|auto-?answer"
    r"|holiday-?reply|vacation(?:-reply)?|machine-?generated)"
)
_LONGEST_NAME = 100
_AFFIRMATIVE = frozenset({"yes", "true", "1", "on", "reply", "vacation", "auto-replied"})
_BULK = frozenset({"bulk", "list", "junk"})


def newsletter(evidence: MachineEvidence) -> bool:
    """Tell whether one can unsubscribe from it (RFC 2369, 3.2), and it answers nothing."""
    return bool(evidence.values("list-unsubscribe")) and not _answers(evidence)


def marked_bulk(evidence: MachineEvidence) -> bool:
    """Tell whether it says of itself that it is one of many."""
    return bool(_BULK.intersection(evidence.values("precedence")))


def vendor_header(evidence: MachineEvidence) -> bool:
    """Tell whether some header, of whatever product, says "auto-reply: yes"."""
    return any(
        not _AFFIRMATIVE.isdisjoint(evidence.values(name))
        for name in evidence.headers
        if name.startswith("x-") and _VENDOR.fullmatch(name[:_LONGEST_NAME]) is not None
    )


def _answers(evidence: MachineEvidence) -> bool:
    """Tell whether it is an answer (RFC 5322, 3.6.4)."""
    return bool(evidence.values("in-reply-to") or evidence.values("references"))
