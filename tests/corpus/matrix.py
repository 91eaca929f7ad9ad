"""Which client writes in which language? One answer of each client in a handful of languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.corpus.case import Case
from tests.corpus.digest import History, digest, letter
from tests.corpus.metric import without_tags
from tests.corpus.mime import Coding, Letterhead, mail
from tests.corpus.typeset import escaped, filled, fold, paragraphs, quoted

_EACH = 5  # languages a client is tried in
_ENCODINGS = ("quoted-printable", "base64", "8bit")
ADDRESS = "sam@example.org"


def cases(clients: Mapping[str, Any], locales: Mapping[str, Any]) -> Iterator[Case]:
    """Give the cases of all clients, every language met by several of them."""
    offset = 0
    for number, (client, how) in enumerate(clients.items()):
        tongues = _tongues(how, list(locales))
        for _ in range(min(_EACH, len(tongues))):
            locale = tongues[offset % len(tongues)]
            offset += 1
            yield _case(number + offset, client, how, (locale, locales[locale]))


def values(words: Mapping[str, Any], history: History, attribution: str) -> dict[str, str]:
    """Give the words every template may use."""
    colon = " :" if words["original"] == "Message d'origine" else ":"
    known = {
        "name": history.name,
        "address": history.address,
        "message_id": history.message_id,
        "date": words["date"],
        "user": words["user"],
        "user_address": ADDRESS,
        "subject": words["topic"],
        "original": words["original"],
        **{f"l{at}": f"{label}{colon}" for at, label in enumerate(words["labels"])},
    }
    return {**known, "attribution": filled(attribution, known)}


def _tongues(how: Mapping[str, Any], everything: list[str]) -> list[str]:
    own = how.get("attribution")
    return how.get("locales") or (list(own) if isinstance(own, dict) else everything)


def _own(value: Any, locale: str, words: Mapping[str, Any]) -> str:
    if isinstance(value, dict):
        return str(value.get(locale, ""))
    return str(words.get(value, value or ""))


def _case(number: int, client: str, how: Mapping[str, Any], tongue: tuple[str, Any]) -> Case:
    locale, words = tongue
    name = f"{client}-{locale}".lower()
    history = letter(name, words) if number % 4 == 3 else digest(name, words)
    known = values(words, history, _own(how.get("attribution"), locale, words))
    body = words["replies"][number % 2]
    optional = words["signoff"] if number % 3 == 0 else ""
    answer = f"{body}\n\n{optional}" if optional else body
    tagline = _own(how.get("tagline"), locale, words)
    bodies, quote = _bodies(how, known, (answer, tagline), history)
    coding = Coding(encoding=_ENCODINGS[number % 3], flowed=how.get("flowed", False))
    head = Letterhead(words["user"], ADDRESS, f"Re: {words['topic']}", history.message_id)
    return Case(
        name=name,
        raw=mail(name, head, bodies, coding),
        parts={
            "body": body,
            "optional": optional,
            "context": "",
            "signature": tagline,
            "quote": quote,
        },
        sent=history.sent,
        about={"client": client, "locale": locale, "scenario": "plain reply"},
    )


def _bodies(
    how: Mapping[str, Any], known: Mapping[str, str], own: tuple[str, str], history: History
) -> tuple[list[tuple[str, str]], str]:
    bodies, left = [], ""
    answer, tagline = own
    if "html" in how:
        safe = escaped(known)
        safe["history"] = _as_kept(history.html, how)
        markup = paragraphs(answer, how["para"])
        safe["tagline"] = tagline
        bodies.append(("html", filled(how["html"], {**safe, "body": markup})))
        left = without_tags(filled(how["html"], {**safe, "body": "", "tagline": ""}))
    if "text" in how:
        wrap = how.get("wrap", 0)
        plain = {**known, "history": history.text, "quoted": quoted(history.text, wrap)}
        if wrap:
            plain["attribution"] = fold(known["attribution"], wrap)
            answer = "\n".join(fold(line, wrap) for line in answer.split("\n"))
        text = filled(how["text"], {**plain, "body": answer, "tagline": tagline})
        bodies.insert(0, ("plain", text))
        left = filled(how["text"], {**plain, "body": "", "tagline": ""})
    return bodies, left.strip("\n")


def _as_kept(markup: str, how: Mapping[str, Any]) -> str:
    """Bend the digest's HTML as the client does when it quotes."""
    if how["para"] == "mso":
        return markup.replace("<p>", '<p class="MsoNormal">').replace("</p>", "<o:p></o:p></p>")
    if how.get("attribution") == "gmail":
        return markup.replace('class="', 'class="m_-4152637485960708')
    return markup
