"""See a mail before anybody else does: as it would be sent, and what the relay says to one.

Nothing is opened by itself: ``--html`` writes a page, which a browser shows.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from core.client.command import Caller, Refused, command
from core.client.terminal import Told
from core.errors import SettingsError
from gateway.cli.repost import mail

__all__ = ["mail"]

ConversationArgument = Annotated[
    str | None,
    typer.Argument(metavar="[CONVERSATION]", help="A real one; left out: one that is made up."),
]
UserArgument = Annotated[
    str | None, typer.Argument(metavar="[USER]", help="Its participant who would get the mail.")
]
RoleOption = Annotated[str | None, typer.Option(help="A role instead of the user's own.")]
LocaleOption = Annotated[str | None, typer.Option(help="A language instead of theirs, as pt-BR.")]
Look = Literal["light", "dark", "narrow", "rtl"]


@command(mail, "preview")
async def preview(  # noqa: PLR0913  one for each thing that may be said
    at: Caller,
    conversation: ConversationArgument = None,
    user: UserArgument = None,
    *,
    role: RoleOption = None,
    locale: LocaleOption = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the HTML there, to look at.")
    ] = None,
    look: Annotated[
        Look, typer.Option(help="How --html looks: light, dark, narrow, rtl.")
    ] = "light",
    raw: Annotated[bool, typer.Option("--raw", help="The mail as it would leave.")] = False,
) -> Told:
    """Show the mail somebody would get now, or a made-up one, and what is wrong with it."""
    found = await _asked(at, "preview", _body(conversation, user, role, locale))
    if html is not None:
        _write(html, found["html" if look == "light" else look])
    if raw:
        return Told(found, text=found["raw"], exact=True)
    return Told(found, text="\n".join([*_page(found), *_findings(found)]))


@command(mail, "test")
async def send_test(
    at: Caller,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Whom to send one mail.")],
    conversation: ConversationArgument = None,
    user: UserArgument = None,
    *,
    role: RoleOption = None,
    locale: LocaleOption = None,
) -> Told:
    """Send one mail, marked as a test, through the relay, and say what the relay answered."""
    body = {"to": address, **_body(conversation, user, role, locale)}
    found = await _asked(at, "test", body)
    heard = " ".join(str(one) for one in (found["code"], found["said"]) if one)
    sentence = f"{found['outcome']}: the relay said {heard!r}" if heard else found["outcome"]
    if found["outcome"] != "accepted":
        raise Refused(f"{address}: {sentence} ({found['cause'] or 'no answer'})")
    told = f"{address}: {sentence}. Its Message-ID is {found['messageId']}."
    return Told(found, text="\n".join([told, *_findings(found)]))


async def _asked(at: Caller, what: str, body: dict[str, Any]) -> dict[str, Any]:
    return dict(await at.of_app("POST", "mail", what, body=body))


def _body(
    conversation: str | None, user: str | None, role: str | None, locale: str | None
) -> dict[str, Any]:
    given = {"conversationId": conversation, "userId": user, "role": role, "locale": locale}
    return {name: value for name, value in given.items() if value is not None}


def _page(found: dict[str, Any]) -> list[str]:
    size = found["size"]
    return [
        f"From: {found['from']}",
        f"To: {found['to']}",
        f"Subject: {found['subject']}",
        f"Size: {size['mail']} octets, of which HTML {size['html']}, text {size['text']}",
        "",
        found["text"],
    ]


def _findings(found: dict[str, Any]) -> list[str]:
    """Return what was found, each with how to mend it."""
    if not found["findings"]:
        return ["Nothing is wrong with it."]
    return [
        f"{one['gravity']}: {one['sentence']} ({one['name']})\n    {one['mend']}"
        for one in found["findings"]
    ]


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written: {error.strerror}") from None
