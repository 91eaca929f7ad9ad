"""What is shown of a digest, from top to bottom? One value for every form, so that none says more.

It begins with the line to reply above and, hidden, the marker by which the gateway knows its own
words when a mail program quotes them, then says what is new, who said what and when, and ends with
how to answer and how to stop. ``fitting`` has decided what there is room for.

Strings are cleaned and not escaped; the HTML template escapes them. ``Markup`` is escaped.
"""

from dataclasses import dataclass

from markupsafe import Markup, escape

from core.brand import Brand
from core.translations import Catalogue
from core.web import web_url
from notifier.rendering.clean import clip, one_line
from notifier.rendering.digest import Digest
from notifier.rendering.fitting import GroupView, fit, weight
from notifier.rendering.palette import PLAIN, Logo, Palette, logo_of, palette_of
from notifier.rendering.said import Saying, shown

_PREHEADER = (40, 110)  # fewer characters look empty in an inbox, more are not shown
_BUTTON = 60  # characters of an app's own words on a button
_OWN_WORDS = 6_000  # octets of HTML for a customer's header, and for the footer


@dataclass(frozen=True, slots=True)
class Labels:
    """The phrases of this page, chosen and filled in; ``hint`` and ``more`` may be empty."""

    top: str
    hint: str
    view: str
    more: str
    shortened: str
    why: str
    stop_here: str
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the reader may answer by opening a link."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A digest, or a question, as its reader meets it, from top to bottom."""

    language: str
    direction: str
    app: str
    title: str
    news: str
    preheader: str
    marker: str
    groups: list[GroupView]
    inbox_url: str | None
    opt_out_url: str
    can_reply: bool
    header: str
    header_html: Markup
    footer: str
    footer_html: Markup
    words: Labels
    choices: tuple[Choice, ...] = ()
    logo: Logo | None = None
    palette: Palette = PLAIN
    postal: tuple[str, ...] = ()
    settings_url: str = ""


def page_of(digest: Digest, words: Catalogue) -> Page:
    """Return what is shown of a digest, in whatever form."""
    app = one_line(digest.app_name, 80)
    inbox = web_url(digest.inbox_url)
    opt_out, settings = web_url(digest.opt_out_url) or "", web_url(digest.settings_url) or ""
    header, header_html = _own_words(digest.header)
    footer, footer_html = _own_words(digest.footer)
    links = len(escape(inbox or "")) * 3 + len(escape(opt_out)) * 2 + len(settings)
    own = len((header_html + footer_html).encode())
    title = one_line(digest.conversation_subject or "", 150)
    # The title stands in three places, the app's name in five.
    names = 3 * weight(title) + 5 * weight(app) + weight((digest.opt_out_text or "")[:120])
    groups, more = fit(digest, words, own + links + names + _brand_cost(digest.brand))
    news = _news(groups, more, words)
    return Page(
        language=words.language,
        direction=words.direction,
        app=app,
        title=title or news,
        news=news,
        preheader=_preheader(groups),
        marker=digest.marker,
        groups=groups,
        inbox_url=inbox,
        opt_out_url=opt_out,
        can_reply=digest.can_reply,
        header=header,
        header_html=header_html,
        footer=footer,
        footer_html=footer_html,
        words=_labels(digest, words, inbox, more, app),
        logo=logo_of(digest.brand),
        palette=palette_of(digest.brand),
        postal=_postal(digest.brand),
        settings_url=settings,
    )


def _labels(digest: Digest, words: Catalogue, inbox: str | None, more: int, app: str) -> Labels:
    """Choose the phrases that fit what this reader may do."""
    answer = words.say("reply_above") if digest.can_reply else words.say("read_only")
    hints = {
        (True, True): "reply_or_view",
        (True, False): "reply_only",
        (False, True): "view_only",
    }
    hint = hints.get((digest.can_reply, inbox is not None))
    opt_out = one_line(digest.opt_out_text or "", 120)
    return Labels(
        top=answer,
        hint=words.say(hint, app=app) if hint else "",
        view=one_line(digest.brand.button_text or "", _BUTTON) or words.say("view_conversation"),
        more=words.count("view_more" if inbox else "more", more) if more else "",
        shortened=words.say("shortened"),
        why=words.say("why", app=app),
        stop_here=opt_out or words.say("unsubscribe_conversation"),
        settings=words.say("email_settings"),
    )


def _news(groups: list[GroupView], more: int, words: Catalogue) -> str:
    names = list(dict.fromkeys(group.name for group in groups)) or [words.say("someone")]
    count = sum(len(group.messages) for group in groups) + more
    return words.count("new_messages", count, names=words.names(names))


def _preheader(groups: list[GroupView]) -> str:
    """Return the first message, and the next ones while it is too short."""
    least, most = _PREHEADER
    said = ""
    for message in (message for group in groups for message in group.messages):
        words = one_line(message.text, most) or ", ".join(file.name for file in message.files)
        said = f"{said} {words}".strip()
        if len(said) >= least:
            break
    return clip(said, most)


def _postal(brand: Brand) -> tuple[str, ...]:
    lines = (one_line(line, 120) for line in (brand.postal_address or "").splitlines())
    return tuple(line for line in lines if line)[:10]


def _brand_cost(brand: Brand) -> int:
    """Return how many octets of HTML a logo, a button's words and an address take at most."""
    urls = (brand.logo_url or "", brand.logo_dark_url or "")
    return weight(*urls, (brand.button_text or "")[:_BUTTON]) + 5 * weight(*_postal(brand))


def _own_words(text: str | None) -> tuple[str, Markup]:
    plain_text, html, _ = shown(Saying(text or ""), _OWN_WORDS)
    return plain_text, html
