"""How does a page read? The same facts twice: as plain text and as HTML, ``templates/email.html``.

For every channel that shows more than a line: a mail carries both, and neither says more than the
other.
"""

from dataclasses import dataclass

from notifier.rendering import markup, text_body
from notifier.rendering.environment import template
from notifier.rendering.page import Page


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it is sent: two equal bodies, what an inbox previews, and the marker.

    ``quoted``: the words of the HTML where they are others than the text's. ``theme_fault``: why
    the role's own theme was not used; empty if it was, or there is none.
    """

    text: str
    html: str
    preheader: str
    marker: str
    quoted: str = ""
    theme_fault: str = ""


def render(page: Page) -> Rendered:
    """Fill a page in."""
    html = markup.recoloured(template(page.direction).render(p=page), page.palette.link)
    return Rendered(text_body.render(page), html, page.preheader, page.marker)
