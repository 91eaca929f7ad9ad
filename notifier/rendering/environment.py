"""Where do the pages come from? Templates of the package, styled and compiled once a process.

The theme is written with classes and a style sheet and inlined by css-inline before Jinja2 sees
it, so a mail costs only the filling in: mail programs drop ``<style>`` (Gmail's clones, Outlook),
and inlining each mail would cost more than all the rest. For that the HTML parser must understand
the template: Jinja2's blocks are written as comments, ``<!--% if x %-->``, its values as usual.

These templates are ours, so Jinja2's sandbox has nothing to guard here and would take half the
time of a mail; a customer's text is never a template of Jinja2's (``macros``).

The trap: logical margins are not supported in mail, so START and END in the style sheet become
left and right, once for each direction. So do an app's colours: ``PALETTE-link`` in the style sheet
is a value of the page once it is inlined, as are the few of ``_IN_STYLES``.
"""

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined, Template

from core.lazy_import import lazy_import

if TYPE_CHECKING:
    import css_inline
else:
    css_inline = lazy_import("css_inline")

_TEMPLATES = resources.files("notifier.rendering") / "templates"
_SIDES = {"ltr": ("left", "right"), "rtl": ("right", "left")}
_INDENT = re.compile(r"\n\s*")
# What css-inline must not see in a style: it takes braces for rules.
_IN_STYLES = {
    "PHOTO": "url({{ group.photo }})",
    "LOGO-WIDTH": "{{ p.logo.styled[0] }}",
    "LOGO-HEIGHT": "{{ p.logo.styled[1] }}",
}
_PALETTE = re.compile(r"PALETTE-([a-z_]+)")


@lru_cache(maxsize=2)
def template(direction: str) -> Template:
    """Return the page of a mail for a direction of writing, ready to be filled in."""
    source = (_TEMPLATES / "email.html").read_text(encoding="utf-8")
    start, end = _SIDES[direction]
    sided = _INDENT.sub("\n", source).replace("START", start).replace("END", end)
    inlined = _PALETTE.sub(r"{{ p.palette.\1 }}", _inliner().inline(sided))
    for name, value in _IN_STYLES.items():
        inlined = inlined.replace(name, value)
    # Only ASCII: a mail in English then needs no transfer encoding at all.
    return _environment().from_string(inlined.encode("ascii", "xmlcharrefreplace").decode())


@lru_cache(maxsize=1)
def frame_template() -> Template:
    """Return what is ours of a mail that an app has a theme for."""
    return _environment().from_string((_TEMPLATES / "frame.html").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        block_start_string="<!--%",
        block_end_string="%-->",
        comment_start_string="<!--#",
        comment_end_string="#-->",
        trim_blocks=True,
        keep_trailing_newline=True,
    )


@lru_cache(maxsize=1)
def _inliner() -> "css_inline.CSSInliner":
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
