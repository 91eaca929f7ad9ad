"""Who or what does the mail come from? Nobody, a robot, or ourselves.

A robot's address is one that is nothing else: ``noreply@``, ``noreply+7@``. People are called
Noreply-Smith, and a firm's sending service writes robots into the envelope of people's mail, so
only the author's address counts, and only whole.
"""

import re

from gateway.mail.machine.evidence import MachineEvidence

_MOST_HOPS = 50
_NOBODY = frozenset({"<>", "<mailer-daemon>", "< >"})
_FIRST_TOKEN = re.compile(r" ?(?:\([^()]{0,200}\) ?){0,5}([a-z0-9_-]*)")
_DAEMON = re.compile(r"(?:mailer-daemon|mail-daemon|mailerdaemon)(?:\+[^@]{0,64})?(?:@|$)")
_NO_REPLY = re.compile(
    r"(?:no-?_?reply|do-?_?not-?_?reply|noresponse|ne-?pas-?repondre|keine-?antwort"
    r"|no-?responder|nao-?responda|non-?rispondere)(?:\+[^@]{0,64})?@"
)
_ROBOTS = re.compile(
    r"(?:(?:autoresponder|autoreply|auto-reply|autoresponse)(?:\+[^@]{0,64})?@"
    r"|(?:calendar-notification|notification@boxbe|notify@boxbe|confirmation@spamarrest)"
    r"|mailman-bounces@|mailman-owner@|listserv@|majordomo@|sympa@)"
)
# The form of our addresses (core/address.py) and of our Message-IDs; neither is anybody else's.
_OUR_ADDRESS = re.compile(r"[rbu][+.][a-z2-7]{44}@")
_OUR_ID = re.compile(r"<?(?:n\.ntf_[a-z0-9]{10,40}|c\.[0-9a-f]{32})@")


def null_reverse_path(evidence: MachineEvidence) -> bool:
    """RFC 5321, 4.5.5: notifications have no return address. Postfix's pipe names the daemon."""
    path = evidence.envelope.reverse_path.strip().lower()
    return path in {"", *_NOBODY} or evidence.first("return-path") in _NOBODY


def our_own(evidence: MachineEvidence) -> bool:
    """Tell whether it is a mail of ours that came back, or comes from an address of ours."""
    return (
        bool(evidence.values("x-rejoinder-reason"))
        or _OUR_ID.match(evidence.first("message-id")) is not None
        or _OUR_ADDRESS.match(evidence.author) is not None
        or _OUR_ADDRESS.match(evidence.envelope.reverse_path.lower()) is not None
    )


def too_many_hops(evidence: MachineEvidence) -> bool:
    """RFC 5321, 6.3: a mail that came through so many servers goes round in a loop."""
    return len(evidence.headers.get("received", ())) > _MOST_HOPS


def auto_forwarded(evidence: MachineEvidence) -> bool:
    """Tell whether a machine sent somebody's mail on: some write so in Auto-Submitted."""
    return _submitted(evidence) == {"auto-forwarded"}


def auto_submitted(evidence: MachineEvidence) -> bool:
    """RFC 3834, 5: anything but ``no``, whatever comments and parameters stand around it."""
    return bool(_submitted(evidence) - {"no"})


def daemon(evidence: MachineEvidence) -> bool:
    """Tell whether a mail server's daemon is the author or the sender."""
    path = evidence.envelope.reverse_path.lower()
    return bool(_DAEMON.match(evidence.author) or _DAEMON.match(path))


def robot(evidence: MachineEvidence) -> bool:
    """Tell whether the author's address is a robot's."""
    return bool(_NO_REPLY.match(evidence.author) or _ROBOTS.match(evidence.author))


def robot_sender(evidence: MachineEvidence) -> bool:
    """Tell whether a robot sent it in somebody's name: calendars and list servers do."""
    address = evidence.first("sender").rpartition("<")[2]
    return bool(_ROBOTS.match(address))


def postmaster(evidence: MachineEvidence) -> bool:
    """Tell whether a postmaster writes: mostly a server, sometimes the person who runs it."""
    return evidence.author.startswith(("postmaster@", "post_master@", "post-master@"))


def _submitted(evidence: MachineEvidence) -> set[str]:
    """Return the first token of each Auto-Submitted header that says anything."""
    found = [_FIRST_TOKEN.match(value) for value in evidence.values("auto-submitted")]
    return {one.group(1) if one else "" for one in found}
