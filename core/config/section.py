"""What a section of settings is, and the few kinds of values settings are made of."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.domain_name import as_dns

_NO_WEB_URL = "is no web address (as https://notify.example.org)"


class Section(BaseModel):
    """The settings of one room. Frozen; a name it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _host_name(text: str) -> str:
    """Return a domain as DNS has it: lower case, no final dot (RFC 1035, 2.3.1)."""
    try:
        return as_dns(text.strip())
    except ValueError:
        raise ValueError("is no domain name (as reply.example.org)") from None


def _address(text: str) -> str:
    """Return a mail address with exactly a local part and a domain."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or any(sign.isspace() or sign in "<>" for sign in local):
        raise ValueError("is no mail address (as notifications@example.org)")
    return f"{local}@{_host_name(domain)}"


def _web_url(text: str) -> str:
    """Return an http or https URL without its final slash."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:  # its words repeat the URL, a password with it
        raise ValueError(_NO_WEB_URL) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(_NO_WEB_URL)
    return text.strip().rstrip("/")


def _split(value: Any) -> Any:
    """Take a list as text too, parted by commas: how a variable or a flag gives one."""
    return [part.strip() for part in value.split(",") if part.strip()] if _is_text(value) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
HostName = Annotated[str, AfterValidator(_host_name)]
MailAddress = Annotated[str, AfterValidator(_address)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_split)]
IpAddresses = Annotated[tuple[IPv4Address | IPv6Address, ...], BeforeValidator(_split)]
HostNames = Annotated[tuple[HostName, ...], BeforeValidator(_split)]
