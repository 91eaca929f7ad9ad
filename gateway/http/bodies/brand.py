"""What can be said of how an app looks in its mails, checked before any reader sees it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from core.colour import hex_colour
from core.macros import MACRO
from core.template_check import wrong_inbox_url, wrong_macro
from gateway.http.bodies.base import JsonBody, Text, Url, within

_MOST_LINES = 8
_BARE_HEX = re.compile(r"(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*\)", re.IGNORECASE)
_IN_FROM = ("app.name", "sender.name")
_OF_THE_APP = "app."
_ALPHABETIC = re.compile(r"[^\W\d_]")


def _picture(text: str) -> str:
    """Refuse an address from which no mail program would show a logo."""
    if "{{" in text:
        raise ValueError("is one address for all readers, and {{macros}} in it are not filled in")
    if text.lower().startswith("http://"):
        raise ValueError(f"must be https; did you mean https://{text[7:67]}?")
    wrong = wrong_inbox_url(text)
    if wrong is not None or not text.strip():
        said = (wrong or "must be a web URL").replace("inbox?c={{conversation.id}}", "logo.png")
        raise ValueError(said)
    if urlsplit(text).path.lower().endswith((".svg", ".svgz")):
        raise ValueError("is an SVG, which many mail programs do not show; give a PNG or a JPEG")
    return text.strip()


def _colour(given: Any) -> Any:
    """Return a colour in its one spelling, or refuse it with what was meant."""
    if given is None:
        return None
    text = str(given).strip()
    if isinstance(given, str) and (colour := hex_colour(text)) is not None:
        return colour
    meant = _meant(text[:40])
    raise ValueError("must be a colour as #1d4ed8" + (f"; did you mean {meant}?" if meant else ""))


def _meant(text: str) -> str | None:
    """Return the colour that is written in another way, if it is one."""
    if _BARE_HEX.fullmatch(text):
        return f"#{text.lower()}"
    if found := _RGB.fullmatch(text):
        parts = [int(one) for one in found.groups()]
        return "#" + bytes(parts).hex() if max(parts) <= 255 else None
    opaque = re.fullmatch(r"(#[0-9a-f]{6})[0-9a-f]{2}", text, re.IGNORECASE)
    return opaque[1].lower() if opaque else None


def _words(text: str) -> str:
    """Refuse words that do not fit on a button."""
    if (wrong := wrong_macro(text)) is not None:
        raise ValueError(wrong)
    if "\n" in text or "\r" in text:
        raise ValueError("must be one line")
    if not text.strip():
        raise ValueError("must not be blank; null is the built-in words")
    return text.strip()


def _from_name(text: str) -> str:
    """Refuse a name in From that is not the app's: a person's alone would pass for the sender."""
    text = _words(text)
    names = [macro[1] for macro in MACRO.finditer(text)]
    for name in names:
        if name not in _IN_FROM and not name.startswith("app.custom."):
            raise ValueError(
                f"{{{{{name[:60]}}}}} is nobody's name; there are {{{{sender.name}}}},"
                " {{app.name}} and fields of app.custom"
            )
    own = _ALPHABETIC.search(MACRO.sub(" ", text)) or any(
        one.startswith(_OF_THE_APP) for one in names
    )
    if not own:
        raise ValueError(
            "must name the app too, as {{sender.name}} via {{app.name}}:"
            " a person's name alone would pass for who sent the mail"
        )
    return text


def _address(text: str) -> str:
    """Refuse what is no postal address of a few lines."""
    if "{{" in text:
        raise ValueError("is shown as it stands, and {{macros}} in it are not filled in")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    kept = [line for line in lines if line]
    if not kept:
        raise ValueError("must not be blank; null takes it away")
    if len(kept) > _MOST_LINES:
        raise ValueError(f"must be at most {_MOST_LINES} lines, and these are {len(kept)}")
    return "\n".join(kept)


Picture = Annotated[Url, AfterValidator(_picture)]
Colour = Annotated[str, BeforeValidator(_colour)]


class BrandBody(JsonBody):
    """How an app, or the users of a role, see the app in mails; null takes one of them away."""

    logo_url: Picture | None = None
    logo_dark_url: Picture | None = None
    logo_width: Annotated[int, within(16, 320, "pixels"), Field(ge=16, le=320)] | None = None
    logo_height: Annotated[int, within(16, 120, "pixels"), Field(ge=16, le=120)] | None = None
    accent_color: Colour | None = None
    accent_dark_color: Colour | None = None
    button_text: Annotated[Text, Field(max_length=200), AfterValidator(_words)] | None = None
    from_name: Annotated[Text, Field(max_length=200), AfterValidator(_from_name)] | None = None
    postal_address: Annotated[Text, Field(max_length=500), AfterValidator(_address)] | None = None


def brand_shape(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a brand as the API shows it, with null for what is not said."""
    known = {name: value for name, value in (kept or {}).items() if name in BrandBody.model_fields}
    return BrandBody.model_construct(**known).model_dump(by_alias=True)
