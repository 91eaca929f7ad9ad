"""The settings of everything that comes in: SMTP, HTTP, attachments, and what apps start with."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from core.config.section import (
    Count,
    HostName,
    HostNames,
    IpAddresses,
    Networks,
    Port,
    Seconds,
    Section,
    WebUrl,
)

MEGABYTE = 1024 * 1024
_LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
# RFC 1918, RFC 6598, RFC 4193, RFC 4291: where a proxy stands, and no stranger.
_PRIVATE: tuple[IPv4Network | IPv6Network, ...] = (
    *_LOOPBACK,
    *map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    *map(IPv6Network, ("fc00::/7", "fe80::/10")),
)


class SmtpSettings(Section):
    """Where replies and bounces come in."""

    host: str = Field(
        "0.0.0.0",  # noqa: S104  mail comes from everywhere
        description="The address to listen on; `0.0.0.0` is every IPv4 interface, empty is every "
        "interface of both families.",
    )
    port: Port = Field(
        2525,
        description="The port to listen on. The world delivers to 25: listen there, or forward it.",
    )
    hostname: HostName = Field(
        "localhost",
        description="Our name in the SMTP greeting and in EHLO; the MX record should name it.",
    )
    tls_certificate: Path | None = Field(
        None,
        examples=["/etc/rejoinder/tls/fullchain.pem"],
        description="The PEM file of the certificate chain; with it STARTTLS is offered.",
    )
    tls_key: Path | None = Field(
        None,
        examples=["/etc/rejoinder/tls/privkey.pem"],
        description="The PEM file of the certificate's private key, if not in the same file.",
    )
    implicit_tls_port: Port | None = Field(
        None,
        examples=[2465],
        description="A second port that speaks TLS from the first octet (RFC 8314).",
    )
    lmtp: str | None = Field(
        None,
        examples=["unix:/run/rejoinder/lmtp"],
        description="Also listen for LMTP (RFC 2033), behind an MTA of yours: `unix:/path` or "
        "`host:port`.",
    )
    max_message_bytes: Count = Field(
        25 * MEGABYTE, description="The largest mail taken; a larger one is answered 552 5.3.4."
    )
    max_connections: Count = Field(
        500, description="How many sessions at once; the next one is answered 421."
    )
    max_connections_per_network: Count = Field(
        50,
        description="How many sessions at once from one network (an IPv4 /24, an IPv6 /64); "
        "trusted networks are exempt.",
    )
    max_memory_bytes: Count | None = Field(
        None,
        examples=[32 * MEGABYTE],
        description="The older name of `capacity.max_memory_bytes`, which it sets if it is given.",
    )
    idle_seconds: Seconds = Field(
        300, description="How long a silent peer is waited for (RFC 5321, 4.5.3.2.7: five minutes)."
    )
    session_seconds: Seconds = Field(
        3600, description="How long a session may last; a mail under way is finished first."
    )
    min_bytes_per_second: Count = Field(
        200,
        description="The least rate at which the content of a mail must come, after half a minute; "
        "a slower peer is answered 421.",
    )
    greeting_seconds: float = Field(
        0,
        ge=0,
        le=60,
        description="How long the greeting waits for peers that talk before it, as spam programs "
        "do; they are answered 554. Trusted networks do not wait.",
    )
    tarpit_seconds: float = Field(
        1,
        ge=0,
        le=30,
        description="How long the answer to the second wrong recipient of a session waits; it "
        "doubles with each, and the fifth ends the session. Trusted networks are exempt.",
    )
    proxy_protocol: bool = Field(
        False,
        description="Expect a PROXY protocol header, version 1 or 2, before anything else on the "
        "SMTP ports. Only trusted networks may connect then: name your load balancer's among them.",
    )
    trusted_networks: Networks = Field(
        _LOOPBACK,
        description="Networks of your own MTA and proxies: no limit per network, no end after "
        "wrong recipients, and believed when they say whom they speak for.",
    )
    reuse_port: bool = Field(
        False, description="Let several processes listen on the same port (SO_REUSEPORT)."
    )

    @field_validator("lmtp")
    @classmethod
    def _lmtp_is_a_place(cls, value: str | None) -> str | None:
        path_or_host, colon, rest = (value or "").partition(":")
        if value is None or (path_or_host == "unix" and rest):
            return value
        if not colon or not value.rpartition(":")[2].isdigit():
            raise ValueError("is neither unix:/path nor host:port")
        return value

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        needs = self.tls_key or self.implicit_tls_port is not None
        if needs and not self.tls_certificate:
            raise ValueError("tls_key and implicit_tls_port need tls_certificate")
        return self


class CapacitySettings(Section):
    """What all ways in may take together."""

    max_memory_bytes: Count = Field(
        32 * MEGABYTE,
        description="How many octets of mails and of requests' bodies under way may be held at "
        "once, the first 64 KB of each not counted; at least one mail's. What there is no room "
        "for is answered 452 by SMTP and 503 by HTTP. Reading a mail takes some two times its "
        "size again, one at a time.",
    )


class HttpSettings(Section):
    """The REST API and the pages people open from a mail."""

    host: str = Field(
        "127.0.0.1",
        description="The address to listen on. The API's keys travel here: put a proxy with TLS in "
        "front before it is anything but loopback.",
    )
    port: Port = Field(8080, description="The port to listen on.")
    public_url: WebUrl = Field(
        "http://localhost:8080",
        repr=False,
        description="Where people reach these pages: opt-out links and attachments begin with it.",
    )
    max_connections: Count = Field(
        500,
        description="How many connections at once. When all are taken, one on which nothing is "
        "under way is closed for the next; if there is none, that is answered 503.",
    )
    max_connections_per_network: Count = Field(
        100,
        description="How many connections at once from one network (an IPv4 /24, an IPv6 /64); "
        "trusted networks are exempt.",
    )
    trusted_networks: Networks = Field(
        _PRIVATE,
        description="Networks of your own proxies and back ends: no limit per network.",
    )
    header_seconds: Seconds = Field(
        10, description="How long a peer may take to send a request, up to where its body begins."
    )
    min_bytes_per_second: Count = Field(
        200,
        description="The least rate at which a request's body must come and an answer be taken, "
        "after ten seconds; a slower peer is cut off.",
    )
    reuse_port: bool = Field(
        False, description="Let several processes listen on the same port (SO_REUSEPORT)."
    )


class AttachmentSettings(Section):
    """Files that came with a reply."""

    max_bytes: Count = Field(
        25 * MEGABYTE,
        description="The largest file taken; a mail with a larger one is answered 552 5.3.4.",
    )
    max_total_bytes: Count = Field(
        25 * MEGABYTE, description="How many octets the files of one mail may have together."
    )
    max_files: Count = Field(30, description="How many files one mail may have.")


class PolicySettings(Section):
    """What holds for an app that says nothing else."""

    sender_policy: Literal["strict", "token"] = Field(
        "strict",
        description="`strict`: a reply must also come from an address of the participant. `token`: "
        "its secret address is enough.",
    )
    raw_mail_days: Count = Field(
        30,
        description="How many days the raw octets of a mail are kept with its receipt, and what a "
        "notification said with its delivery: by that a reply is best told from its quote.",
    )
    history_days: Count = Field(
        400,
        ge=30,
        description="How many days it is kept that there was a mail, a notification, a delivery: "
        "what `rejoinder explain` tells from. Never less than `raw_mail_days`.",
    )
    endings_days: int = Field(
        180,
        ge=0,
        le=3650,
        description="How many days it is remembered how a person's mails end, after one did last: "
        "keyed digests of signatures and disclaimers, which are told from an answer by that. `0` "
        "remembers nothing.",
    )


class SenderSettings(Section):
    """How it is checked that a reply comes from whom its From names.

    Replies to apps whose `sender_policy` is `token` are not checked, nor are those that come from
    this machine or a private network when no front is named.
    """

    verify: bool = Field(
        True,
        description="Check SPF, DKIM and DMARC ourselves. A reply whose author's domain says it is "
        "forged is held; one that cannot be checked for now is answered 451.",
    )
    front_networks: Networks = Field(
        (),
        examples=[["10.0.0.0/24"]],
        description="The addresses of your own MTA in front, whose Authentication-Results field "
        "(RFC 8601) is believed. It must remove those that come from outside.",
    )
    front_authserv_id: str = Field(
        "",
        examples=["mx.example.org"],
        description="What that MTA calls itself in the field, as `mx.example.org`.",
    )
    trusted_arc_sealers: HostNames = Field(
        (),
        examples=[["lists.example.org"]],
        description="Domains of forwarders whose ARC seals (RFC 8617) are believed when a mail "
        "they forwarded fails DMARC. All sealers of a mail must be among them.",
    )
    name_servers: IpAddresses = Field(
        (),
        examples=[["127.0.0.1"]],
        description="The name servers to ask; none are the system's. One on this machine, with a "
        "cache, is best.",
    )
    dns_seconds: Seconds = Field(3, description="How long one answer of a name server is awaited.")
    mail_seconds: Seconds = Field(
        10, description="How long all checks of one mail may take; after that it is answered 451."
    )

    @model_validator(mode="after")
    def _front_is_whole(self) -> Self:
        if bool(self.front_networks) != bool(self.front_authserv_id):
            raise ValueError("front_networks and front_authserv_id need each other")
        return self
