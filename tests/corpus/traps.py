"""What looks like a quote and is not? The cases of traps.toml as mails."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from tests.corpus.case import Case
from tests.corpus.digest import History, digest, letter
from tests.corpus.matrix import ADDRESS, values
from tests.corpus.metric import without_tags
from tests.corpus.mime import Coding, Letterhead, mail
from tests.corpus.typeset import escaped, quoted, unlabelled


def cases(traps: Mapping[str, Any], locales: Mapping[str, Any]) -> Iterator[Case]:
    """Give the cases of all traps, as they stand in their file."""
    for name, trap in traps.items():
        yield _case(f"trap-{name}", trap, locales[trap.get("locale", "en")])


def _case(name: str, trap: Mapping[str, Any], words: Mapping[str, Any]) -> Case:
    ours = trap.get("sent", True)
    history = digest(name, words) if ours else letter(name, words)
    known = _words(trap, words, history)
    bodies: list[tuple[str, str]] = []
    parts: dict[str, str] = {}
    if "text" in trap:
        text, parts = unlabelled(trap["text"], known)
        bodies.append(("plain", text))
    if "html" in trap:
        markup, labelled = unlabelled(trap["html"], known)
        bodies.append(("html", markup))
        labelled = {part: without_tags(said).strip() for part, said in labelled.items()}
        parts = labelled if not parts.get("body") else parts
    own = {field.name: trap[field.name] for field in fields(Coding) if field.name in trap}
    if trap.get("newline") == "cr":
        own["encoding"] = "base64"
    head = Letterhead(words["user"], ADDRESS, f"Re: {words['topic']}", history.message_id)
    return Case(
        name=name,
        raw=mail(name, head, bodies, Coding(**own)),
        parts=parts,
        sent=history.sent,
        about={"client": "any", "locale": trap.get("locale", "en"), "scenario": name[5:]},
    )


def _words(trap: Mapping[str, Any], words: Mapping[str, Any], history: History) -> dict[str, str]:
    known = values(words, history, words[trap.get("attribution", "gmail")])
    safe = {f"{key}_html": value for key, value in escaped(known).items()}
    first, second = words["messages"]
    said = {key: words[key] for key in ("above", "heading", "open", "stop")}
    return {
        **known,
        **safe,
        **said,
        "message1": first,
        "message2": second,
        "history": history.text,
        "quoted": quoted(history.text),
        "history_html": history.html,
    }
