"""What a theme may say is a list; all else is refused when it is set, with what was meant."""

import re
from pathlib import Path

import pytest

from notifier.sandbox.theme_language import FILTERS, VARIABLES, ThemeError, checked, environment

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "themes.md"


def wrong(source: str) -> str:
    """Return what is said of a theme, empty if it is taken."""
    try:
        checked(source, environment(markup=True))
    except ThemeError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<p>Hello</p>",
        "{{ title }} {{ app.custom.greeting }} {{ user.custom['a.b'] }}",
        "{% for m in messages %}{{ loop.index }} {{ m.sender.name }} {{ m.time }}{% endfor %}",
        "{% for m in messages %}{% for f in m.files %}{{ f.name }}{% endfor %}{% endfor %}",
        "{% for m in messages if m.answers %}{{ m.answers.text|trim }}{% else %}-{% endfor %}",
        "{% if inboxUrl %}<a href='{{ inboxUrl }}'>{{ words.view }}</a>{% endif %}",
        "{% set n = messages|length %}{{ n }} {{ sender.name|upper|e }}",
        "{% macro box(x) %}<div>{{ x }}</div>{% endmacro %}{{ box(title) }}",
        "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}",
        "{{ messages[0].text }} {{ (messages|last).time }} {{ range(3)|join }}",
        "{% raw %}{{ nothing }}{% endraw %}{# a comment #}",
    ],
)
def test_what_a_mail_has_is_taken(source: str) -> None:
    """Values, loops, conditions, macros of its own."""
    assert wrong(source) == ""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("{{ sender.nmae }}", "did you mean 'name'?", id="a field misspelt"),
        pytest.param("{{ conversaton.id }}", "did you mean 'conversation'?", id="a name misspelt"),
        pytest.param("{% for m in messages %}{{ m.txt }}{% endfor %}", "did you mean 'text'?",
                     id="in a loop"),
        pytest.param("{% for f in messages[0].files %}{{ x }}{% endfor %}", "no mail has 'x'",
                     id="in a loop over nothing known"),
        pytest.param("{{ recipient.email }}", "no mail has 'email'", id="an address"),
        pytest.param("{{ optOutUrl }}", "no mail has 'optOutUrl'", id="the way out is ours"),
        pytest.param("{{ title|uper }}", "Did you mean upper?", id="a filter misspelt"),
        pytest.param("{{ title|safe }}", "No filter named 'safe'", id="safe"),
        pytest.param("{{ title|attr('x') }}", "No filter named 'attr'", id="attr"),
        pytest.param("{{ messages|map(attribute='x') }}", "No filter named 'map'", id="map"),
        pytest.param("{{ title|regex_replace('(a+)+$','') }}", "No filter named", id="a regex"),
        pytest.param("{{ title|urlize }}", "No filter named 'urlize'", id="urlize"),
        pytest.param("{{ title|tojson }}", "No filter named 'tojson'", id="tojson"),
        pytest.param("{{ {}|xmlattr }}", "No filter named 'xmlattr'", id="xmlattr"),
        pytest.param("{% if title is regex('x') %}{% endif %}", "No test named", id="a test"),
        pytest.param("{% if title|safe %}{% endif %}", "No filter named", id="in a condition"),
        pytest.param("{% include '/etc/passwd' %}", "{% include %} is no part", id="include"),
        pytest.param("{% include ['a', 'b'] ignore missing %}", "{% include %}", id="one of two"),
        pytest.param("{% import 'x' as x %}", "{% import %} is no part", id="import"),
        pytest.param("{% from 'x' import y %}", "import %} is no part", id="from"),
        pytest.param("{% extends 'x' %}", "{% extends %} is no part", id="extends"),
        pytest.param("{% autoescape false %}x{% endautoescape %}", "autoescape", id="raw"),
        pytest.param("{{ ''.__class__ }}", "'__class__' is nothing", id="a class"),
        pytest.param("{{ ''['__class__'] }}", "'__class__' is nothing", id="in brackets"),
        pytest.param("{{ title.__class__.__mro__[1].__subclasses__() }}", "is nothing", id="chain"),
        pytest.param("{{ self._TemplateReference__context }}", "is nothing", id="the context"),
        pytest.param("{{ cycler.__init__.__globals__ }}", "is nothing", id="globals"),
        pytest.param("{{ lipsum() }}", "no mail has 'lipsum'", id="lipsum"),
        pytest.param("{{ config }}", "no mail has 'config'", id="config"),
        pytest.param("{{ request.application }}", "no mail has 'request'", id="a request"),
        pytest.param("{{ title", "line 1", id="not closed"),
        pytest.param("a\n{% for x in %}", "line 2", id="half a loop"),
        pytest.param("{% if title %}", "line 1", id="an if that does not end"),
        pytest.param("{% t:if x %}", "line 1", id="of another language"),
        pytest.param("{{#each messages}}{{/each}}", "line 1", id="Handlebars"),
        pytest.param("{% do x %}", "do", id="an extension"),
    ],
)  # fmt: skip
def test_what_no_theme_may_say_is_refused(source: str, words: str) -> None:
    """By the tree of the template: it is not run for that."""
    assert words in wrong(source)


def _names(shape: object, before: str = "") -> set[str]:
    """Return every dotted name there is."""
    if isinstance(shape, list):
        return _names(shape[0], f"{before}[]")
    if not isinstance(shape, dict):
        return {before}
    if not shape:
        return {f"{before}.FIELD"}
    return {name for key, one in shape.items() for name in _names(one, f"{before}.{key}")}


def test_the_page_tells_of_each_and_of_no_other() -> None:
    """docs/themes.md is the whole list: variables and filters."""
    page = _PAGE.read_text("utf-8")
    rows = "".join(re.findall(r"^\| (`[a-z].*?) \|", page, re.MULTILINE))
    told = set(re.findall(r"`([A-Za-z.\[\]]+)`", rows))
    filters = re.search(r"^Filters: (.*?)\.\n", page, re.MULTILINE | re.DOTALL)

    assert told == {name.removeprefix(".") for name in _names(VARIABLES)}
    assert filters is not None
    assert set(re.findall(r"`(\w+)`", filters[1])) == FILTERS
