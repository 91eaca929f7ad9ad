"""What of a text may become a row? All but NUL and halves of characters.

PostgreSQL takes no NUL in a text nor in JSON (its manual, 8.3 and 8.14), SQLite keeps it and cuts
some results there; neither takes a lone surrogate, which is no character (RFC 3629, 3). Mails hold
both, and one that no database takes would come again for days. So U+FFFD stands in their place,
whichever way a value goes: the ORM's, a prepared statement's, or within a document.

What an app says is refused at its door instead (``gateway/http/bodies/base``): it can be told.
"""

import json
import re
from typing import Any

from sqlalchemy import Engine, event

_IN_ITS_PLACE = "\ufffd"
_NONE = re.compile("[\x00\ud800-\udfff]")
_MAY_HOLD = ("\\u0000", "\\ud")  # as JSON in ASCII writes them; a pair of halves is a character


def storable(text: str) -> str:
    """Return a text that both databases take, as it was if they do."""
    if text.isascii():
        return text.replace("\0", _IN_ITS_PLACE) if "\0" in text else text
    return _NONE.sub(_IN_ITS_PLACE, text)


def stored_json(value: Any) -> str:
    """Write a document as JSON that both databases take."""
    written = json.dumps(value)
    return json.dumps(_tree(value)) if any(one in written for one in _MAY_HOLD) else written


def keep_storable(engine: Engine) -> None:
    """See to it that whatever the ORM gives this engine's driver can be stored."""
    event.listen(engine, "before_cursor_execute", _given, retval=True)


def _given(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: Any
) -> tuple[str, Any]:
    """Return a statement with its values, or with many rows of them, fit to be stored."""
    return statement, [_row(one) for one in parameters] if many else _row(parameters)


def _row(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _value(one) for name, one in values.items()}
    return tuple([_value(one) for one in values])


def _value(one: Any) -> Any:
    return storable(one) if isinstance(one, str) else one


def _tree(value: Any) -> Any:
    """Return a document with each of its names and texts storable."""
    match value:
        case str():
            return storable(value)
        case dict():
            return {_value(name): _tree(one) for name, one in value.items()}
        case list() | tuple():
            return [_tree(one) for one in value]
        case _:
            return value
