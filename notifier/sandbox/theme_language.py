"""Which words may a theme use? Jinja2 without what reaches out, and the values of one mail.

A theme is an app's, and so hostile until shown otherwise: no file is loaded, nothing of Python is
reached, nothing is unescaped. What is left out is refused when the theme is set, by the tree of the
template and not by running it; at run time the sandbox refuses the rest.

The trap: marking text as safe is how a person's words would become markup. So ``safe`` and
``{% autoescape %}`` are no part of the language.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from jinja2 import ChainableUndefined, nodes
from jinja2.exceptions import TemplateAssertionError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset(
    {
        "abs",
        "batch",
        "capitalize",
        "count",
        "d",
        "default",
        "e",
        "escape",
        "filesizeformat",
        "first",
    }
    | {"float", "format", "indent", "int", "join", "last", "length", "list", "lower", "max", "min"}
    | {
        "replace",
        "reverse",
        "round",
        "slice",
        "sort",
        "string",
        "striptags",
        "sum",
        "title",
        "trim",
    }
    | {"truncate", "unique", "upper", "urlencode", "wordcount", "wordwrap"}
)
GLOBALS = ("range", "namespace")
_BARRED = {
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from … import %}",
    nodes.Extends: "{% extends %}",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
    nodes.EvalContextModifier: "{% autoescape %}",
}

# What a mail's theme may name: a map by its fields; a list by what each of it is; None: a value;
# ANY: fields that the app names.
ANY: dict[str, Any] = {}
_PERSON = {"id": None, "name": None, "locale": None, "custom": ANY}
_MESSAGE = {
    "sender": {"name": None, "photoUrl": None},
    "text": None,
    "formattedText": None,
    "time": None,
    "day": None,
    "shortened": None,
    "answers": {"name": None, "text": None},
    "files": [{"name": None, "url": None, "size": None}],
}
VARIABLES: dict[str, Any] = {
    "app": {"id": None, "name": None, "custom": ANY},
    "sender": {"name": None},
    "recipient": _PERSON,
    "user": _PERSON,
    "conversation": {"id": None, "subject": None, "custom": ANY},
    "messages": [_MESSAGE],
    "title": None,
    "news": None,
    "header": None,
    "footer": None,
    "inboxUrl": None,
    "canReply": None,
    "language": None,
    "direction": None,
    "words": {"view": None, "more": None, "hint": None, "shortened": None},
}


class ThemeError(Exception):
    """A theme says what it may not."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        """Say what, and in which line if that is known."""
        super().__init__(f"line {line}: {sentence}" if line else sentence)


def environment(*, markup: bool) -> ImmutableSandboxedEnvironment:
    """Return what fills a theme in; ``markup``: it is HTML, and all values in it are escaped."""
    made = ImmutableSandboxedEnvironment(
        autoescape=markup,
        undefined=ChainableUndefined,  # what is missing is empty, and so is what would be in it
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters = {name: run for name, run in made.filters.items() if name in FILTERS}
    made.globals = {name: run for name, run in made.globals.items() if name in GLOBALS}
    return made


def checked(source: str, env: ImmutableSandboxedEnvironment) -> None:
    """Raise ThemeError for the first thing a theme may not say, with what was meant."""
    try:
        tree = env.parse(source)
        env.compile(tree)
        tree = env.parse(source)  # compiling has changed it
    except TemplateAssertionError as error:
        raise ThemeError(_unknown_filter(error.message or ""), error.lineno) from None
    except TemplateSyntaxError as error:
        raise ThemeError(error.message or "is no Jinja2", error.lineno) from None
    for node in tree.find_all(tuple(_BARRED)):
        word = next(word for kind, word in _BARRED.items() if isinstance(node, kind))
        raise ThemeError(f"{word} is no part of a theme", node.lineno)
    _check_words(tree, env)
    _check_variables(tree)


def _check_words(tree: nodes.Template, env: ImmutableSandboxedEnvironment) -> None:
    """Raise ThemeError for a filter, a test or a name that is none of a theme's."""
    # Within a condition Jinja2 would tell of these only when it comes to them.
    for named in tree.find_all((nodes.Filter, nodes.Test)):
        if isinstance(named, nodes.Filter) and named.name not in env.filters:
            raise ThemeError(_unknown_filter(f"No filter named {named.name!r}."), named.lineno)
        if isinstance(named, nodes.Test) and named.name not in env.tests:
            raise ThemeError(f"No test named {named.name!r}.", named.lineno)
    for node, name in _names(tree):
        if name.startswith("_"):
            raise ThemeError(f"{name[:60]!r} is nothing of a theme's", node.lineno)


def _names(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str]]:
    """Yield every attribute and key that is written in a theme."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Getattr):
            yield node, node.attr
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            yield node, str(node.arg.value)


def _check_variables(tree: nodes.Template) -> None:
    """Raise ThemeError for a name that no mail has a value for."""
    known = dict(VARIABLES)
    for loop in tree.find_all(nodes.For):
        each = _shape(loop.iter, known)
        if isinstance(loop.target, nodes.Name):
            known[loop.target.name] = each[0] if isinstance(each, list) else ANY
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in {"store", "param"}}
    own |= {macro.name for macro in tree.find_all(nodes.Macro)} | {"loop", "caller", "varargs"}
    own |= {"kwargs", "self", *GLOBALS}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known and node.name not in own:
            raise ThemeError(_unknown(node.name, known), node.lineno)
    for field in tree.find_all(nodes.Getattr):
        shape = _shape(field.node, known)
        if isinstance(shape, dict) and shape and field.attr not in shape:
            raise ThemeError(_unknown(field.attr, shape), field.lineno)


def _shape(node: nodes.Node, known: dict[str, Any]) -> Any:
    """Return what there is of an expression, as far as names tell; ANY where they do not."""
    if isinstance(node, nodes.Name):
        return known.get(node.name, ANY)
    if isinstance(node, nodes.Getattr):
        within = _shape(node.node, known)
        return within.get(node.attr, ANY) if isinstance(within, dict) else ANY
    return ANY


def _unknown(name: str, known: dict[str, Any]) -> str:
    near = get_close_matches(name[:60], known, n=1)
    meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
    return f"no mail has {name[:60]!r}; {meant}"


def _unknown_filter(said: str) -> str:
    """Return what is said of a filter or a test that there is not."""
    name = said.partition("'")[2].partition("'")[0]
    near = get_close_matches(name, FILTERS, n=1)
    return f"{said} {f'Did you mean {near[0]}?' if near else ''}".strip()
