"""What do people answer each other every day? The mails of answers/, one file a language.

A file holds the conversations that are answered (talks) and the answers (mails). A mail is:

text      its lines, each behind its label and "|", as in traps.toml: b o s q c f
client    whose template of clients.toml the answer is put into; without one, text is the whole mail
html      the same in HTML, labelled too; true: made of the text; left out: as the client has it
kind      one of answers/kinds.toml
talk      the conversation it answers; who: its writer; sent: false if that was not a digest of ours
banner    what a server wrote above it, footer: below it; tagline, attribution: the client's own
charset, encoding, flowed, delsp: how it is sent; left out: chosen by the name, always alike

Cases are built when they are asked for: `everyday()`. There are no files of them.
"""

import hashlib
import html
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.corpus.case import Case
from tests.corpus.digest import History, digest, letter
from tests.corpus.matrix import values
from tests.corpus.metric import without_tags
from tests.corpus.mime import Coding, Letterhead, mail
from tests.corpus.typeset import escaped, filled, fold, paragraphs, quoted, unlabelled

HERE = Path(__file__).resolve().parent
_OLD_CHARSETS = {
    **dict.fromkeys(("de", "fr", "es", "it", "pt-BR", "nl", "sv"), "iso-8859-15"),
    "en": "us-ascii",
    "pl": "iso-8859-2",
    "ru": "koi8-r",
    "tr": "iso-8859-9",
    "ja": "iso-2022-jp",
    "zh-CN": "gb18030",
    "ko": "euc-kr",
    "th": "tis-620",
    "ar": "windows-1256",
}
_LINK = re.compile(r"(https?://[^\s<>()]+[^\s<>().,;:])|\b([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_CARD = re.compile(r"(?:^s\|.*(?:\n|\Z))+\Z", re.MULTILINE)
_BODY_TAG = re.compile(r"<body[^>]*>", re.IGNORECASE)
_GMAIL_CARD = (
    '<div><br clear="all"></div>{mark}<div dir="ltr" class="gmail_signature" '
    'data-smartmail="gmail_signature"><div dir="ltr">{card}</div></div>'
)
_CARDS = {
    "gmail": _GMAIL_CARD,
    "thunderbird": '<div class="moz-signature">{mark}{card}</div>',
    "outlook-web": '<div id="Signature">{mark}<div>{card}</div></div>',
}

Bodies = list[tuple[str, str]]


def table(name: str) -> dict[str, Any]:
    """Read one table of the corpus."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def everyday() -> Iterator[Case]:
    """Give every mail of every language there is."""
    clients = table("clients")
    for locale, words in table("locales").items():
        if (HERE / "answers" / f"{locale}.toml").exists():
            answers = table(f"answers/{locale}")
            for name, told in answers["mails"].items():
                talk = answers["talks"][told["talk"]]
                known = {**words, **talk, "user": told.get("who", words["user"])}
                yield _case(f"everyday-{locale}-{name}", locale, told, known, clients)


def _case(
    name: str, locale: str, told: Mapping[str, Any], words: Mapping[str, Any], clients: Any
) -> Case:
    history = digest(name, words) if told.get("sent", True) else letter(name, words)
    address = _address_of(words["user"])
    known = {**values(words, history, ""), "user_address": address}
    client = told.get("client", "")
    template = clients.get(client, {})
    how = {**template, "client": client, "locale": locale, "template": template, **told}
    how["html"] = told.get("html", "")
    for line in ("attribution", "tagline"):
        known[line] = filled(_own(how.get(line, ""), locale, words), known)
    bodies, parts = (_by_client if client else _as_written)(how, known, history)
    around = (told.get("banner", ""), told.get("footer", ""))
    parts["signature"] = "\n".join([parts["signature"], *around]).strip()
    bodies = [(kind, _between(kind, text, around)) for kind, text in bodies]
    head = Letterhead(words["user"], address, f"Re: {words['topic']}", history.message_id)
    return Case(
        name=name,
        raw=mail(name, head, bodies, _coding(name, how, bodies)),
        parts=parts,
        sent=history.sent,
        about={"client": client or "any", "locale": locale, "scenario": told["kind"]},
    )


def _own(value: Any, locale: str, words: Mapping[str, Any]) -> str:
    return str(value[locale] if isinstance(value, dict) else words.get(value, value))


def _by_client(
    how: Mapping[str, Any], known: Mapping[str, str], history: History
) -> tuple[Bodies, dict[str, str]]:
    template = how["template"]
    bodies: Bodies = []
    left = ""
    answer, parts = unlabelled(how["text"], {})
    if "html" in template:
        markup = unlabelled(how["html"], {})[0] if how["html"] else _markup(how)
        safe = {**escaped(known), "history": _as_kept(history.html, template)}
        bodies.append(("html", filled(template["html"], {**safe, "body": markup})))
        left = without_tags(filled(template["html"], {**safe, "body": "", "tagline": ""}))
    if "text" in template:
        wrap = template.get("wrap", 0)
        plain = {**known, "history": history.text, "quoted": quoted(history.text, wrap)}
        if wrap:
            plain["attribution"] = fold(known["attribution"], wrap)
            answer = "\n".join(fold(x, wrap) if len(x) > wrap else x for x in answer.split("\n"))
        text = template["text"]
        bodies.insert(0, ("plain", filled(text, {**plain, "body": answer})))
        left = filled(text, {**plain, "body": "", "tagline": ""})
    parts["quote"] += left.strip("\n")
    parts["signature"] += f"\n{known['tagline']}"
    return bodies, parts


def _as_written(
    how: Mapping[str, Any], known: Mapping[str, str], history: History
) -> tuple[Bodies, dict[str, str]]:
    said = {
        **known,
        **{f"{key}_html": value for key, value in escaped(known).items()},
        "history": history.text,
        "quoted": quoted(history.text),
        "history_html": history.html,
    }
    bodies: Bodies = []
    parts: dict[str, str] = {}
    markup = how.get("html", "")
    if "text" in how:
        text, parts = unlabelled(how["text"], said)
        bodies.append(("plain", text))
        if markup is True:
            bodies.append(("html", f'<div dir="ltr">{_linked(paragraphs(text, "div"))}</div>'))
    if isinstance(markup, str) and markup:
        whole, labelled = unlabelled(markup, said)
        bodies.append(("html", whole))
        parts = parts or {part: without_tags(words) for part, words in labelled.items()}
    return bodies, parts


def _markup(how: Mapping[str, Any]) -> str:
    """Mark up an answer as the client does, its signature in the client's own frame."""
    labelled = how["text"].rstrip("\n")
    found = _CARD.search(labelled)
    family = next((name for name in _CARDS if how["client"].startswith(name)), "")
    if found is None or not family:
        return _linked(paragraphs(_spaced(unlabelled(labelled, {})[0]), how["para"]))
    lines = unlabelled(found[0], {})[0].strip("\n").split("\n")
    mark = f"{lines.pop(0)}<br>" if lines[0].strip() == "--" else ""
    card = _CARDS[family].format(mark=mark, card="<br>".join(html.escape(x) for x in lines))
    above = unlabelled(labelled[: found.start()], {})[0]
    return _linked(paragraphs(_spaced(above), how["para"]) + card)


def _spaced(text: str) -> str:
    return text.replace("  ", "\u00a0 ")


def _linked(markup: str) -> str:
    def link(found: re.Match[str]) -> str:
        target = found[1] or f"mailto:{found[2]}"
        return f'<a href="{target}">{found[0]}</a>'

    return _LINK.sub(link, markup)


def _as_kept(markup: str, template: Mapping[str, Any]) -> str:
    if template["para"] == "mso":
        return markup.replace("<p>", '<p class="MsoNormal">').replace("</p>", "<o:p></o:p></p>")
    if template.get("attribution") == "gmail":
        return markup.replace('class="', 'class="m_-4152637485960708')
    return markup


def _between(kind: str, text: str, around: tuple[str, str]) -> str:
    """Write above and below a part what a server on the way adds."""
    banner, footer = around
    if kind == "plain":
        return "\n\n".join(piece for piece in (banner, text, footer) if piece)
    if banner:
        start = found.end() if (found := _BODY_TAG.search(text)) else 0
        frame = f'<table><tr><td style="background:#ffeb9c;padding:4pt">{banner}</td></tr></table>'
        text = f"{text[:start]}{frame}<br>{text[start:]}"
    if footer:
        ends = text.rfind("</body>") if "</body>" in text else len(text)
        lines = html.escape(footer, quote=False).replace("\n", "<br>")
        text = f'{text[:ends]}<br><div style="font-size:10px">{lines}</div>{text[ends:]}'
    return text


def _coding(name: str, how: Mapping[str, Any], bodies: Bodies) -> Coding:
    """Choose how the mail is sent: as its table says, else by its name."""
    number = hashlib.sha256(name.encode()).digest()[0]
    own = {field.name: how[field.name] for field in fields(Coding) if field.name in how}
    text = "".join(text for _, text in bodies)
    old = _OLD_CHARSETS.get(how["locale"], "utf-8")
    if number % 4 == 0 and "charset" not in own and "charset=" not in text and _fits(text, old):
        own["charset"] = old
    short = max(len(line) for line in text.split("\n")) < 300
    encodings = ("quoted-printable", "base64", "8bit" if short else "quoted-printable")
    return Coding(**{"encoding": encodings[number % 3], **own})


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _address_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L").casefold())
    words = re.findall(r"[a-z]+", re.sub("[\u0300-\u036f]", "", plain))
    local = ".".join(words) or f"u{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"{local}@example.org"
