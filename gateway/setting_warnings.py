"""What is worth a word about settings that were just set? Taken they are: these are no refusals.

A macro that will be empty, and what is found in a mail that is written in them and not in one
without: what the installation lacks (a signature, TLS) is not told each time a role is changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.check_finding import Finding, Gravity
from core.errors import InvalidRequest, NotAllowed
from core.mail_preview import MailPreview, MailPreviews, PreviewWish
from core.model.app import App
from core.model.role import Role
from core.template_check import app_fields, empty_field

THEME = ("theme_html", "theme_text")
TEMPLATES = ("subject", "header", "footer", "inbox_url", *THEME)


async def refuse_theme(wish: PreviewWish, previews: MailPreviews | None) -> MailPreview:
    """Return a mail in the theme of a role, or raise InvalidRequest if none can be written."""
    if previews is None:
        raise NotAllowed("This process writes no mails, and checks no themes.", code="NO_PREVIEWS")
    shown = await previews.preview(wish)
    if shown.theme_fault:
        raise InvalidRequest(shown.theme_fault)
    return shown


async def warnings_of(
    wish: PreviewWish,
    changes: Mapping[str, Any],
    previews: MailPreviews | None,
    shown: MailPreview | None = None,
) -> list[Finding]:
    """Return what is to be told of the changes of a role, as it stands in the wish.

    ``shown``: the mail in them, if that is there already.
    """
    texts = {name: str(changes[name]) for name in changes if name in TEMPLATES and changes[name]}
    told = list(_empty_fields(texts, wish.app))
    if previews is None or not texts:
        return told
    bare = replace(wish, role=Role(app_id=wish.app.app_id, name="default"))
    usual = {one.name for one in (await previews.preview(bare)).findings}
    shown = shown or await previews.preview(wish)
    return told + [one for one in shown.findings if one.name not in usual]


def _empty_fields(texts: Mapping[str, str], app: App) -> Iterator[Finding]:
    for field in dict.fromkeys(one for text in texts.values() for one in app_fields(text)):
        why = empty_field(field, app.custom, app.default_locale)
        if why is not None:
            command = f'rejoinder app set {app.app_id} \'custom={{"{field[:60]}": "\u2026"}}\''
            mend = f"Set it, as in `{command}`."
            yield Finding("field_empty", Gravity.WARNING, f"{why}.", mend)
