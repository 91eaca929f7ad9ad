"""What can be said of an app and its roles, and how both are shown."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from core.model.app import App
from core.model.role import Role
from core.rules.quiet_hours import quiet_hours
from core.template_check import wrong_inbox_url, wrong_macro
from gateway.http.bodies.base import (
    Custom,
    Id,
    JsonBody,
    LocaleTag,
    Name,
    Text,
    Url,
    Zone,
    clean,
    few,
    within,
)
from gateway.http.bodies.brand import BrandBody, brand_shape

Json = dict[str, Any]

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"  # RFC 1123, 2.1; A-labels look like it too
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")


def _in_thousandths(share: Any) -> int:
    """Return a share, from 0 to 1, as it is kept."""
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ValueError("must be a number from 0 to 1")
    return round(share * 1000)


def _host(text: str) -> str:
    """Return the name of a host as URLs are compared with it: lower case, A-labels."""
    name = text.lower()
    if not _HOST.fullmatch(name):
        raise ValueError("must be a host's name in ASCII, as photos.example.org or xn--…")
    return name


def _template(text: str) -> str:
    """Refuse a template that no mail can fill in."""
    if (wrong := wrong_macro(text)) is not None:
        raise ValueError(wrong)
    return text


def _inbox_url(text: str) -> str:
    """Refuse a link that no mail would carry."""
    if (wrong := wrong_inbox_url(text)) is not None:
        raise ValueError(wrong)
    return text


def _plain(text: str) -> str:
    """Refuse macros where none are filled in."""
    if "{{" in text:
        raise ValueError("is shown as it stands, and {{macros}} in it are not filled in")
    return text


Template = Annotated[Text, AfterValidator(_template)]
InboxUrl = Annotated[Url, AfterValidator(_inbox_url)]
PlainText = Annotated[Text, AfterValidator(_plain)]
Theme = Annotated[str, AfterValidator(clean), Field(max_length=65_536)]
Pause = Annotated[int, within(0, 900, "seconds"), Field(ge=0, le=900)]
Ceiling = Annotated[int, within(0, 86_400, "seconds"), Field(ge=0, le=86_400)]
Thousandths = Annotated[int, BeforeValidator(_in_thousandths)]
Host = Annotated[str, AfterValidator(_host)]
Cap = Annotated[int, within(1, 1_000, "mails"), Field(ge=1, le=1_000)]
Quiet = Annotated[str, AfterValidator(quiet_hours)]


class AppBody(JsonBody):
    """What can be changed of an app."""

    id: Id | None = None
    name: Name | None = None
    custom: Custom | None = None
    default_locale: LocaleTag | None = None
    time_zone: Zone | None = None
    sender_policy: Literal["strict", "token"] | None = None
    email_confidence_threshold: Thousandths | None = None
    photo_hosts: Annotated[list[Host], few(20)] | None = None
    brand: BrandBody | None = None


class RoleBody(JsonBody):
    """The settings of a role (talkjs-spec, 4.6 and 5.1)."""

    email_enabled: bool | None = None
    timeout_seconds: Pause | None = None
    max_wait_seconds: Ceiling | None = None
    quiet_hours: Quiet | None = None
    mails_per_hour: Cap | None = None
    mails_per_day: Cap | None = None
    back_off_after: Cap | None = None
    critical_bypass: bool | None = None
    subject: Template | None = None
    header: Template | None = None
    footer: Template | None = None
    inbox_url: InboxUrl | None = None
    opt_out_text: PlainText | None = None
    theme_html: Theme | None = None
    theme_text: Theme | None = None
    brand: BrandBody | None = None


def app_shape(app: App) -> Json:
    """Return an app as the API shows it."""
    least = app.email_confidence_threshold
    return {
        "id": app.app_id,
        "name": app.name,
        "custom": app.custom,
        "defaultLocale": app.default_locale,
        "timeZone": app.time_zone,
        "senderPolicy": app.sender_policy.value,
        "emailConfidenceThreshold": None if least is None else least / 1000,
        "photoHosts": app.photo_hosts or [],
        "brand": brand_shape(app.brand),
    }


def role_shape(one: Role) -> Json:
    """Return a role as the API shows it."""
    # What was set before it was checked is shown all the same.
    body = RoleBody.model_construct(**one.model_dump(exclude={"app_id", "name", "brand"}))
    shape = body.model_dump(by_alias=True) | {"brand": brand_shape(one.brand)}
    return {"name": one.name, **shape}
