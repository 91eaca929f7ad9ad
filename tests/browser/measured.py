"""What is measured of a mail in a browser: whether all of it can be read, and nothing runs out.

The colours of each piece of text and of what it stands on are asked of the page, and their contrast
counted as they are and as mail programs turn them.
"""

from typing import Any

from core.colour import contrast
from tests.browser.chromium import Browser
from tests.support.turned_colours import WAYS

# Each colour of words with what it stands on, and a few of those words.
_PAIRS = """(() => {
  const hex = text => text.match(/[\\d.]+/g).map(Number);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = hex(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = {}, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walk.nextNode();) {
    const words = node.data.trim(), box = document.createRange();
    box.selectNodeContents(node);
    if (!words || !box.getClientRects().length) continue;
    const ink = hex(getComputedStyle(node.parentElement).color).slice(0, 3);
    found[JSON.stringify([ink, ground(node.parentElement)])] = words.slice(0, 20);
  }
  return Object.entries(found).map(([pair, words]) => [...JSON.parse(pair), words]);
})()"""
_PAST_THE_EDGE = """[...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect(), within = getComputedStyle(one).display !== 'none';
  return within && (box.right > innerWidth + .5 || box.left < -.5);
}).map(one => one.className || one.tagName)"""
_WIDTH = "[document.documentElement.scrollWidth, document.body.scrollWidth]"
Pair = tuple[str, str, str]


def colour_pairs(browser: Browser) -> list[Pair]:
    """Return the colours of words, of what they stand on, and some of those words."""
    return [(_hex(ink), _hex(ground), words) for ink, ground, words in browser.value(_PAIRS)]


def least_contrast(pairs: list[Pair], *, turned: bool) -> dict[str, tuple[float, Pair]]:
    """Return the worst contrast as it is, and in each way in which colours are turned."""
    ways: dict[str, Any] = {"as it is": lambda pair: pair, **(WAYS if turned else {})}
    return {
        name: min((round(contrast(*way(pair[:2])), 2), pair) for pair in pairs)
        for name, way in ways.items()
    }


def runs_out(browser: Browser, width: int) -> list[str]:
    """Return what is wider than the window; nothing if there is no way to scroll aside."""
    if max(browser.value(_WIDTH)) <= width:
        return list(browser.value(_PAST_THE_EDGE))
    return [f"scrolls: {browser.value(_WIDTH)}", *browser.value(_PAST_THE_EDGE)]


def _hex(parts: list[float]) -> str:
    return "#" + bytes(round(one) for one in parts).hex()
