"""A template that no mail can fill in is refused when it is set, with what was meant."""

import time

import pytest

from core.template_check import wrong_inbox_url, wrong_macro

RIGHT_URLS = [
    "",
    "https://shop.example/inbox",
    "http://localhost:3000/inbox?c={{conversation.id}}",
    "HTTPS://Shop.Example/{{ user.custom.authToken }}",
    "https://{{app.custom.host}}/orders/{{conversation.custom.productId}}",
    "{{app.custom.base}}/c/{{conversation.id}}",
    "https://[2001:db8::1]:8443/x",
    "https://b\u00fccher.example/\u53d7\u4fe1\u7bb1",
    "  https://shop.example/inbox  ",
]
WRONG_URLS = [
    pytest.param("javascript:alert(1)", "must be a web URL", id="javascript"),
    pytest.param("JavaScript://shop.example/%0aalert(1)", "must be a web URL", id="its case"),
    pytest.param(" javascript:alert({{conversation.id}})", "must be a web URL", id="with a macro"),
    pytest.param("data:text/html,<b>hi</b>", "must be a web URL", id="data"),
    pytest.param("vbscript:msgbox", "must be a web URL", id="vbscript"),
    pytest.param("file:///etc/passwd", "must be a web URL", id="file"),
    pytest.param("mailto:bo@shop.example", "must be a web URL", id="mailto"),
    pytest.param("shopapp://inbox/{{conversation.id}}", "must be a web URL", id="an app's own"),
    pytest.param("/inbox/{{conversation.id}}", "must be a web URL", id="relative"),
    pytest.param("inbox.html", "did you mean https://inbox.html?", id="a file"),
    pytest.param("shop.example/inbox", "did you mean https://shop.example/inbox?", id="no scheme"),
    pytest.param("//shop.example/x", "did you mean https://shop.example/x?", id="no scheme at all"),
    pytest.param("htps://shop.example/x", "did you mean https://shop.example/x?", id="misspelt"),
    pytest.param("https:/shop.example/x", "did you mean https://shop.example/x?", id="one slash"),
    pytest.param("https://", "must be a web URL", id="no host"),
    pytest.param("https:///inbox", "must be a web URL", id="three slashes"),
    pytest.param("https://:443/inbox", "names no host", id="a port alone"),
    pytest.param("https://shop..example/", "names no host", id="two dots"),
    pytest.param("https://shop.example:99999/", "cannot be read", id="a port too high"),
    pytest.param("https://[::1/", "cannot be read", id="half a bracket"),
    pytest.param("https://bank.example@shop.example/", "no name or password", id="a name"),
    pytest.param("https://shop.example/\u202einbox", "must be a web URL", id="turned about"),
    pytest.param("{{sender.name}}/inbox", "holds no URL", id="begins with a name"),
    pytest.param("https://shop.example/{{conversaton.id}}", "{{conversation.id}}", id="macro"),
    pytest.param("\u53d7\u4fe1\u7bb1", "must be a web URL", id="words"),
]
WRONG_MACROS = [
    pytest.param("Hi {{sender.nmae}}", "did you mean {{sender.name}}?", id="misspelt"),
    pytest.param("{{Sender.Name}}", "did you mean {{sender.name}}?", id="capitals"),
    pytest.param("{{ sender name }}", "no macro", id="a blank within"),
    pytest.param("{{sender.name", "no macro", id="not closed"),
    pytest.param("{{{sender.name}}}", "did you mean {{sender.name}}?", id="three braces"),
    pytest.param("{{}}", "no macro", id="nothing"),
    pytest.param("{{user.mail}}", "not known", id="what is not told"),
    pytest.param("{{recipient.email}}", "not known", id="an address"),
    pytest.param("{{#if sender.name}}x{{/if}}", "no macro", id="another language's logic"),
    pytest.param("{% if x %}a{% endif %}", "not understood", id="Jinja"),
    pytest.param("{{sender.name|upper}}", "did you mean {{sender.name}}?", id="a filter"),
    pytest.param("{{absender.name}}", "did you mean {{sender.name}}?", id="in German"),
    pytest.param("{{\u9001\u4fe1\u8005}}", "there are app.name", id="in Japanese"),
    pytest.param("{{app.custom.}}", "not known", id="a field without a name"),
    pytest.param("{{app}}", "not known", id="all of it"),
    pytest.param("{{App.Custom.greeting}}", "{{app.custom.greeting}}", id="a map in capitals"),
    pytest.param("{{message}}", "did you mean {{messages}}?", id="one of many"),
]


@pytest.mark.parametrize("url", RIGHT_URLS)
def test_a_link_to_the_web_is_taken(url: str) -> None:
    """With macros in any place where they can be filled in."""
    assert wrong_inbox_url(url) is None


@pytest.mark.parametrize(("url", "why"), WRONG_URLS)
def test_a_link_to_no_web_page_is_refused(url: str, why: str) -> None:
    """With a sentence, and what was meant where that is near."""
    assert why in (wrong_inbox_url(url) or "")


@pytest.mark.parametrize(("template", "why"), WRONG_MACROS)
def test_a_macro_that_is_never_filled_in_is_refused(template: str, why: str) -> None:
    """With the nearest that is there."""
    assert why in (wrong_macro(template) or "")


@pytest.mark.parametrize(
    "template",
    [
        "{{sender.name}} \u2014 {{ app.name }}",
        "{{app.custom.greeting}}, {{recipient.name}}!\n{{messages}}",
        "{{user.custom.k.with.dots}} {{conversation.custom.\u00fcber}}",
        "100 % {no macro} } {",
        "{{conversation.subject}} ({{conversation.id}})",
        "",
    ],
)
def test_what_mails_fill_in_is_taken(template: str) -> None:
    """All that the page of macros names, and braces that are none."""
    assert wrong_macro(template) is None


@pytest.mark.parametrize(
    "one", [*RIGHT_URLS, *(one.values[0] for one in WRONG_URLS + WRONG_MACROS)]
)
def test_it_is_judged_in_bounded_time(one: object) -> None:
    """Cut in the middle, doubled, and behind a megabyte of other text."""
    text = str(one)
    began = time.perf_counter()
    for each in (text[: len(text) // 2], text * 2, "{{a " * 250_000 + text, "x" * (1 << 20) + text):
        wrong_macro(each)
        wrong_inbox_url(each)

    assert time.perf_counter() - began < 2
