"""Our digest as mail programs quote it below an answer: without marks, with them, in HTML."""

import html
from collections.abc import Callable

from gateway.mail.body import Body
from gateway.quote.sent import Sent
from notifier.rendering.text_body import wrap

LINK = "https://n.example/u/aeafx5kxmnujyatwetolh6ko7otl5ltz"
RULE = "-" * 40


def a_digest(said: str, number: int = 1) -> Sent:
    """Return what we sent when somebody said this, as the notifier renders it."""
    marker = f"rjd-{number:012x}"
    head = f"-- Reply above this line --\n[{marker}]\n\nThe red bike\n1 new message from Mallory"
    hint = "Reply to this email to answer."
    stop = "Unsubscribe from this conversation:"
    shown = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in said.split("\n"))
    return Sent(
        text=f"{head}\n\nMallory, 1:36 PM:\n{wrap(said)}\n\n{RULE}\n\n{hint}\n\n{stop}\n{LINK}\n",
        html=(
            f'<div>Reply above this line <span class="mark">[{marker}]</span></div>'
            "<table><tr><td><h1>The red bike</h1><p>1 new message from Mallory</p></td></tr>"
            f"<tr><td><b>Mallory</b> 1:36 PM{shown}</td></tr></table>"
            f'<p>{hint}</p><p><a href="{LINK}">{stop}</a></p>'
        ),
        marker=marker,
        message_id=f"<dlv_{number}@n.example>",
        subject="Re: The red bike",
        name="Mallory via Shop",
        address="n@app.example",
    )


def marked(sent: Sent) -> str:
    """Return its text with a quote mark before each line."""
    return "".join(f"> {line}\n" if line else ">\n" for line in sent.text.splitlines())


def combed(sent: Sent, width: int) -> str:
    """Return its text as a program quotes it that breaks lines after it has marked them."""
    out: list[str] = []
    for line in marked(sent).splitlines():
        rest = line
        while len(rest) > width and " " in rest[2 : width + 1]:
            at = rest.rfind(" ", 2, width + 1)
            out.append(rest[:at])
            rest = rest[at + 1 :]
        out.append(rest)
    return "\n".join(out) + "\n"


def _below(head: str) -> Callable[[str, Sent], Body]:
    """Return how a client quotes that puts a head above the text, and no mark before a line."""
    return lambda own, sent: Body(text=f"{own}\n\n{head}\n{sent.text}")


def _in_html(head: str, *, inside: str = "{}") -> Callable[[str, Sent], Body]:
    def made(own: str, sent: Sent) -> Body:
        above = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in own.split("\n"))
        return Body(html=f"<html><body>{above}{head}{inside.format(sent.html)}</body></html>")

    return made


_ENGLISH = (
    "From: Mallory via Shop <n@app.example>\nSent: Monday, November 30, 2026 1:40 PM\n"
    "To: Bo <bo@example.net>\nSubject: Re: The red bike\n"
)
_GERMAN = (
    "Von: Mallory via Shop <n@app.example>\nGesendet: Montag, 30. November 2026 13:40\n"
    "An: Bo <bo@example.net>\nBetreff: Re: The red bike\n"
)
_JAPANESE = (
    "差出人: Mallory via Shop <n@app.example>\n送信日時: 2026年11月30日 13:40\n"
    "宛先: Bo <bo@example.net>\n件名: Re: The red bike\n"
)
_WROTE = "On Mon, Nov 30, 2026 at 1:40 PM Mallory via Shop <n@app.example> wrote:"

# By client: how it puts our digest below what its user wrote, with nothing before each line.
UNMARKED: dict[str, Callable[[str, Sent], Body]] = {
    "Outlook": _below(_ENGLISH),
    "Outlook, German": _below(_GERMAN),
    "Outlook, Japanese": _below(_JAPANESE),
    "a divider and a block": _below("-----Original Message-----\n" + _ENGLISH),
    "a divider alone": _below("-----Original Message-----"),
    "a French divider": _below("-----Message d'origine-----"),
    "a line that names us": _below(_WROTE + "\n"),
    "nothing at all": _below(""),
    "Outlook's HTML": _in_html(
        '<hr><div id="divRplyFwdMsg"><b>From:</b> Mallory via Shop &lt;n@app.example&gt;<br>'
        "<b>Sent:</b> Monday, November 30, 2026 1:40 PM<br><b>To:</b> Bo<br>"
        "<b>Subject:</b> Re: The red bike</div>",
        inside="<div>{}</div>",
    ),
    "HTML with nothing around": _in_html("<br>"),
}
# The same for clients that mark what they quote.
MARKED: dict[str, Callable[[str, Sent], Body]] = {
    "quote marks": lambda own, sent: Body(text=f"{own}\n\n{_WROTE}\n{marked(sent)}"),
    "quote marks alone": lambda own, sent: Body(text=f"{own}\n\n{marked(sent)}"),
    "Gmail's HTML": _in_html(
        f'<div class="gmail_quote"><div class="gmail_attr">{html.escape(_WROTE)}<br></div>',
        inside='<blockquote class="gmail_quote">{}</blockquote></div>',
    ),
    "Apple's HTML": _in_html("", inside=f'<blockquote type="cite">{_WROTE[:-6]}{{}}</blockquote>'),
}
