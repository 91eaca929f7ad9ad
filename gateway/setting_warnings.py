"""What is worth a word about settings that were just set? Taken they are: these are no refusals.

A macro that will be empty, and what is found in a mail that is written in them and not in one
without: what the installation lacks (a signature, TLS) is not told each time a role is changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.check_finding import Finding, Gravity
from core.mail_preview import MailPreviews, PreviewWish
from core.model.app import App
from core.model.role import Role
from core.template_check import app_fields, empty_field

TEMPLATES = ("subject", "header", "footer", "inbox_url")


async def warnings_of(
    wish: PreviewWish, changes: Mapping[str, Any], previews: MailPreviews | None
) -> list[Finding]:
    """Return what is to be told of the changes of a role, as it stands in the wish."""
    texts = {name: str(changes[name]) for name in changes if name in TEMPLATES and changes[name]}
    told = list(_empty_fields(texts, wish.app))
    if previews is None or not texts:
        return told
    bare = replace(wish, role=Role(app_id=wish.app.app_id, name="default"))
    usual = {one.name for one in (await previews.preview(bare)).findings}
    shown = await previews.preview(wish)
    return told + [one for one in shown.findings if one.name not in usual]


def _empty_fields(texts: Mapping[str, str], app: App) -> Iterator[Finding]:
    for field in dict.fromkeys(one for text in texts.values() for one in app_fields(text)):
        why = empty_field(field, app.custom, app.default_locale)
        if why is not None:
            command = f'rejoinder app set {app.app_id} \'custom={{"{field[:60]}": "\u2026"}}\''
            mend = f"Set it, as in `{command}`."
            yield Finding("field_empty", Gravity.WARNING, f"{why}.", mend)
