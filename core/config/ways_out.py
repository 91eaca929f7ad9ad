"""The settings of everything that goes out: addresses, DKIM, relay, worker, webhooks."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from core.config.section import Count, HostName, MailAddress, Port, Seconds, Section
from core.errors import SettingsError
from core.mailbox_provider import provider_names

_LEAST_KEY_OCTETS = 16
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

_NOTIFY = {"all": "SUCCESS,FAILURE,DELAY", "failures": "FAILURE,DELAY", "none": ""}

# Between the end of what a claim was for and the end of the claim: time to write it down.
LEASE_MARGIN_SECONDS = 30

# RFC 5321, 4.5.3.2.6 waits longest for the answer to the final dot: giving up makes duplicates.
DOT_FACTOR = 5

# Connect and greeting, EHLO, STARTTLS, EHLO, two for AUTH, MAIL, RCPT, DATA; each with a timeout.
_STEPS_TO_DATA = 9

RelayName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
KeyId = Annotated[int, Field(ge=0, le=255)]


class AddressSettings(Section):
    """Who we are in mail: the domains that lead to us, the sender, the keys of reply addresses."""

    domain: HostName = Field(
        "localhost",
        description="The domain of reply and opt-out addresses; its MX record leads to us.",
    )
    bounce_domain: HostName | None = Field(
        None,
        examples=["bounce.example.org"],
        description="The domain of the reverse-path, where bounces come back; by default `domain`.",
    )
    list_domain: HostName | None = Field(
        None,
        examples=["example.org"],
        description="The domain in List-Id and Message-ID; by default `domain`.",
    )
    from_address: MailAddress = Field(
        "notifications@localhost", description="The address in the From of every digest."
    )
    from_name: str | None = Field(
        None, examples=["Example"], description="The name beside it; by default the app's name."
    )
    keys: dict[KeyId, SecretStr] = Field(
        default_factory=dict,
        description="The secrets that sign our addresses: key id (0 to 255) to hexadecimal digits, "
        "16 octets or more. Keep old ones: mails already sent carry them.",
    )
    current_key: KeyId = Field(1, description="The id of the key that signs new addresses.")
    operator_address: MailAddress | None = Field(
        None,
        examples=["postmaster@example.org"],
        description="Where mail to postmaster@ and abuse@ (RFC 2142) is passed on, attached to "
        "a mail of ours. Without it they are only kept: `rejoinder mail list --operator`.",
    )
    separator: Literal["+", "."] = Field(
        "+", description="What parts `r` from the token in an address; `.` where plus is not taken."
    )

    @property
    def bounce_host(self) -> str:
        """The domain of the reverse-path."""
        return self.bounce_domain or self.domain

    @property
    def list_host(self) -> str:
        """The domain in List-Id and Message-ID."""
        return self.list_domain or self.domain

    @property
    def key_octets(self) -> dict[int, bytes]:
        """The keys as octets, ready for a keyring."""
        return {id_: bytes.fromhex(key.get_secret_value()) for id_, key in self.keys.items()}

    @field_validator("keys")
    @classmethod
    def _keys_are_long_enough(cls, keys: dict[int, SecretStr]) -> dict[int, SecretStr]:
        for id_, key in keys.items():
            try:
                octets = bytes.fromhex(key.get_secret_value())
            except ValueError:
                raise ValueError(f"key {id_} is not written in hexadecimal digits") from None
            if len(octets) < _LEAST_KEY_OCTETS:
                raise ValueError(f"key {id_} is shorter than {_LEAST_KEY_OCTETS} octets")
        return keys

    @model_validator(mode="after")
    def _current_key_is_there(self) -> Self:
        if self.keys and self.current_key not in self.keys:
            raise ValueError(f"current_key is {self.current_key}, but keys has no such id")
        return self


class DkimSettings(Section):
    """How digests are signed (RFC 6376). Without a key file they leave unsigned."""

    domain: HostName | None = Field(
        None,
        examples=["example.org"],
        description="The signing domain (d=); the From address should be under it.",
    )
    selector: str = Field("s1", min_length=1, description="The selector of the RSA key (s=).")
    key_file: Path | None = Field(
        None, examples=["keys/s1.pem"], description="The PEM file of the RSA private key."
    )
    ed25519_selector: str = Field(
        "s2", min_length=1, description="The selector of the Ed25519 key (RFC 8463)."
    )
    ed25519_key_file: Path | None = Field(
        None,
        examples=["keys/s2.pem"],
        description="The PEM file of an Ed25519 private key, for a second signature.",
    )

    @model_validator(mode="after")
    def _key_has_a_domain(self) -> Self:
        if (self.key_file or self.ed25519_key_file) and not self.domain:
            raise ValueError("domain is needed with a key file")
        return self

    def keys(self) -> list[tuple[str, bytes]]:
        """Return each selector with what is in its key file. Raise SettingsError if unreadable."""
        pairs = (self.selector, self.key_file), (self.ed25519_selector, self.ed25519_key_file)
        found = []
        for selector, file in pairs:
            try:
                found += [(selector, file.read_bytes())] if file else []
            except OSError as error:
                raise SettingsError(f"dkim: {file}: cannot be read: {error.strerror}") from None
        return found


class RelayFields(Section):
    """One next hop."""

    host: str = Field("localhost", min_length=1, description="The relay's name or address.")
    port: Port = Field(25, description="Its port: 465 with `implicit`, 587 with `starttls`.")
    tls: Literal["none", "starttls", "opportunistic", "implicit"] = Field(
        "opportunistic",
        description="`implicit`: TLS from the first octet; `starttls`: required; "
        "`opportunistic`: if offered; `none`: never.",
    )
    verify: bool = Field(
        True, description="Whether the relay's certificate must be valid (not for `opportunistic`)."
    )
    username: str | None = Field(
        None, examples=["rejoinder"], description="The name to log in with, if the relay asks."
    )
    password: SecretStr | None = Field(
        None, examples=["secret"], description="The password to log in with."
    )
    connections: Count = Field(10, description="How many connections to the relay at once.")
    mails_per_minute: Count | None = Field(
        None,
        examples=[600],
        description="How many mails may leave for the relay in a minute, evenly; by default as "
        "many as it takes.",
    )
    timeout_seconds: Seconds = Field(
        60, description="How long the relay is waited for, at each step of a session."
    )
    ehlo_name: HostName | None = Field(
        None,
        examples=["mx.example.org"],
        description="Our name in EHLO; by default `smtp.hostname`.",
    )

    reports: Literal["all", "failures", "none"] = Field(
        "all",
        description="What a relay that offers DSN (RFC 3461) is asked to report: `all` also that a "
        "mail has arrived, which makes `notification.delivered`; `failures` alone, and delays; "
        "`none`: nothing is asked, and it reports failures as it likes.",
    )

    @property
    def notify(self) -> str:
        """What NOTIFY says, empty for nothing (RFC 3461, 4.1)."""
        return _NOTIFY[self.reports]

    @property
    def longest_seconds(self) -> float:
        """How long one mail may take over a new line, each answer coming just in time."""
        return self.timeout_seconds * (_STEPS_TO_DATA + DOT_FACTOR)

    @model_validator(mode="after")
    def _password_travels_covered(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        open_line = self.tls in {"none", "opportunistic"} and self.host not in _LOOPBACK_NAMES
        if self.password is not None and open_line:
            raise ValueError(
                f"tls is {self.tls}, so the password could travel in clear text; "
                "choose starttls or implicit"
            )
        return self


class RelaySettings(RelayFields):
    """The next hop on the way out, and those that are tried while it takes nothing."""

    fallbacks: dict[RelayName, RelayFields] = Field(
        default_factory=dict,
        description="Other relays, by names of your own: each takes the settings of this section, "
        "as `[relay.fallbacks.second]` or `REJOINDER_RELAY__FALLBACKS__SECOND__HOST`. While one "
        "takes nothing, the next is offered what is known not to be taken; in this order.",
    )

    def each(self) -> dict[str, RelayFields]:
        """Return every relay by its name, in the order they are tried; the first has none."""
        return {"": self, **self.fallbacks}


class LinkSettings(Section):
    """The links that lead from a mail back into an app."""

    token_hours: Count = Field(
        168,
        description="For how many hours `{{link.token}}` in an inbox URL lets its reader in, from "
        "the mail that carries it.",
    )


class ProviderSettings(Section):
    """How much of the way out one mailbox provider may have, whichever relay takes the mail."""

    connections: Count | None = Field(
        None,
        examples=[5],
        description="How many mails to one provider may be under way at once; by default three in "
        "four of `relay.connections`, so that a slow one leaves room for the others.",
    )
    mails_per_minute: dict[str, Count] = Field(
        default_factory=dict,
        description="How many mails may leave for a provider in a minute, evenly, as "
        "`{ gmail = 600 }`; by default as many as the relay takes. The names are "
        + ", ".join(f"`{name}`" for name in provider_names())
        + ".",
    )

    @field_validator("mails_per_minute")
    @classmethod
    def _providers_are_known(cls, told: dict[str, int]) -> dict[str, int]:
        known = provider_names()
        for name in told:
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.5)
                meant = f"; did you mean {near[0]}?" if near else f" ({', '.join(known)})"
                raise ValueError(f"there is no provider {name!r}{meant}")
        return told


class NotifierSettings(Section):
    """The loop that sends what is owed."""

    concurrency: Count = Field(20, description="How many digests are under way at once.")
    poll_seconds: Seconds = Field(
        1.0, description="How often to look for due work when nobody said there is some."
    )
    claim_batch: Count = Field(50, description="How many due rows are taken at a time.")
    lease_seconds: Count = Field(
        900,
        description="After how long the work of a process that died is taken up by another, where "
        "its death is not noticed sooner. Longer than the relay may take over one mail.",
    )
    lifetime_hours: Count = Field(
        48, description="How long a digest is tried before it ends as `expired`."
    )
    retry_jitter: float = Field(
        0.2,
        ge=0,
        lt=1,
        description="By which share a retry is shifted, so that they do not gather.",
    )


class WebhookSettings(Section):
    """What we tell the app's back end."""

    timeout_seconds: Seconds = Field(15, description="How long an endpoint is waited for.")
    allow_private: bool = Field(
        False,
        description="Whether endpoints may lie in private networks or on this machine; an app's "
        "administrator could reach your own services with it.",
    )
