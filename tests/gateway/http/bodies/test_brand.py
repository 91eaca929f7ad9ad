"""What is no logo, no colour and no name is refused when it is set, with what was meant."""

from contextlib import suppress
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.http.bodies.apps import AppBody, RoleBody
from gateway.http.bodies.brand import BrandBody, brand_shape

REFUSED = [
    pytest.param("accentColor", "blue", "must be a colour as #1d4ed8", id="a word"),
    pytest.param("accentColor", "1d4ed8", "did you mean #1d4ed8?", id="no hash"),
    pytest.param("accentColor", 123456, "did you mean #123456?", id="digits alone"),
    pytest.param("accentColor", "rgb(29, 78, 216)", "did you mean #1d4ed8?", id="rgb"),
    pytest.param("accentColor", "rgb(999, 0, 0)", "as #1d4ed8", id="no colour of rgb"),
    pytest.param("accentColor", "#1d4ed8ff", "did you mean #1d4ed8?", id="with an alpha"),
    pytest.param("accentColor", "#1d4ed8;background:url(x)", "a colour", id="more style"),
    pytest.param("accentColor", "", "a colour", id="nothing"),
    pytest.param("accentColor", ["#1d4ed8"], "a colour", id="a list of colours"),
    pytest.param("accentDarkColor", "#12", "a colour", id="two digits"),
    pytest.param("acentColor", "#1d4ed8", "did you mean 'accentColor'?", id="a letter left out"),
    pytest.param("accentColour", "#1d4ed8", "did you mean 'accentColor'?", id="British"),
    pytest.param("logo", "https://a.test/l.png", "did you mean 'logoUrl'?", id="half a name"),
    pytest.param("logoUrl", "http://a.test/l.png", "did you mean https://a.test/l.png?", id="http"),
    pytest.param("logoUrl", "a.test/l.png", "did you mean https://a.test/l.png?", id="no scheme"),
    pytest.param("logoUrl", "/l.png", "web URL, as https://shop.example/logo.png", id="a path"),
    pytest.param("logoUrl", "data:image/png;base64,AAAA", "must be a web URL", id="a picture"),
    pytest.param("logoUrl", "javascript:alert(1)", "must be a web URL", id="a script"),
    pytest.param("logoUrl", "https://me@a.test/l.png", "no name or password", id="a user"),
    pytest.param("logoUrl", "https://a.test/l.svg?v=1", "is an SVG", id="an SVG"),
    pytest.param("logoUrl", "https://a.test/{{user.id}}.png", "one address", id="a tracker"),
    pytest.param("logoUrl", " ", "must be a web URL", id="a blank"),
    pytest.param("logoDarkUrl", "ftp://a.test/l.png", "must be a web URL", id="ftp"),
    pytest.param("logoWidth", 5_000, "from 16 to 320 (pixels)", id="a poster"),
    pytest.param("logoWidth", "40px", "from 16 to 320", id="with a unit"),
    pytest.param("logoHeight", 0, "from 16 to 120", id="no height"),
    pytest.param("buttonText", "{{app.nam}}", "{{app.name}}", id="a macro nobody knows"),
    pytest.param("buttonText", "Open\nit", "one line", id="two lines"),
    pytest.param("buttonText", " ", "must not be blank", id="a blank button"),
    pytest.param("fromName", "{{sender.name}}", "name the app too", id="the sender alone"),
    pytest.param("fromName", "{{sender.name}} !", "name the app too", id="a sign"),
    pytest.param("fromName", "{{recipient.name}} at {{app.name}}", "nobody's", id="the reader"),
    pytest.param("fromName", "{{conversation.subject}} {{app.name}}", "nobody's", id="a title"),
    pytest.param("fromName", "{{sender.nam}} via {{app.name}}", "sender.name", id="misspelt"),
    pytest.param("fromName", "x" * 201, "200", id="too long"),
    pytest.param("postalAddress", "{{app.name}}", "not filled in", id="a macro in the address"),
    pytest.param("postalAddress", "\n \n", "must not be blank", id="blank lines"),
    pytest.param("postalAddress", "\n".join("abcdefghi"), "at most 8 lines", id="nine lines"),
    pytest.param("postalAddress", "x" * 501, "500", id="a long address"),
]


@pytest.mark.parametrize(("field", "value", "said"), REFUSED)
@pytest.mark.parametrize("body", [AppBody, RoleBody])
def test_what_no_mail_can_show_is_refused(
    body: type[AppBody | RoleBody], field: str, value: Any, said: str
) -> None:
    """With a sentence, for an app as for a role."""
    with pytest.raises(ValidationError) as told:
        body.model_validate({"brand": {field: value}})

    assert said in str(told.value.errors()[0]["msg"])


@pytest.mark.parametrize(("field", "value", "said"), REFUSED)
def test_cut_doubled_or_behind_a_megabyte(field: str, value: Any, said: str) -> None:
    """Whatever is made of it, it is taken or refused, and nothing else."""
    text = str(value)
    for one in (text[: len(text) // 2], text * 2, "x" * 1_000_000 + text):
        with suppress(ValidationError):
            taken = BrandBody.model_validate({field: one}).changes()
            assert len(str(taken)) < 3_000, said


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("accentColor", "#0AF", "#00aaff"),
        ("accentDarkColor", " #8FB4FF ", "#8fb4ff"),
        ("logoUrl", "https://cdn.a.test/l.png?v=2", "https://cdn.a.test/l.png?v=2"),
        ("logoDarkUrl", "HTTPS://a.test/d.webp", "HTTPS://a.test/d.webp"),
        ("logoWidth", "120", 120),
        ("buttonText", " {{app.custom.button}} ", "{{app.custom.button}}"),
        ("buttonText", "Otwórz rozmowę", "Otwórz rozmowę"),
        ("fromName", "{{sender.name}} via {{app.name}}", "{{sender.name}} via {{app.name}}"),
        ("fromName", "{{ sender.name }} (Acme)", "{{ sender.name }} (Acme)"),
        ("fromName", "ฝ่ายบริการ", "ฝ่ายบริการ"),
        ("fromName", "{{app.custom.team}}", "{{app.custom.team}}"),
        ("postalAddress", "Acme GmbH\r\n  Hauptstr.  1 \r\n\r\n10115 Berlin\r\n",
         "Acme GmbH\nHauptstr. 1\n10115 Berlin"),
    ],
)  # fmt: skip
def test_what_a_mail_can_show_is_taken(field: str, value: Any, kept: Any) -> None:
    """In one spelling."""
    (taken,) = BrandBody.model_validate({field: value}).changes().values()

    assert taken == kept


def test_it_is_shown_with_all_its_fields() -> None:
    """So that whoever looks learns what there is; what nobody knows is left out."""
    shown = brand_shape({"accent_color": "#00aaff", "font": "Comic"})

    assert shown["accentColor"] == "#00aaff"
    assert set(shown) == {one.alias for one in BrandBody.model_fields.values()}
    assert sum(value is not None for value in shown.values()) == 1
    assert set(brand_shape(None).values()) == {None}
