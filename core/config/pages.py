"""What does the operator read? The reference page and the example file, made from the classes.

``docs/generate.py`` writes both; a test says when one is stale.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from core.config.section import Section
from core.config.settings import Settings

_OPENING = """\
# Configuration

*Made from the classes in `core/config` by `make docs`; do not edit.*

Rejoinder reads its settings once, when it starts. A later source wins over an earlier one:

1. the **default** in the tables below;
2. the **file** `rejoinder.toml` in the working directory, or the one that `--config` or
   `REJOINDER_CONFIG` names (`rejoinder init` writes one;
   [rejoinder.example.toml](../deploy/rejoinder.example.toml) lists everything);
3. the **environment**: `smtp.port` is `REJOINDER_SMTP__PORT`, with two underscores between
   section and setting. A variable that is empty counts as not given;
4. the **flags** of a command.

A secret need not stand in the environment: with `_FILE` at the end of its name a variable names a
file that holds the value, as in `REJOINDER_RELAY__PASSWORD_FILE=/run/secrets/relay`. This works
for every setting. A list may be written as text, its parts separated by commas. One signing key
is `REJOINDER_ADDRESSES__KEYS__1`.

A name that Rejoinder does not know is an error wherever it stands, and all errors are told at once:

```
smtp.prot: unknown setting; did you mean smtp.port? (rejoinder.toml, line 7)
relay.timeout_seconds: should be greater than 0 (REJOINDER_RELAY__TIMEOUT_SECONDS)
```

The effective settings are logged at start, secrets starred, those within URLs as well. Relative
paths begin at the working directory.
"""

_EXAMPLE_OPENING = """\
# Every setting of Rejoinder, at its default or, where it has none, with an example.
# Made by `make docs`: copy it rather than edit it. What you leave out keeps its default.
# docs/configuration.md says how file, environment and flags go together; `rejoinder init` writes a
# file with fresh keys for you.
"""


def markdown() -> str:
    """Return docs/configuration.md."""
    return "\n".join([_OPENING, *(line for name, of in _sections() for line in _table(name, of))])


def example_toml() -> str:
    """Return deploy/rejoinder.example.toml: every setting, commented out."""
    lines = (line for name, of in _sections() for line in _commented(name, of))
    return "\n".join([_EXAMPLE_OPENING, *lines])


def toml(value: Any) -> str:
    """Write one value as TOML does (a basic string is a JSON string, TOML 1.0)."""
    match value:
        case bool() | int():
            return json.dumps(value)
        case float():
            return f"{value:g}"
        case Mapping():
            pairs = [f'"{key}" = {toml(inner)}' for key, inner in value.items()]
            return "{ " + ", ".join(pairs) + " }" if pairs else "{}"
        case list() | tuple():
            return "[" + ", ".join(toml(inner) for inner in value) + "]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _sections() -> Iterator[tuple[str, type[Section]]]:
    for name, field in Settings.model_fields.items():
        yield name, type(field.default)


def _table(name: str, section: type[Section]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield _first_line(section)
    yield ""
    yield "| setting | default | |"
    yield "|---|---|---|"
    for setting, field in section.model_fields.items():
        default = _default(field)
        shown = "" if default is None else f"`{toml(default)}`"
        yield f"| `{setting}` | {shown} | {(field.description or '').replace('|', '&#124;')} |"
    yield ""


def _commented(name: str, section: type[Section]) -> Iterator[str]:
    yield f"[{name}]"
    yield f"# {_first_line(section)}"
    for setting, field in section.model_fields.items():
        yield ""
        yield from textwrap.wrap(
            field.description or "", 98, initial_indent="# ", subsequent_indent="# "
        )
        default = _default(field)
        shown = (field.examples or [None])[0] if default is None else default
        yield f"# {setting} = {toml(shown)}"
    yield ""


def _default(field: FieldInfo) -> Any:
    return field.get_default(call_default_factory=True, validated_data={})


def _first_line(section: type[Section]) -> str:
    return (section.__doc__ or "").partition("\n")[0]
