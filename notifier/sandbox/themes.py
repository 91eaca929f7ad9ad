"""Fill in the theme of a role for one mail, or say why that cannot be done: then ours is used.

A child does it, within seconds of a processor, so much memory and so much output, and a few at
once: themes of one app must not take the machine from others. Whatever becomes of it is a value.
"""

import asyncio
import json
from dataclasses import dataclass, field, replace
from functools import partial

from core.child import Bounds, Died, in_child
from core.model.role import Role
from notifier.rendering.bodies import Rendered
from notifier.rendering.view import View
from notifier.sandbox import frame
from notifier.sandbox.theme_values import theme_values

MOST = 90_000  # octets of HTML: Gmail hides what stands behind 102,000, and the way out stands last
_MOST_TEXT = 90_000  # octets of the text part
_CHILD = "notifier.sandbox.theme_child:answer"
_BOUNDS = Bounds(seconds=3, octets=384 << 20, deadline=15.0, alone=True)
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class ThemeFault:
    """A theme that could not be used; ``sentence`` says why."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Themes:
    """What fills themes in. ``free``: as many as may be filled in at once, in one event loop."""

    bounds: Bounds = _BOUNDS
    free: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, _AT_ONCE))

    async def rendered(self, view: View, usual: Rendered) -> Rendered | ThemeFault:
        """Return both bodies as the role's theme has them; what it has none for is the usual."""
        templates = templates_of(view.burst.role)
        if not templates:
            return usual
        made: dict[str, str] = {}
        for form, source in templates.items():
            told = await self._filled(form, source, view)
            if isinstance(told, ThemeFault):
                return told
            made[form] = told
        return await asyncio.to_thread(_framed, made, view, usual)

    async def _filled(self, form: str, source: str, view: View) -> str | ThemeFault:
        """Return what a theme makes of a mail, as foreign as the theme is."""
        asked = {
            "templates": {form: source},
            "values": theme_values(view, markup=form == "html"),
            "most": MOST,
        }
        async with self.free:
            answer = await in_child(_CHILD, json.dumps(asked).encode(), self.bounds)
        if isinstance(answer, Died):
            return ThemeFault(f"theme: it {answer.why}")
        try:
            told = json.loads(answer)
            return ThemeFault(str(told["fault"])) if "fault" in told else str(told[form])
        except (ValueError, LookupError, TypeError):
            return ThemeFault("theme: what came of it cannot be read")


def templates_of(role: Role | None) -> dict[str, str]:
    """Return the templates of a role's theme, by the form they are of."""
    known = {"html": role.theme_html, "text": role.theme_text} if role is not None else {}
    return {form: source for form, source in known.items() if source}


def _framed(made: dict[str, str], view: View, usual: Rendered) -> Rendered | ThemeFault:
    """Put what a theme made into our frame, unless it would be too much or nothing."""
    page = view.page
    html = frame.framed(made["html"], page) if "html" in made else usual.html
    text = frame.framed_text(made["text"], page) if "text" in made else usual.text
    if "html" in made and frame.is_blank(made["html"]):
        return ThemeFault("themeHtml: it says nothing")
    if "text" in made and not made["text"].strip():
        return ThemeFault("themeText: it says nothing")
    if (octets := len(html.encode(errors="replace"))) > MOST:
        return ThemeFault(f"themeHtml: the HTML would have {octets:,} octets, and {MOST:,} may be")
    if (octets := len(text.encode(errors="replace"))) > _MOST_TEXT:
        return ThemeFault(
            f"themeText: the text would have {octets:,} octets, {_MOST_TEXT:,} may be"
        )
    quoted = frame.words_of(html) if "html" in made else ""
    return replace(usual, html=html, text=text, quoted=quoted)
