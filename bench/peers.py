"""Serve one reply extractor as a worker: a mail a line in, its extract a line out, as JSON.

`bench/reply.py` starts it, so that a peer's dependencies stay out of our environment and a peer
that stalls or crashes takes nothing along. `python bench/peers.py` lists the extractors that can
be imported here; `python bench/peers.py NAME` serves one.

Every extractor does its whole work within the measured time: reading MIME, and rendering HTML for
a text-only library where a mail has no text part (html2text, in our own environment inscriptis).
"""

import base64
import email
import email.message
import functools
import importlib
import importlib.metadata
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from typing import Any

type_of_out = tuple[str, str]  # the extract, and "text" or "html"
Sent = dict[str, str] | None


def bodies(raw: bytes) -> tuple[str, str]:
    """Read the first text and the first HTML body of a mail."""
    found = {"text/plain": "", "text/html": ""}
    for part in email.message_from_bytes(raw).walk():
        kind = part.get_content_type()
        if kind in found and not found[kind] and part.get_content_disposition() != "attachment":
            found[kind] = _decoded(part)
    return found["text/plain"].replace("\r\n", "\n"), found["text/html"]


def _decoded(part: email.message.Message) -> str:
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return octets.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return octets.decode("latin-1")


def text_of(raw: bytes) -> str:
    """Give the text part, or a rendering of the HTML part."""
    text, markup = bodies(raw)
    if text.strip() or not markup:
        return text
    if importlib.util.find_spec("html2text") is None:
        return str(importlib.import_module("inscriptis").get_text(markup))
    reader = importlib.import_module("html2text").HTML2Text(bodywidth=0)
    reader.ignore_links = reader.ignore_images = reader.ignore_emphasis = True
    return str(reader.handle(markup))


def _email_reply_parser(raw: bytes, _sent: Sent) -> type_of_out:
    parser = importlib.import_module("email_reply_parser").EmailReplyParser
    return parser.parse_reply(text_of(raw)), "text"


@functools.cache
def _every_language() -> Any:
    languages = importlib.import_module("mailparser_reply.constants").MAIL_LANGUAGES
    return importlib.import_module("mailparser_reply").EmailReplyParser(languages=list(languages))


def _mail_parser_reply(raw: bytes, _sent: Sent) -> type_of_out:
    replies = _every_language().read(text_of(raw)).replies
    return (replies[0].body if replies else ""), "text"


def _quotequail(raw: bytes, _sent: Sent) -> type_of_out:
    quail, (text, markup) = importlib.import_module("quotequail"), bodies(raw)
    if markup:
        pieces = quail.quote_html(markup, limit=10_000, quote_intro_line=True)
    else:
        pieces = quail.quote(text, limit=10_000, quote_intro_line=True)
    return "\n".join(piece for kept, piece in pieces if kept), "html" if markup else "text"


def _unquotemail(raw: bytes, _sent: Sent) -> type_of_out:
    unquote, (text, markup) = importlib.import_module("unquotemail").Unquote, bodies(raw)
    if markup:
        return unquote(markup, text).get_html(), "html"
    return (unquote(None, text).get_text() if text.strip() else ""), "text"


def _email_reply_extractor(raw: bytes, sent: Sent) -> type_of_out:
    text, markup = bodies(raw)
    extract = importlib.import_module("email_reply_extractor").extract_new_text
    parent = sent["text"] if sent else None
    return extract(text, parent_body=parent, html_body=markup or None).text, "text"


def _talon(raw: bytes, _sent: Sent) -> type_of_out:
    quotations, (text, markup) = importlib.import_module("talon.quotations"), bodies(raw)
    quotations.register_xpath_extensions()
    if markup:
        return quotations.extract_from_html(markup), "html"
    return quotations.extract_from_plain(text), "text"


def _ours(raw: bytes, sent: Sent) -> type_of_out:
    return importlib.import_module("gateway.quote.bench").extract(raw, sent), "text"


# The module each is imported as; several distributions share one.
EXTRACTORS: dict[str, Callable[[bytes, Sent], type_of_out]] = {
    "email_reply_parser": _email_reply_parser,
    "mailparser_reply": _mail_parser_reply,
    "quotequail": _quotequail,
    "unquotemail": _unquotemail,
    "email_reply_extractor": _email_reply_extractor,
    "talon": _talon,
    "gateway": _ours,
}


def importable() -> list[dict[str, str]]:
    """List the extractors of this environment, with distribution and version."""
    owners = importlib.metadata.packages_distributions()
    return [
        {"module": module, "name": owners[module][0], "version": _version(owners[module][0])}
        for module in EXTRACTORS
        if module in owners and module != "gateway"
    ]


def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)


def serve(module: str) -> None:
    """Answer one mail after the other until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # a peer that prints must not spoil an answer
    for line in sys.stdin:
        asked = json.loads(line)
        raw = base64.b64decode(asked["raw"])
        begun = time.process_time()
        try:
            out, kind = EXTRACTORS[module](raw, asked["sent"])
            error = ""
        except Exception as fault:  # noqa: BLE001 - a peer that raises has found nothing
            out, kind, error = "", "text", type(fault).__name__
        spent = time.process_time() - begun
        answer = {"out": out or "", "kind": kind, "seconds": spent, "error": error}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    if sys.argv[1:]:
        serve(sys.argv[1])
    else:
        print(json.dumps(importable()))
