"""A page as some see it: the rules for them hold for whoever opens it."""

import time

import pytest

from notifier.rendering.variants import dark, narrow

_HEAD = "<html><head><style>{}</style></head><body>x</body></html>"


@pytest.mark.parametrize(
    "query",
    [
        "@media (prefers-color-scheme: dark)",
        "@media(prefers-color-scheme:dark)",
        "@media screen and (prefers-color-scheme : dark)",
        "@MEDIA (PREFERS-COLOR-SCHEME: DARK)",
    ],
)
def test_rules_for_a_dark_theme_hold(query: str) -> None:
    """However the query is written, and whatever comes behind it."""
    page = dark(_HEAD.format(query + " { .a { color: #fff } .b { x: y } } .c { z: 1 }"))

    assert "prefers-color-scheme" not in page.lower()
    assert " .a { color: #fff } .b { x: y }  .c { z: 1 }" in page
    assert "color-scheme:dark" in page


@pytest.mark.parametrize(
    ("width", "holds"), [("480", True), ("320", True), ("319", False), ("600", True)]
)
def test_rules_for_narrow_screens_hold(width: str, holds: bool) -> None:  # noqa: FBT001
    """Those for 320 pixels or more; and the page is so narrow."""
    page = narrow(_HEAD.format(f"@media (max-width: {width}px) {{ .a {{ color: red }} }}"))

    assert ("@media" not in page) is holds
    assert "max-width:320px" in page


@pytest.mark.parametrize(
    "page", ["", "<p>x", "<style>@media (prefers-color-scheme: dark) {", "}}}{"]
)
def test_what_is_no_whole_page_is_left_as_it_is(page: str) -> None:
    """A block that does not end, no head: nothing is lost."""
    assert dark(page).replace("</style>", "") in {page, page.rpartition("@media")[0]}
    assert narrow(page) == page


@pytest.mark.parametrize(
    "unit",
    [
        "@media ",
        "@media (prefers-color-scheme:dark){",
        "@media (max-width:480px){",
        "@media prefers-color-scheme:dark ",
    ],
)
def test_no_page_is_read_over_and_over(unit: str) -> None:
    """One that is as long as a mail may be takes no seconds, whatever it repeats."""
    page = unit * (75_000 // len(unit))
    began = time.process_time()
    dark(page)
    narrow(page)
    assert time.process_time() - began < 2
