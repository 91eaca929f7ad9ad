"""Of a theme's CSS only what is known is kept, and it reaches nothing but the theme."""

import re
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from notifier.sandbox.frame import framed
from notifier.sandbox.theme_css import declarations, media_rules
from tests.notifier.sandbox.test_frame import the_page

HIDING = [
    "posi<tion:fixed;top:0",
    "posiurl()tion:absolute;bottom:0",
    "posi@import x;tion:fixed",
    "posi;tion:fixed",
    "position:fixed",
    " POSITION : sticky",
    "pos\\69tion:fixed",
    "pos/**/ition:fixed",
    "filter:opacity(0)",
    "translate:-9999px 0!important",
    "scale:0",
    "rotate:90deg",
    "zoom:0",
    "content-visibility:hidden",
    "visibility:hidden",
    "opacity:0",
    "mask:linear-gradient(#000,#fff)",
    "-webkit-mask:none",
    "text-indent:-9999px",
    "overflow:hidden",
    "clip-path:inset(50%)",
    "clip:rect(0,0,0,0)",
    "box-shadow:0 0 0 9999px #fff",
    "outline:9999px solid #fff",
    "margin:-9px",
    "margin:0 0 -300px",
    "margin-top:-.5em",
    "margin-bottom:calc(0px - 300px)",
    "margin:0 var(--x)",
    "--x:-300px",
    "background:url(https://evil.example/x)",
    "background:URL (x)",
    "background:image-set('x' 1x)",
    "width:expression(alert(1))",
    'font-family:"x',
    "font-family:'x\"",
    "color:rgb(1,2",
    "color:red}a{color:red",
    "color:red</style>",
    "color:" + "r" * 301,
    "all:unset",
    "inset:0",
    "order:9",
    "grid-area:1/1",
]
KEPT = [
    "color: #800",
    "margin:0 auto",
    "MARGIN-TOP:1.5em!important",
    "font:bold 13px/1.5 'Segoe UI',Arial,sans-serif",
    'font-family:"Open Sans"',
    "background:linear-gradient(#fff, #eee 50%)",
    "color:rgba(0,0,0,.5) ! important",
    "letter-spacing:-0.5px",
    "border-top:1px solid #ccc",
    "border-left-width:0",
    "padding:0 8px",
    "table-layout:fixed",
    "display:none",
    "mso-line-height-rule:exactly",
]


@pytest.mark.parametrize("css", HIDING)
def test_what_hides_moves_or_loads_is_not_kept(css: str) -> None:
    """Nor do its pieces make something new; what is left is known by its name."""
    assert re.fullmatch(r"(?:color:red)?", declarations(css))
    assert declarations(f"padding:0;{css.partition(';')[0]};width:9px") in {
        "padding:0;width:9px",
        "",  # one that is written with escapes or comments
    }


@pytest.mark.parametrize("css", KEPT)
def test_what_makes_a_mail_look_is_kept(css: str) -> None:
    """As it was written."""
    assert declarations(css) == css
    assert media_rules(f"@media all{{p{{{css}}}}}") == f"@media all{{.own-theme p{{{css}}}}}"


@pytest.mark.parametrize("css", HIDING)
@pytest.mark.parametrize(
    "selector", ["div", "div,a", "*", "body", "body > div", ".own-theme ~ div"]
)
def test_no_rule_reaches_the_frame(selector: str, css: str) -> None:
    """In a whole page: no property of the attack is in it, and each selector is of the theme."""
    attack = f"<style>@media all{{{selector}{{color:red;{css}}}}}</style><p>Words</p>"
    tree = LexborHTMLParser(framed(attack, the_page()))
    rules = "".join(one.text(deep=True) for one in tree.css("style")).strip()

    inner = rules.removeprefix("@media all{").removesuffix("}")
    for rule in filter(None, inner.split("}")):
        selectors, _, body = rule.partition("{")
        assert all(one.startswith(".own-theme") for one in selectors.split(","))
        assert {one.partition(":")[0] for one in body.split(";")} <= {"color"}
    assert [str(one.tag) for one in tree.css("body > *")][-1] == "div"


@pytest.mark.parametrize(
    ("selector", "scoped"),
    [
        ("h1", ".own-theme h1"),
        ("h1, .big a:hover", ".own-theme h1,.own-theme .big a:hover"),
        ("body", ".own-theme"),
        (":root", ".own-theme"),
        ("body > p", ".own-theme > p"),
        ("bodyguard", ".own-theme bodyguard"),
        ("td[class='x y']", ".own-theme td[class='x y']"),
        ("~ div", ""),
        ("+ div", ""),
        ("> p", ""),
        ("h1,", ""),
        ("a[b", ""),
        ("a['", ""),
        (":is(x) ~ div", ""),
        ("a" * 301, ""),
    ],
)
def test_selectors_begin_with_what_a_theme_stands_in(selector: str, scoped: str) -> None:
    """One that could reach beside it takes its rule with it."""
    told = media_rules(f"@media print{{{selector}{{color:red}}}}")
    assert told == (f"@media print{{{scoped}{{color:red}}}}" if scoped else "")


@pytest.mark.parametrize(
    "sheet",
    [
        "@media all{div{color:red}",
        "@media all{@media all{div{color:red}}}",
        "@media all{@font-face{src:url(x)}}",
        "@media (all{div{color:red}}",
        "@media <all{div{color:red}}",
        "@media all;div{color:red}",
        "@supports (color:red){div{color:red}}",
        "@import 'https://evil.example/x.css';",
        "div{color:red}",
    ],
)
def test_what_is_no_plain_rule_of_a_query_goes(sheet: str) -> None:
    """Whatever does not end, stands within another, or is of another kind."""
    assert media_rules(sheet) == ""


@pytest.mark.parametrize(
    "unit",
    ["margin: ", "margin:0 ", "@font-face{", "@media ", "@media all{", "@media all{a{", "rgb(",
     "font:'", "a[b=", "}", "{", ";", ":", "color:red;", "@media x{p{color:red}}"],
)  # fmt: skip
def test_no_text_is_read_over_and_over(unit: str) -> None:
    """What is as long as a theme may be takes no seconds: the pass is linear."""
    css = unit * (90_000 // len(unit))
    began = time.process_time()
    declarations(css)
    media_rules(css)
    assert time.process_time() - began < 2
