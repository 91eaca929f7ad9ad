"""What does the author's domain ask of its mail, and which domains may speak for it? RFC 9989.

The record is looked for at the author's domain and then upwards, as RFC 9989, 4.10 says, with one
difference: the organizational domain comes from the public suffix list (``domains``), so a suffix
is never mistaken for somebody's domain because it publishes a record without ``psd=y``.

authheaders has a function for this. It reads the list anew for each question (96 ms), asks DNS
past the resolver it is given, and takes ``x@victim.com-evil.net`` to be of ``victim.com``.
"""

from dataclasses import dataclass

from gateway.authentication.domains import (
    aligned,
    is_public_suffix,
    organizational,
    upwards,
)
from gateway.authentication.resolver import Questions, RecordType, Unanswered

_WEAKER = {"reject": "quarantine", "quarantine": "none", "none": "none"}
_OCTETS = 4_096


@dataclass(frozen=True, slots=True)
class Demands:
    """What a domain asks: its policy (for the receipt only), and how closely names must agree."""

    author: str
    policy: str
    strict_spf: bool = False
    strict_dkim: bool = False
    within: str = ""

    def accepts(self, domain: str, *, strict: bool) -> bool:
        """Whether a proven domain speaks for the author."""
        inside = not self.within or domain == self.within or domain.endswith("." + self.within)
        return inside and aligned(self.author, domain, strict=strict)


def demands(author: str, questions: Questions) -> Demands | None:
    """Return what the author's domain asks, or None if it asks nothing. May raise Unanswered."""
    found, record = _applicable(author, questions)
    if record is None:
        return None
    policy = _policy(author, found, record, questions)
    if record.get("t") == "y" and policy:  # RFC 9989: a test asks for one step less
        policy = _WEAKER[policy]
    strict_spf, strict_dkim = record.get("aspf") == "s", record.get("adkim") == "s"
    return Demands(author, policy, strict_spf, strict_dkim, found if _ends(record) else "")


def _applicable(author: str, questions: Questions) -> tuple[str, dict[str, str] | None]:
    """Return the record that applies, and the domain it stands at."""
    found: list[tuple[str, dict[str, str]]] = []
    top = organizational(author)
    above: list[str] = []
    for domain in upwards(author):
        if domain != top and not domain.endswith("." + top):
            above.append(domain)
            continue
        record = record_of(domain, questions)
        if record is not None:
            found.append((domain, record))
            if _ends(record):
                break
    if found:
        return found[0] if found[0][0] == author else found[-1]
    for suffix in above[:1]:
        record = record_of(suffix, questions)
        if record is not None and record.get("psd") == "y" and is_public_suffix(suffix):
            return suffix, record
    return author, None


def record_of(domain: str, questions: Questions) -> dict[str, str] | None:
    """Return the tags of a domain's one record; two records count as none (RFC 7489, 6.6.3)."""
    texts = [
        text
        for text in questions.ask("_dmarc." + domain, RecordType.TXT)
        if text.partition(";")[0].replace(" ", "").replace("\t", "") == "v=DMARC1"
    ]
    if len(texts) != 1 or len(texts[0]) > _OCTETS:
        return None
    pairs = [part.partition("=") for part in texts[0].split(";")]
    tags = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
    if tags.get("p") not in _WEAKER:
        if not tags.get("rua", "").startswith("mailto:"):
            return None  # RFC 7489, 6.6.3: without a policy it must want reports
        tags["p"] = "none"
    return tags


def _policy(author: str, found: str, record: dict[str, str], questions: Questions) -> str:
    """Return the policy for the author's domain: ``p``, or below the record ``np`` or ``sp``."""
    if found == author:
        return record["p"]
    below = record.get("sp", "") if record.get("sp") in _WEAKER else record["p"]
    if record.get("np") in _WEAKER and not _exists(author, questions):
        return record["np"]
    return below


def _exists(domain: str, questions: Questions) -> bool:
    """Whether a domain has an address or takes mail (RFC 9091, 2.7); in doubt it has."""
    try:
        return any(
            questions.ask(domain, kind) for kind in (RecordType.A, RecordType.AAAA, RecordType.MX)
        )
    except Unanswered:
        return True


def _ends(record: dict[str, str]) -> bool:
    """Whether a record says that nothing above it matters."""
    return record.get("psd") == "n"
