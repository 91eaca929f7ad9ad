"""What does a theme see of a mail? What its page shows, and the macros' values; a documented list.

No address, no token but the one in the inbox URL, nothing of another reader's. The texts are those
of the page: cleaned, shortened, in the reader's language. ``theme_language.VARIABLES`` names them
all, and docs/themes.md tells of each.
"""

from typing import Any

from notifier.rendering.burst import variables_of
from notifier.rendering.clean import part
from notifier.rendering.fitting import GroupView, MessageView
from notifier.rendering.page import Page
from notifier.rendering.view import View


def theme_values(view: View, *, markup: bool) -> dict[str, Any]:
    """Return the values, all of them JSON. ``markup``: header and footer as HTML."""
    page = view.page
    return {
        **{name: _cleaned(value) for name, value in variables_of(view.burst).items()},
        "messages": [_message(one, group) for group in page.groups for one in group.messages],
        "title": page.title,
        "news": page.news,
        "header": str(page.header_html) if markup else page.header,
        "footer": str(page.footer_html) if markup else page.footer,
        "inboxUrl": page.inbox_url or "",
        "canReply": page.can_reply,
        "language": page.language,
        "direction": page.direction,
        "words": _words(page),
    }


def _message(one: MessageView, group: GroupView) -> dict[str, Any]:
    answers = {"name": one.answers[0], "text": one.answers[1]} if one.answers else None
    return {
        "sender": {"name": group.name, "photoUrl": group.photo or ""},
        "text": one.text,
        "formattedText": str(one.html),
        "time": one.time,
        "day": group.day if one is group.messages[0] else "",
        "shortened": one.shortened,
        "answers": answers,
        "files": [{"name": f.name, "url": f.url or "", "size": f.size} for f in one.files],
    }


def _cleaned(value: Any) -> Any:
    """Return what the app or its people said without what nobody sees; the page's own is clean."""
    match value:
        case str():
            return part(value)
        case dict():
            return {key: _cleaned(one) for key, one in value.items()}
        case _:
            return value


def _words(page: Page) -> dict[str, str]:
    words = page.words
    return {
        "view": words.view,
        "more": words.more,
        "hint": words.hint,
        "shortened": words.shortened,
    }
