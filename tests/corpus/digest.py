"""What had we sent? A digest of two messages as the notifier writes it, or a person's own mail."""

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.corpus.case import Sent

_CELL = "font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1c1e21"
_FINE = "font-size:12px;color:#6b7280"
_BUTTON = (
    "display:inline-block;padding:10px 16px;border-radius:6px;background:#1f6feb;color:#ffffff"
)
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"


@dataclass(frozen=True, slots=True)
class History:
    """What is being answered: as text, as HTML, and whether it was ours."""

    text: str
    html: str
    name: str
    address: str
    message_id: str
    sent: Sent | None


def digest(case: str, words: Mapping[str, Any]) -> History:
    """Render the digest that a case answers, in the language of its reader."""
    number = hashlib.sha256(case.encode()).hexdigest()
    marker = f"rjd-{number[:12]}"
    text = _text(words, number, marker)
    markup = _html(words, number, marker)
    name, address = f"{words['author']} (Harbour)", "messages@notify.harbour.example"
    message_id = f"<dlv_{number[12:32]}@notify.harbour.example>"
    sent = Sent(text, markup, message_id, marker, words["topic"], name, address)
    return History(text, markup, name, address, message_id, sent)


def letter(case: str, words: Mapping[str, Any]) -> History:
    """Render a mail of a person, which we never sent and know nothing about."""
    number = hashlib.sha256(case.encode()).hexdigest()
    lines = [*words["messages"], words["author"]]
    return History(
        text="\n\n".join(lines),
        html="".join(f"<p>{html.escape(line)}</p>" for line in lines),
        name=words["author"],
        address="m.conti@pier9.example",
        message_id=f"<{number[12:32]}@pier9.example>",
        sent=None,
    )


def _text(words: Mapping[str, Any], number: str, marker: str) -> str:
    first, second = words["messages"]
    return "\n".join(
        [
            words["above"],
            "",
            words["heading"],
            "",
            f"{words['author']} (09:38)",
            first,
            "",
            f"{words['other']} (09:41)",
            second,
            "",
            f"{words['open']}: https://app.harbour.example/c/{number[:4]}",
            f"{words['stop']}: https://notify.harbour.example/u/{number[-20:]}",
            f"[{marker}]",
        ]
    )


def _html(words: Mapping[str, Any], number: str, marker: str) -> str:
    first, second = (html.escape(message) for message in words["messages"])
    direction = "rtl" if words.get("rtl") else "ltr"
    link = f"https://notify.harbour.example/u/{number[-20:]}#{marker}"
    return (
        f'<div class="rejoinder" dir="{direction}"><div style="{_FINE}">{words["above"]}</div>'
        f'<table role="presentation" width="100%"><tr><td style="{_CELL}">'
        f"<h2>{words['heading']}</h2>"
        f"<p><b>{words['author']}</b> <span>(09:38)</span></p><p>{first}</p>"
        f"<p><b>{words['other']}</b> <span>(09:41)</span></p><p>{second}</p>"
        f'<p><a href="https://app.harbour.example/c/{number[:4]}" style="{_BUTTON}">'
        f"{words['open']}</a></p>"
        f'<p style="{_FINE}"><a href="{link}">{words["stop"]}</a></p>'
        f'</td></tr></table><div style="{_HIDDEN}">[{marker}]</div></div>'
    )
