"""Golden mails in a real Chromium: measured, and kept as small pictures in docs/pictures.

    make pictures                                all of them, and the pictures anew
    .venv/bin/python tests/browser/run.py de     those of a language; nothing is written

Each mail is shown in light, dark, turned round by a filter and by the browser itself, with and
without pictures, at 320, 360 and 600 pixels. What cannot be read, or runs out at the side, is told.
Exit 1 if anything does not hold, 2 if there is no Chromium.
"""

import base64
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.colour import READABLE
from tests.browser import png
from tests.browser.chromium import Browser, NoBrowserError, browser
from tests.browser.mails import PICTURES, WORDS, golden
from tests.browser.measured import colour_pairs, least_contrast, runs_out
from tests.support.digests import render

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
CLIPPED = 60_000
_TURN = "filter:invert(1) hue-rotate(180deg)"
_FILTER = f"<style>html{{{_TURN}}}img,.photo{{{_TURN}}}</style>"
_SHEET = "<body style='margin:0;background:#c9ced6;padding:8px;white-space:nowrap'>{}</body>"
_PICTURE = (
    '<img width="200" style="vertical-align:top;margin-right:8px" src="data:image/png;base64,{}">'
)
_PHONE = 320


def main() -> int:
    """Look at the mails that were asked for, and tell what does not hold."""
    asked = sys.argv[1:]
    try:
        with browser(PICTURES) as one:
            wrong = [told for name in asked or WORDS for told in _looked_at(one, name)]
            for name in () if asked else WORDS:
                _kept(one, name)
    except NoBrowserError as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    sys.stdout.write("".join(f"WRONG {told}\n" for told in wrong))
    return 1 if wrong else 0


def _looked_at(one: Browser, name: str) -> Iterator[str]:
    """Yield what is wrong with the mail of a language, wherever it is read."""
    html = render(golden(name, logo=True)).html
    if len(html.encode()) > CLIPPED:
        yield f"{name}: {len(html.encode())} octets of HTML"
    for width in (_PHONE, 360, 600):
        for dark in (False, True):
            where = f"{name} at {width} in the {'dark' if dark else 'light'}"
            with one.page(html, width, dark=dark):
                yield from (f"{where}: {out} runs out" for out in runs_out(one, width))
                told = least_contrast(colour_pairs(one), turned=not dark)
            sys.stdout.write(f"{where}: " + ", ".join(f"{k} {v[0]}" for k, v in told.items()))
            sys.stdout.write("\n")
            for way, (ratio, pair) in told.items():
                if ratio < READABLE:
                    yield f"{where}, {way}: {ratio} of {pair}"
    if not _hides_what_failed(one, name):
        yield f"{name}: a photo that does not load is not as one that is not there"


def _hides_what_failed(one: Browser, name: str) -> bool:
    """Tell whether a mail whose photos do not load looks as one that has none, to the pixel."""
    mail = golden(name)
    bare = tuple(replace(message, sender_photo_url=None) for message in mail.messages)
    failed = _seen(one, render(mail).html, pictures=False)
    return png.read(failed) == png.read(_seen(one, render(replace(mail, messages=bare)).html))


def _kept(one: Browser, name: str) -> None:
    """Write a sheet: light, dark, turned by a filter, turned by the browser, without pictures."""
    html = render(golden(name, logo=True)).html
    shown = [
        _seen(one, html),
        _seen(one, html, dark=True),
        _seen(one, html.replace("</head>", f"{_FILTER}</head>")),
        _seen(one, html, by_browser=True),
        _seen(one, html, pictures=False),
    ]
    encoded = (base64.b64encode(octets).decode() for octets in shown)
    sheet = _SHEET.format("".join(map(_PICTURE.format, encoded)))
    with one.page(sheet, len(shown) * 208 + 8):
        octets = png.small(png.read(one.picture()))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"mail-{name}.png").write_bytes(octets)
    sys.stdout.write(f"docs/pictures/mail-{name}.png: {len(octets)} octets\n")


def _seen(
    one: Browser, html: str, *, dark: bool = False, by_browser: bool = False, pictures: bool = True
) -> bytes:
    """Return a mail as a phone shows it."""
    one.pictures = PICTURES if pictures else {}
    with one.page(html, _PHONE, dark=dark, turned=by_browser):
        octets = one.picture()
    one.pictures = PICTURES
    return octets


if __name__ == "__main__":
    sys.exit(main())
