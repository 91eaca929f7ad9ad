"""What does our own MTA, in front of us, say of this mail? RFC 8601, believed under conditions.

Whoever writes mail can write an Authentication-Results field. One is believed only if the peer is
in the operator's networks, and the field is the topmost of its kind in the mail, and it bears the
operator's authserv-id; then that one field and no other. The front adds it above all that was
there, and must remove those of the same name that come from outside (RFC 8601, 5).
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from core.domain_name import comparable
from gateway.authentication.canonical import split
from gateway.authentication.results import Authentication, Result, Source
from gateway.authentication.results_field import MethodResult, ResultsField, read
from gateway.mail.envelope import address_of

_SHOWN = 10
_RESULTS = {
    "pass": Result.PASS,
    "fail": Result.FAIL,
    "softfail": Result.FAIL,
    "none": Result.NONE,
    "neutral": Result.NONE,
    "temperror": Result.TEMPERROR,
    "permerror": Result.PERMERROR,
}


@dataclass(frozen=True, slots=True)
class Front:
    """The operator's own MTA: where it speaks from, and what it calls itself."""

    networks: tuple[IPv4Network | IPv6Network, ...]
    authserv_id: str

    def is_peer(self, peer: str) -> bool:
        """Whether a peer is the front. A unix socket is this machine."""
        address = address_of("127.0.0.1" if peer == "local" else peer)
        return address is not None and any(address in network for network in self.networks)

    def said(self, raw: bytes, author: str) -> Authentication | None:
        """Return what the front found, or None if it said nothing of DMARC for this domain."""
        mail = split(raw)
        fields = mail.named(b"authentication-results") if mail else []
        report = read(fields[0].decode("utf-8", "replace")) if fields else None
        if report is None or report.authserv_id != self.authserv_id.lower():
            return None
        dmarc = report.only("dmarc")
        if dmarc is None or dmarc.result not in _RESULTS or not _is_about(dmarc, author):
            return None
        return _authentication(report, dmarc, author)


def _is_about(dmarc: MethodResult, author: str) -> bool:
    """Whether the result is about the author's domain, as far as it says."""
    return comparable(dmarc.properties.get("header.from", author)) == author


def _authentication(report: ResultsField, dmarc: MethodResult, author: str) -> Authentication:
    spf = report.only("spf")
    signed = [
        one.properties.get("header.d", "") for one in report.of("dkim") if one.result == "pass"
    ]
    result = _RESULTS[dmarc.result]
    return Authentication(
        spf=_RESULTS.get(spf.result, Result.NONE) if spf else Result.NONE,
        dkim=tuple(domain.lower()[:253] for domain in signed if domain)[:_SHOWN],
        dmarc=result,
        dmarc_policy=dmarc.properties.get("policy.dmarc", "")[:20],
        aligned_domain=author if result is Result.PASS else "",
        source=Source.FRONT,
    )
