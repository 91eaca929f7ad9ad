"""What is wrong with the HTML part? Links, pictures, what no mail program runs, how it is built."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from core.check_finding import Finding, Gravity
from notifier.channels.email.mail_checks.examined import ExaminedMail, seen

_SHOWN = 60
_MOST = 5  # of one kind that are told: a mail with a hundred such links is mended at one place
_DOMAIN = re.compile(
    r"(?:https?://)?((?:[\w-]{1,63}\.){1,10}[a-z]{2,24})(?=[/?#:]|$)", re.IGNORECASE
)
# Ends of what is a file's name, and not a host's: a mail lists its files by name.
_FILES = frozenset(
    {"csv", "doc", "docx", "eml", "gif", "heic", "htm", "html", "ics", "jpeg", "jpg", "json", "mp3"}
    | {"mp4", "odt", "pdf", "png", "ppt", "pptx", "rtf", "svg", "txt", "wav", "webp", "xls", "xlsx"}
    | {"xml", "zip"}
)
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ACTIVE = "script, form, iframe, object, embed, applet, base, link, audio, video, canvas"
_HANDLER = re.compile(r"on[a-z]+")
_ADDRESS_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:.*")
_PIXELS = re.compile(r"(?<![-\w])(?:min-)?width\s*:\s*(\d{2,5})px", re.IGNORECASE)
_NARROW = 320
_FEW_WORDS = 20


def links(mail: ExaminedMail) -> Iterator[Finding]:
    """Find links that lead nowhere, or elsewhere than they say."""
    for node in list(mail.nodes("a[href]")):
        target = (node.attributes.get("href") or "").strip()
        words = seen(node.text(deep=True))
        parts = _split(target)
        if parts is None or parts.scheme not in _SCHEMES:
            yield Finding(
                "link_not_web", Gravity.ERROR, f"A link leads to {_cut(target)}.",
                "A link in a mail begins with https://.",
            )  # fmt: skip
            continue
        host = (parts.hostname or "").lower()
        said = _named(words)
        if host and said and _bare(said) != _bare(host):
            yield Finding(
                "link_elsewhere", Gravity.ERROR,
                f"A link says {_cut(words)} and leads to {host}.",
                "Let its words be words, or the address it leads to.",
            )  # fmt: skip
        if parts.scheme == "http":
            yield Finding(
                "link_insecure", Gravity.NOTE, f"A link leads to {_cut(target)}, without TLS.",
                "Use https://.",
            )  # fmt: skip
        if _ADDRESS_HOST.match(host):
            yield Finding(
                "link_to_number", Gravity.WARNING, f"A link leads to the bare address {host}.",
                "Name the host: filters take numbers for a trap.",
            )  # fmt: skip


def pictures(mail: ExaminedMail) -> Iterator[Finding]:
    """Find pictures without words, and mails that are nothing but pictures."""
    found = list(mail.nodes("img"))
    for node in found:
        source = (node.attributes.get("src") or "").strip()
        if "alt" not in node.attributes:
            yield Finding(
                "picture_without_words", Gravity.WARNING, f"The picture {_cut(source)} has no alt.",
                'Say in `alt` what it shows; write `alt=""` where it shows nothing.',
            )  # fmt: skip
        if not source.lower().startswith("https://"):
            yield Finding(
                "picture_not_https", Gravity.WARNING, f"A picture is at {_cut(source)}.",
                "Give its https:// address: most programs show no other.",
            )  # fmt: skip
        if {node.attributes.get("width"), node.attributes.get("height")} & {"0", "1"}:
            yield Finding(
                "picture_unseen", Gravity.WARNING, f"The picture {_cut(source)} cannot be seen.",
                "Leave it out: it can only be there to watch who reads.",
            )  # fmt: skip
    body = mail.tree.body if mail.tree is not None else None
    words = len(seen(body.text(separator=" ")).split()) if body is not None else 0
    if found and words < _FEW_WORDS and len(found) * 10 > words:
        yield Finding(
            "pictures_alone", Gravity.WARNING, f"{len(found)} pictures stand among {words} words.",
            "Say in words what the pictures say: many programs load none at first.",
        )  # fmt: skip


def active(mail: ExaminedMail) -> Iterator[Finding]:
    """Find what mail programs take out, and filters hold against a mail."""
    tags = sorted({str(node.tag) for node in mail.nodes(_ACTIVE)})
    if tags:
        yield Finding(
            "active_content", Gravity.ERROR, f"The HTML has {', '.join(tags)}.",
            "Leave them out: mail programs do not show them, and filters punish them.",
        )  # fmt: skip
    handlers = sorted(
        {name for node in mail.nodes("*") for name in node.attributes if _HANDLER.fullmatch(name)}
    )
    if handlers:
        yield Finding(
            "handlers", Gravity.ERROR, f"The HTML has {', '.join(handlers[:_MOST])}.",
            "Leave them out: nothing in a mail runs.",
        )  # fmt: skip


def structure(mail: ExaminedMail) -> Iterator[Finding]:
    """Find what readers with a narrow screen, or who listen, stumble over."""
    root = next(mail.nodes("html"), None)
    if mail.tree is None or root is None:
        return
    if not root.attributes.get("lang"):
        yield Finding(
            "language_missing", Gravity.NOTE, "The HTML does not say which language it is in.",
            "Write `<html lang=…>`, so that it is read aloud right.",
        )  # fmt: skip
    if not list(mail.nodes("h1, h2, h3")):
        yield Finding(
            "heading_missing", Gravity.NOTE, "The HTML has no heading.",
            "Make the title a `<h1>`: who listens to a mail finds their way by headings.",
        )  # fmt: skip
    widths = [width for node in mail.nodes("[width], [style]") if (width := _width(node)) > _NARROW]
    if widths:
        yield Finding(
            "fixed_width", Gravity.WARNING,
            f"Something is {max(widths)} pixels wide, whatever the screen.",
            "Give it `max-width` or a share, as `width: 100%`: telephones have 320 pixels or more.",
        )  # fmt: skip


def few(found: Iterator[Finding]) -> Iterator[Finding]:
    """Return findings, of each kind only the first few."""
    counted: dict[str, int] = {}
    for one in found:
        counted[one.name] = counted.get(one.name, 0) + 1
        if counted[one.name] <= _MOST:
            yield one


def _width(node: object) -> int:
    """Return how many pixels wide an element is on any screen; 0 where that gives way."""
    attributes = getattr(node, "attributes", {})
    style = attributes.get("style") or ""
    if "max-width" in style:
        return 0
    told = (attributes.get("width") or "").strip().removesuffix("px")
    found = _PIXELS.search(style)
    return int(found[1]) if found else int(told) if told.isdecimal() and len(told) < 6 else 0


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _named(words: str) -> str | None:
    """Return the host that the words of a link name, if they are an address or begin as one."""
    found = _DOMAIN.match(words)
    if found is None or (" " in words and "://" not in words):
        return None
    return None if found[1].rpartition(".")[2].lower() in _FILES else found[1]


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _cut(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}\u2026")
