"""Which DNS records make replies arrive and digests trusted? Pure: the settings in, records out.

Receivers ask for SPF at the reverse-path's domain (RFC 7208), for DKIM at the signing domain (RFC
6376) and for DMARC at the From's domain (RFC 9989); replies and bounces follow MX. The trap: a
string in a TXT record holds 255 octets at most (RFC 1035, 3.3), and an RSA key is longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.config.settings import Settings

_STRING = 255
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Record:
    """One DNS record to publish; a TXT value is the whole text, unsplit. ``why`` is for people."""

    name: str
    kind: str
    value: str
    why: str

    @property
    def strings(self) -> tuple[str, ...]:
        """The value as the character strings of a TXT record, 255 octets at most each."""
        cuts = range(0, len(self.value), _STRING)
        return tuple(self.value[cut : cut + _STRING] for cut in cuts)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key that signs: its selector, its k= and its p= (RFC 6376, 3.6.1)."""

    selector: str
    kind: str
    value: str


def dns_records(settings: Settings, keys: Iterable[PublicKey]) -> list[Record]:
    """Return the records to publish, those without which nothing arrives first."""
    addresses, host = settings.addresses, settings.smtp.hostname
    own = list(dict.fromkeys([addresses.domain, addresses.bounce_host]))
    sender = addresses.from_address.rpartition("@")[2]
    records = [Record(name, "MX", f"10 {host}.", "replies and bounces come here") for name in own]
    records += _spf(settings, dict.fromkeys([*own, sender]))
    if settings.dkim.domain:
        records += [_dkim(settings.dkim.domain, key) for key in keys]
    return [*records, _dmarc(settings, sender), _reverse(settings)]


def zone_text(records: list[Record]) -> str:
    """Write records as lines of a zone file (RFC 1035, 5), each under its reason."""
    return "\n".join(_zone_line(record) for record in records) + "\n"


def _spf(settings: Settings, names: dict[str, None]) -> list[Record]:
    """Return an SPF record per name: the relay may send for it, or nobody may."""
    relay = settings.relay.host
    by = settings.smtp.hostname if relay in _LOOPBACK else relay
    sends = f"v=spf1 a:{by} -all"
    why = "who may send for it; an include: that the relay's provider names goes in place of a:"
    only_once = "; a name may have only one such record, so add to the one that is there"
    sending = {settings.addresses.bounce_host, settings.addresses.from_address.rpartition("@")[2]}
    own = {settings.addresses.domain, settings.addresses.bounce_host}
    return [
        Record(name, "TXT", sends, why + ("" if name in own else only_once))
        if name in sending
        else Record(name, "TXT", "v=spf1 -all", "nobody sends in the name of the reply domain")
        for name in names
    ]


def _dkim(domain: str, key: PublicKey) -> Record:
    return Record(
        f"{key.selector}._domainkey.{domain}",
        "TXT",
        f"v=DKIM1; k={key.kind}; p={key.value}",
        "the public half of the key that signs our mail",
    )


def _dmarc(settings: Settings, sender: str) -> Record:
    operator = settings.addresses.operator_address
    reports = f"; rua=mailto:{operator}" if operator else ""
    return Record(
        f"_dmarc.{sender}",
        "TXT",
        f"v=DMARC1; p=none{reports}",
        "begin with none; go to quarantine and reject when the reports show only your own mail",
    )


def _reverse(settings: Settings) -> Record:
    return Record(
        "",
        "PTR",
        f"{settings.ehlo_name}.",
        "the address that sends to the world must lead back to this name, and the name to it; "
        "where a relay of others sends, it is theirs",
    )


def _zone_line(record: Record) -> str:
    value = record.value
    if record.kind == "TXT":
        value = " ".join(f'"{part}"' for part in record.strings)
    line = f"{record.name}. IN {record.kind} {value}"
    if not record.name:  # only whoever owns the address can publish it
        line = f"; (the sending address, reversed) IN {record.kind} {value}"
    return f"; {record.why}\n{line}"
