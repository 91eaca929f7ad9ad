"""All settings in one value: a section per room, and what can be said of the whole."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from core.config.budgets import BudgetSettings
from core.config.file_storage import FileSettings
from core.config.section import Count, Section
from core.config.starred import shown
from core.config.ways_in import (
    AttachmentSettings,
    CapacitySettings,
    HttpSettings,
    PolicySettings,
    SenderSettings,
    SmtpSettings,
)
from core.config.ways_out import (
    LEASE_MARGIN_SECONDS,
    AddressSettings,
    DkimSettings,
    LinkSettings,
    NotifierSettings,
    ProviderSettings,
    RelayFields,
    RelaySettings,
    WebhookSettings,
)

_SCHEMES = (
    "sqlite",
    "postgresql",
    "postgres",
    "postgresql+asyncpg",
    "postgresql+psycopg",
)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: str = Field(
        "sqlite:///rejoinder.db",
        repr=False,
        description="`sqlite:///file` for one process on one machine (`sqlite:////absolute/file`), "
        "`postgresql://user:password@host/name` for any number of them; `postgresql+psycopg://` "
        "changes the driver.",
    )
    pool_size: Count = Field(
        10,
        description="How many PostgreSQL connections a process keeps. It makes up to 3 more while "
        "it needs them, and one on which it hears of other processes: allow 14 a process for 10.",
    )

    @field_validator("url")
    @classmethod
    def _scheme_is_known(cls, url: str) -> str:
        if url.partition("://")[0] not in _SCHEMES:
            raise ValueError(
                "is neither sqlite nor postgresql "
                "(as sqlite:///rejoinder.db or postgresql://user@host/name)"
            )
        return url


class LogSettings(Section):
    """What is told on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least grave events told. Addresses and texts only at `debug`."
    )
    format: Literal["auto", "json", "text"] = Field(
        "auto", description="`auto` is `text` on a terminal and `json` otherwise."
    )


class Settings(Section):
    """The effective configuration. Each room is handed its own section, never the whole."""

    database: DatabaseSettings = DatabaseSettings()
    smtp: SmtpSettings = SmtpSettings()
    http: HttpSettings = HttpSettings()
    capacity: CapacitySettings = CapacitySettings()
    addresses: AddressSettings = AddressSettings()
    dkim: DkimSettings = DkimSettings()
    relay: RelaySettings = RelaySettings()
    providers: ProviderSettings = ProviderSettings()
    notifier: NotifierSettings = NotifierSettings()
    policy: PolicySettings = PolicySettings()
    senders: SenderSettings = SenderSettings()
    budgets: BudgetSettings = BudgetSettings()
    webhooks: WebhookSettings = WebhookSettings()
    attachments: AttachmentSettings = AttachmentSettings()
    files: FileSettings = FileSettings()
    links: LinkSettings = LinkSettings()
    log: LogSettings = LogSettings()

    @model_validator(mode="after")
    def _leases_are_long_enough(self) -> Self:
        """Refuse a claim that may end under its work: another would do the same again."""
        lease = self.notifier.lease_seconds
        for name, longest in (
            ("relay", max(one.longest_seconds for one in self.relay.each().values())),
            ("webhooks", self.webhooks.timeout_seconds),
        ):
            least = longest + LEASE_MARGIN_SECONDS
            if lease < least:
                raise ValueError(
                    f"notifier.lease_seconds: {lease} is too short: with this "
                    f"{name}.timeout_seconds one claim may need {least:g}"
                )
        return self

    @property
    def ehlo_name(self) -> str:
        """Our name to the relay."""
        return self.relay.ehlo_name or self.smtp.hostname

    def hop(self, relay: RelayFields) -> RelayFields:
        """Return a relay's settings with our name to it."""
        return relay.model_copy(update={"ehlo_name": relay.ehlo_name or self.ehlo_name})

    @property
    def memory_octets(self) -> int:
        """How much of what comes in may be held: at least one mail, or none would ever fit."""
        given = self.smtp.max_memory_bytes or self.capacity.max_memory_bytes
        return max(given, self.smtp.max_message_bytes)

    def effective(self) -> dict[str, Any]:
        """Return every setting as it stands, secrets starred: for the log at start."""
        told: dict[str, Any] = shown(self.model_dump(mode="json"))
        return told

    def missing(self) -> list[str]:
        """Return what serving still needs, one sentence each; empty when it can start."""
        if self.addresses.keys:
            return []
        return ["addresses.keys: no key to sign reply addresses with; `rejoinder init` makes one"]
