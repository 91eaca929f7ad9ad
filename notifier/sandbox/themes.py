"""Fill in the theme of a role for one mail, or say why that cannot be done: then ours is used.

A child does it, within seconds of a processor, so much memory and so much output. There are a few
at once and one of each app, and nobody waits long for a place: the themes of one app must not take
the machine from others, nor hold their mails up. Whatever becomes of it is a value.
"""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from weakref import WeakValueDictionary

from core.child import Bounds, Died, in_child
from core.model.role import Role
from notifier.rendering.bodies import Rendered
from notifier.rendering.view import View
from notifier.sandbox import frame
from notifier.sandbox.theme_values import theme_values

# Octets of a part. Gmail hides what stands behind 102,000 of a mail, the way out stands last, and
# what is not ASCII may be written as base64: a third more.
MOST = 75_000
_MOST_ANSWER = 6 * MOST + 1_000  # octets of JSON: one octet may be written as six
_CHILD = "notifier.sandbox.theme_child:answer"
_BOUNDS = Bounds(seconds=3, octets=384 << 20, deadline=15.0, alone=True)
_AT_ONCE = 2
_SETTING = {"html": "themeHtml", "text": "themeText"}


@dataclass(frozen=True, slots=True)
class ThemeFault:
    """A theme that could not be used; ``sentence`` says why."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Themes:
    """What fills themes in. ``free``: as many as may be filled in at once, in one event loop.

    ``turns``: whose turn it is, by app. ``wait_seconds``: seconds that a mail waits for a place.
    """

    bounds: Bounds = _BOUNDS
    free: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, _AT_ONCE))
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    wait_seconds: float = 8.0

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
        async with AsyncExitStack() as places:
            turn = self.turns.setdefault(view.burst.app.app_id, asyncio.Lock())
            try:
                async with asyncio.timeout(self.wait_seconds):
                    await places.enter_async_context(turn)
                    await places.enter_async_context(self.free)
            except TimeoutError:
                return ThemeFault("theme: there is no room for it just now")
            answer = await in_child(_CHILD, json.dumps(asked).encode(), self.bounds)
        if isinstance(answer, Died):
            return ThemeFault(f"theme: it {answer.why}")
        return await asyncio.to_thread(_read, answer, form)


def templates_of(role: Role | None) -> dict[str, str]:
    """Return the templates of a role's theme, by the form they are of."""
    known = {"html": role.theme_html, "text": role.theme_text} if role is not None else {}
    return {form: source for form, source in known.items() if source}


def _read(answer: bytes, form: str) -> str | ThemeFault:
    """Read what the child wrote, which may be anything; its length is judged before all else."""
    if len(answer) > _MOST_ANSWER:
        return ThemeFault(f"{_SETTING[form]}: it makes too much")
    try:
        told = json.loads(answer)
        if "fault" in told:
            return ThemeFault(str(told["fault"])[:600])
        made = str(told[form])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ThemeFault("theme: what came of it cannot be read")
    return _too_long(form, made) or made


def _too_long(form: str, text: str) -> ThemeFault | None:
    """Return the fault of a text that is longer than a part may be."""
    if (octets := len(text.encode(errors="replace"))) <= MOST:
        return None
    return ThemeFault(f"{_SETTING[form]}: it would have {octets:,} octets, and {MOST:,} may be")


def _framed(made: dict[str, str], view: View, usual: Rendered) -> Rendered | ThemeFault:
    """Put what a theme made into our frame, unless it would be too much or nothing."""
    page = view.page
    if "html" in made and frame.is_blank(made["html"]):
        return ThemeFault("themeHtml: it says nothing")
    if "text" in made and not made["text"].strip():
        return ThemeFault("themeText: it says nothing")
    html = frame.framed(made["html"], page) if "html" in made else usual.html
    text = frame.framed_text(made["text"], page) if "text" in made else usual.text
    for form, whole in (("html", html), ("text", text)):
        if form in made and (fault := _too_long(form, whole)) is not None:
            return fault
    quoted = frame.words_of(html) if "html" in made else ""
    return replace(usual, html=html, text=text, quoted=quoted)
