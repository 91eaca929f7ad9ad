"""From a burst and a delivery to what is rendered: the digest, and the headers around it.

Pure: who we are (domains, keys, the public URL) comes in as a ``Sender``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.address import Keyring, Purpose, Token, local_part
from core.files.link import Link, sign
from core.macros import expand_text, expand_url, localised
from core.model.attachment import Attachment
from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.message import Message, Origin
from core.model.participant import Access
from core.moment import DAY, Moment
from notifier.rendering import headers, titles
from notifier.rendering.digest import Digest, DigestMessage, FileLink, marker_of
from notifier.rendering.folding import Mailbox

_MAP = "https://www.openstreetmap.org/"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who we are in the mails we send."""

    keys: Keyring
    domain: str
    bounce_domain: str
    list_domain: str
    separator: str
    from_address: str
    from_name: str | None
    public_url: str
    file_days: int = 30

    def address(self, purpose: Purpose, token: Token) -> str:
        """Return the address that carries a token."""
        domain = self.bounce_domain if purpose is Purpose.BOUNCE else self.domain
        return f"{local_part(purpose, self.keys.sign(token), self.separator)}@{domain}"

    def link(self, path: str, token: Token) -> str:
        """Return the URL that carries a token."""
        return self._url(path, self.keys.sign(token))

    def ways_to_stop(self, token: Token) -> tuple[str, str]:
        """Return the URL and the address that carry the same token, signed once."""
        signed = self.keys.sign(token)
        local = local_part(Purpose.OPT_OUT, signed, self.separator)
        return self._url("u", signed), f"{local}@{self.domain}"

    def file_link(self, app_number: int, reference: int, since: Moment) -> str:
        """Return the URL of a file, which works for some days."""
        file = Link(app_number, reference, since + self.file_days * DAY)
        return self._url("f", sign(file, self.keys))

    def _url(self, path: str, token: str) -> str:
        return f"{self.public_url.rstrip('/')}/{path}/{token}"


def digest_of(burst: Burst, delivery: Delivery, sender: Sender) -> Digest:
    """Return a burst as its recipient will read it."""
    role = burst.role
    filled = role is not None and (role.inbox_url or role.header or role.footer)
    variables = _variables(burst) if filled else {}
    inbox = role.inbox_url if role else None
    return Digest(
        app_name=sender.from_name or burst.app.name,
        conversation_subject=burst.conversation.subject,
        recipient_name=burst.user.name,
        locale=_locale(burst),
        time_zone=burst.user.time_zone or burst.app.time_zone,
        messages=tuple(_message(one, (burst, delivery), sender) for one in burst.messages),
        more=burst.count - len(burst.messages),
        marker=marker_of(delivery.id),
        opt_out_url=sender.link("u", _participant_token(Purpose.OPT_OUT, burst)),
        inbox_url=expand_url(inbox, variables) if inbox else None,
        can_reply=_can_reply(burst),
        opt_out_text=role.opt_out_text if role else None,
        header=expand_text(role.header, variables) if role and role.header else None,
        footer=expand_text(role.footer, variables) if role and role.footer else None,
    )


def correspondence_of(
    burst: Burst, delivery: Delivery, references: tuple[str, ...], sender: Sender, moment: int
) -> headers.Correspondence:
    """Return who writes to whom, about what, in which thread."""
    default, locale = burst.app.default_locale, _locale(burst)
    app_name = sender.from_name or burst.app.name
    authors = _authors(burst)
    reply_to = None
    if _can_reply(burst):
        reply = sender.address(Purpose.REPLY, _participant_token(Purpose.REPLY, burst))
        reply_to = Mailbox(app_name, reply)
    opt_out_url, opt_out_address = sender.ways_to_stop(_participant_token(Purpose.OPT_OUT, burst))
    bounce = Token(Purpose.BOUNCE, burst.app.number, delivery.reference)
    return headers.Correspondence(
        sender=Mailbox(titles.sender_name(authors, app_name, locale, default), sender.from_address),
        reply_to=reply_to,
        recipient=Mailbox(burst.user.name, delivery.address),
        reverse_path=sender.address(Purpose.BOUNCE, bounce),
        subject=_own_subject(burst)
        or titles.subject(burst.conversation.subject, authors, locale, default),
        moment=moment,
        message_id=delivery.message_id,
        root_id=headers.root_id(burst.conversation.id, burst.user.id, sender.list_domain),
        references=references,
        list_name=titles.list_name(app_name, locale, default),
        list_id=headers.list_id(burst.app.app_id, sender.list_domain),
        opt_out_url=opt_out_url,
        opt_out_address=opt_out_address,
        feedback_id=f"message:{burst.app.app_id}:missed:rejoinder",
        reason="mention" if burst.mentioned else "all",
    )


def _own_subject(burst: Burst) -> str | None:
    """Return the role's own subject, if it has one and something is left of it."""
    role = burst.role
    own = expand_text(role.subject, _variables(burst)) if role and role.subject else ""
    return titles.own_subject(own) if own else None


def _message(message: Message, about: tuple[Burst, Delivery], sender: Sender) -> DigestMessage:
    burst, _ = about
    author = burst.senders.get(message.sender_id or "")
    files = burst.attachments.get(message.id, ())
    return DigestMessage(
        sender_name=author.name if author else burst.app.name,
        sender_photo_url=author.photo_url if author else None,
        text="\n".join(_said(message)),
        sent_at=message.created_at,
        attachments=tuple(_file(file, about, sender) for file in files),
        labelled_links=message.origin is Origin.REST,
    )


def _said(message: Message) -> Iterator[str]:
    """Yield a message's text, and its place as a link to a map that asks nobody who looks."""
    if message.text:
        yield message.text
    if message.location:
        latitude, longitude = (f"{one:.6f}".rstrip("0").rstrip(".") for one in message.location)
        yield f"\U0001f4cd {latitude}, {longitude}"
        yield f"{_MAP}?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"


def _file(file: Attachment, about: tuple[Burst, Delivery], sender: Sender) -> FileLink:
    burst, delivery = about
    url = sender.file_link(burst.app.number, file.reference, delivery.created_at)
    return FileLink(file.filename, url, file.size)


def _participant_token(purpose: Purpose, burst: Burst) -> Token:
    who = burst.participant
    return Token(purpose, burst.app.number, who.reference, who.address_epoch % 256)


def _can_reply(burst: Burst) -> bool:
    return burst.participant.access is Access.READ_WRITE


def _locale(burst: Burst) -> str:
    return burst.user.locale or burst.app.default_locale


def _authors(burst: Burst) -> list[str]:
    """Return the names of those who wrote, in the order they first did."""
    ids = dict.fromkeys(message.sender_id for message in burst.messages if message.sender_id)
    return [burst.senders[one].name for one in ids if one in burst.senders]


def _variables(burst: Burst) -> dict[str, object]:
    """Return what the role's templates may name (talkjs-spec, 6.3)."""
    user = {"id": burst.user.id, "name": burst.user.name, "custom": burst.user.custom}
    conversation, app = burst.conversation, burst.app
    return {
        "app": {
            "name": app.name,
            "custom": localised(app.custom, _locale(burst), app.default_locale),
        },
        "sender": {"name": ", ".join(_authors(burst)) or burst.app.name},
        "recipient": user,
        "user": user,
        "conversation": {
            "id": conversation.id,
            "subject": conversation.subject or "",
            "custom": conversation.custom,
        },
        "messages": "\n".join(line for message in burst.messages for line in _said(message)),
    }
