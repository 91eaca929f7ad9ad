"""How do people talk by mail? The cases of talk/*.toml, built on the fly.

They are what lists, reviewers and clubs write: answers between the lines of the quote or below
it, with patches, logs, tables and forms in either. The head of talk/interleaved.toml says how a
case is written down.
"""

import html
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.corpus.case import PARTS, Case
from tests.corpus.digest import History, digest
from tests.corpus.metric import without_tags
from tests.corpus.mime import Coding, Letterhead, mail

HERE = Path(__file__).resolve().parent
_LABELS = {"b": "body", "o": "optional", "c": "context", "s": "signature", "q": "quote"}
_CODING = ("charset", "declared", "encoding", "flowed", "delsp")
_NAMED = re.compile(r"\{\{([^}\n]{1,40})\}\}")
_WIDTH = 72

Line = tuple[str, str]


def build() -> list[Case]:
    """Build every case, theme by theme, in the order of the tables."""
    themes = sorted((HERE / "talk").glob("*.toml"))
    return [case for theme in themes for case in _theme(theme)]


def _theme(path: Path) -> Iterator[Case]:
    for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        yield _case(f"{path.stem}-{name}", table, path.stem)


def _case(name: str, table: Mapping[str, Any], theme: str) -> Case:
    lang = table.get("lang", "en")
    words = {**_locales()[lang], **table}
    history = _history(name, words) if "ask" in table else None
    bodies = []
    for kind in ("plain", "html"):
        lines = _lines(table.get("text" if kind == "plain" else kind, ""))
        if history:
            names = _names(words, history, table.get("client", "thunderbird"))
            width = 0 if kind == "html" or table.get("flowed") else _WIDTH
            lines = [new for one in lines for new in _told(one, names, width, kind)]
        if lines:
            bodies.append((kind, lines))
    parts = [(kind, "\n".join(text for _, text in lines) + "\n") for kind, lines in bodies]
    coding = Coding(**{key: table[key] for key in _CODING if key in table})
    agent = f"User-Agent: {table['agent']}\r\n" if "agent" in table else ""
    return Case(
        name=name,
        raw=agent.encode() + mail(name, _head(name, words, history), parts, coding),
        parts=_parts(*bodies[0]),
        sent=history.sent if history else None,
        about={"theme": theme, "locale": lang, "client": table.get("agent", "any")},
    )


def _history(name: str, words: Mapping[str, Any]) -> History:
    return digest(name, {**words, "messages": words["ask"]})


def _head(name: str, words: Mapping[str, Any], history: History | None) -> Letterhead:
    user = words.get("by", words["user"])
    answers = history.message_id if history else f"<{name}.20260303@lists.example.org>"
    return Letterhead(user, "replies@mail.example.org", f"Re: {words['topic']}", answers)


def _lines(text: str) -> list[Line]:
    return [(line[0], line[2:]) for line in text.strip("\n").split("\n") if line]


def _names(words: Mapping[str, Any], history: History, client: str) -> dict[str, str]:
    """Say what {{...}} stands for: the digest, its parts, and the attribution of the client."""
    line = words[client].replace("$name", history.name).replace("$address", history.address)
    names = {key: words[key] for key in ("author", "other", "above", "heading", "open", "stop")}
    names |= {"attribution": line, "digest": history.text, "digest_html": history.html}
    for number, message in enumerate(words["ask"], 1):
        names[str(number)] = message
        for place, piece in enumerate(message.split("\n"), 1):
            names[f"{number}.{place}"] = piece
    return names


def _told(line: Line, names: Mapping[str, str], width: int, kind: str) -> Iterator[Line]:
    """Put the words for {{...}}; what stands before them marks each of their lines."""
    label, text = line
    found = _NAMED.search(text)
    if found is None:
        yield line
    elif kind == "html":
        yield label, _NAMED.sub(lambda match: _escaped(match[1], names), text)
    else:
        mark = text[: found.start()]
        for piece in f"{names[found[1]]}{text[found.end() :]}".split("\n"):
            folded = textwrap.wrap(piece, width, break_on_hyphens=False) if width else [piece]
            yield from ((label, f"{mark}{row}".rstrip()) for row in folded or [""])


def _escaped(key: str, names: Mapping[str, str]) -> str:
    if key.endswith("_html"):
        return names[key]
    return html.escape(names[key]).replace("\n", "<br>")


def _parts(kind: str, lines: list[Line]) -> dict[str, str]:
    parts = dict.fromkeys(PARTS, "")
    for label, text in lines:
        parts[_LABELS[label]] += f"{text}\n"
    return parts if kind == "plain" else {key: without_tags(part) for key, part in parts.items()}


@cache
def _locales() -> dict[str, Any]:
    return tomllib.loads((HERE / "locales.toml").read_text(encoding="utf-8"))
