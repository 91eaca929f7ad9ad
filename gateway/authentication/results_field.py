"""What does an Authentication-Results field say? Its grammar (RFC 8601, 2.2), read in one pass.

A reader that is fooled here lets a forger in, so whatever is not plainly said is not said: with
an unclosed quote or comment there is no report, a property given twice takes its result with it,
and a method reported twice has no result that ``only`` would return.
"""

import re
from dataclasses import dataclass

_LONGEST = 8_192
_PLAIN = re.compile(r'"(?:[^"\\]|\\.)*"|\(|[^"()\\]+', re.DOTALL)
_COMMENT = re.compile(r"[()]|\\.|[^()\\]+", re.DOTALL)
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([;=])|([^\s;="]+)|\s+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One method's result, with its properties (``header.d``), all names in lower case."""

    method: str
    result: str
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class ResultsField:
    """Who reports, and what."""

    authserv_id: str
    results: tuple[MethodResult, ...]

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """Return all results of a method."""
        return tuple(one for one in self.results if one.method == method)

    def only(self, method: str) -> MethodResult | None:
        """Return the one result of a method, or None if there is none or several."""
        results = self.of(method)
        return results[0] if len(results) == 1 else None


def read(value: str) -> ResultsField | None:
    """Return what a field's value reports, or None if it is not well-formed."""
    plain = without_comments(value) if len(value) <= _LONGEST else None
    tokens = _tokens(plain) if plain is not None else None
    if tokens is None:
        return None
    head, *statements = _parted(tokens)
    if not head or "=" in head or head[1:] not in ([], ["1"]):  # a version (RFC 8601, 2.6)
        return None
    results = tuple(one for one in map(_statement, statements) if one is not None)
    return ResultsField(head[0].lower(), results)


def without_comments(value: str) -> str | None:
    """Return the text with each comment made a blank (RFC 5322, 3.2.2); None if it cannot be."""
    kept: list[str] = []
    at = depth = 0
    while at < len(value):
        found = (_COMMENT if depth else _PLAIN).match(value, at)
        if found is None:
            return None
        at = found.end()
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            kept.append(" " if found[0] == ")" else found[0])
    return None if depth else "".join(kept)


def _tokens(text: str) -> list[str] | None:
    """Return words, quoted texts, semicolons and equals signs; None if it cannot be read.

    What touches a quoted text belongs to it: ``"bo@us.test"@evil.test`` is one mailbox, and not
    one of us.test (RFC 8601, 2.2: a pvalue may be an address, whose local part may be quoted).
    """
    tokens: list[str] = []
    at, touches = 0, False
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at = found.end()
        quoted, sign, word = found.groups()
        if quoted is not None:
            word = re.sub(r"\\(.)", r"\1", quoted).replace(";", "").replace("=", "")
        if sign:
            tokens.append(sign)
        elif word is not None:
            tokens[-1:] = [tokens[-1] + word] if touches else [*tokens[-1:], word]
        touches = word is not None
    return tokens


def _parted(tokens: list[str]) -> list[list[str]]:
    """Part the tokens at the semicolons."""
    parts: list[list[str]] = [[]]
    for one in tokens:
        if one == ";":
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def _statement(tokens: list[str]) -> MethodResult | None:
    """Return one method's result, or None if this is not plainly one."""
    pairs = [
        (tokens[at - 1].lower(), tokens[at + 1])
        for at in range(1, len(tokens) - 1)
        if tokens[at] == "=" and "=" not in (tokens[at - 1], tokens[at + 1])
    ]
    if not pairs or tokens[1] != "=":
        return None
    (method, result), *properties = pairs
    if len({name for name, _ in properties}) != len(properties):
        return None
    return MethodResult(method.partition("/")[0], result.lower(), dict(properties))
