"""What does our own MTA, in front of us, say of this mail? RFC 8601, believed under conditions.

Whoever writes mail can write an Authentication-Results field. One is believed only if the peer is
in the operator's networks, and the field is the topmost of its kind in the mail, and it bears the
operator's authserv-id; then that one field and no other. The front adds it above all that was
there, and must remove those of the same name that come from outside (RFC 8601, 5).

One thing is looked for below: some write SPF into a field of its own. It is that of the first
field from the top that tells of SPF, while they all bear the name and no Received stands between.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING

from core.domain_name import comparable
from core.email_address import domain_of
from core.lazy_import import lazy_import
from gateway.authentication.canonical import CanonicalMail, split
from gateway.authentication.coverage import Addressed, Shortfall
from gateway.authentication.domains import aligned
from gateway.authentication.results import Authentication, Result, Source
from gateway.authentication.results_field import MethodResult, ResultsField, read
from gateway.mail.envelope import address_of

if TYPE_CHECKING:
    from gateway.authentication import reported_pass
else:  # dkimpy, for the first mail that is measured
    reported_pass = lazy_import("gateway.authentication.reported_pass")

_SHOWN = 10
_FIELDS = 10
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

    def said(self, raw: bytes, author: str, addressed: Addressed) -> Authentication | None:
        """Return what the front found, or None if it said nothing of DMARC for this domain."""
        mail = split(raw)
        reports = self._reports(mail) if mail else []
        dmarc = reports[0].only("dmarc") if reports else None
        if mail is None or dmarc is None or dmarc.result not in _RESULTS:
            return None
        if not _is_about(dmarc, author):
            return None
        spf = _spf(reports)
        hop = _is_hop(spf, author)
        lack: Shortfall | None = None
        if dmarc.result == "pass" and "header.from" not in dmarc.properties:
            lack = Shortfall.UNVERIFIED  # it passed for somebody: nobody says for whom
        elif dmarc.result == "pass" and not hop:
            lack = reported_pass.falls_short(mail, author, addressed, spf_said=bool(spf))
        return _authentication(reports[0], dmarc, author, lack, hop=hop)

    def _reports(self, mail: CanonicalMail) -> list[ResultsField]:
        """Return what the front wrote, from the top, until something else stands there."""
        found: list[ResultsField] = []
        for name, value in mail.fields:
            field = name.lower()
            if field == b"received" and found:
                break
            if field != b"authentication-results":
                continue
            report = read(value.decode("utf-8", "replace"))
            if report is None or report.authserv_id != self.authserv_id.lower():
                break
            found.append(report)
            if len(found) == _FIELDS:
                break
        return found


def _is_about(dmarc: MethodResult, author: str) -> bool:
    """Whether the result is about the author's domain, as far as it says."""
    return comparable(dmarc.properties.get("header.from", author)) == author


def _spf(reports: list[ResultsField]) -> list[MethodResult]:
    """Return what is said of SPF, but for what is of HELO alone: that is no author's domain."""
    said = next((found for one in reports if (found := one.of("spf"))), ())
    return [
        one
        for one in said
        if "smtp.mailfrom" in one.properties or "smtp.helo" not in one.properties
    ]


def _is_hop(spf: list[MethodResult], author: str) -> bool:
    """Whether SPF passed for a domain that speaks for the author, whatever else is said of it."""
    named = [one.properties.get("smtp.mailfrom", "").strip("<>").strip() for one in spf]
    domains = [domain_of(f"@{one}") for one in named]  # a domain may stand alone (RFC 8601, 2.7.2)
    passed = bool(spf) and all(one.result == "pass" for one in spf)
    return passed and all(one and aligned(author, one) for one in domains)


def _authentication(
    report: ResultsField, dmarc: MethodResult, author: str, lack: Shortfall | None, *, hop: bool
) -> Authentication:
    spf = report.only("spf")
    signed = [
        one.properties.get("header.d", "") for one in report.of("dkim") if one.result == "pass"
    ]
    result = _RESULTS[dmarc.result]
    said = _RESULTS.get(spf.result, Result.NONE) if spf else Result.NONE
    return Authentication(
        spf=Result.PASS if hop else said,
        dkim=tuple(domain.lower()[:253] for domain in signed if domain)[:_SHOWN],
        dmarc=result,
        dmarc_policy=dmarc.properties.get("policy.dmarc", "")[:20],
        aligned_domain=author if result is Result.PASS else "",
        source=Source.FRONT,
        shortfall=lack or "",
    )
