"""A theme filled in, in a process that holds nothing: JSON in, JSON out.

Given: ``templates`` (``html``, ``text``: either or both), ``values``, ``most`` (characters of what
may come out). Answered: ``html`` and ``text``, with style sheets written inline as mail programs
need it; or ``fault``, a sentence.

The trap: the values of one mail go in as JSON, so what is markup already comes as a text. It is
known by its name.
"""

# What Python and Jinja2 import when they first need it is imported here: later nothing opens.
import encodings.unicode_escape  # noqa: F401
import json
from typing import Any

import css_inline
import jinja2.debug  # noqa: F401
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from notifier.sandbox.theme_language import ThemeError, checked, environment

MARKUP = frozenset({"formattedText", "header", "footer"})
_SETTING = {"html": "themeHtml", "text": "themeText"}


def answer(given: bytes) -> bytes:
    """Fill a theme in."""
    asked = json.loads(given)
    told: dict[str, str] = {}
    for form, source in asked["templates"].items():
        try:
            told[form] = _filled(form, source, asked)
        except RecursionError:
            return _fault(form, "goes too deep")
        except (ThemeError, TemplateError) as error:
            return _fault(form, str(error))
        except MemoryError:
            raise  # ``core.child`` ends the process by it
        except Exception as error:  # noqa: BLE001  whatever it is, it is the theme's
            return _fault(form, f"{type(error).__name__}: {error}")
    return json.dumps(told).encode()


def _filled(form: str, source: str, asked: dict[str, Any]) -> str:
    env = environment(markup=form == "html")
    checked(source, env)
    values = asked["values"]
    text = _generated(env, source, _marked(values) if form == "html" else values, asked["most"])
    if form == "text":
        return text
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    inlined = str(inliner.inline(text))
    if len(inlined) > asked["most"]:  # a style sheet is written into each element that it is for
        raise ThemeError(f"makes more than {asked['most']:,} characters with its styles")
    return inlined


def _generated(
    env: ImmutableSandboxedEnvironment, source: str, values: dict[str, Any], most: int
) -> str:
    """Return what a template says, as long as it is no longer than it may be."""
    pieces: list[str] = []
    room = most
    for piece in env.from_string(source).generate(values):
        room -= len(piece)
        if room < 0:
            raise ThemeError(f"makes more than {most:,} characters")
        pieces.append(piece)
    return "".join(pieces)


def _marked(value: Any, name: str = "") -> Any:
    """Return values with those that are markup marked so, or they would be escaped again."""
    if isinstance(value, dict):
        return {key: _marked(one, key) for key, one in value.items() if key != "custom"} | (
            {"custom": value["custom"]} if "custom" in value else {}
        )
    if isinstance(value, list):
        return [_marked(one) for one in value]
    return Markup(value) if isinstance(value, str) and name in MARKUP else value  # noqa: S704


def _fault(form: str, sentence: str) -> bytes:
    return json.dumps({"fault": f"{_SETTING[form]}: {sentence[:500]}"}).encode()
