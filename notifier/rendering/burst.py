"""What does a burst say to its reader? From the nouns to a digest: words, times, links.

Pure: who we are (domains, keys, the public URL) comes in as an ``Identity``.
"""

from dataclasses import replace

from core.address import Purpose
from core.brand import Brand, brand_of
from core.macros import expand_text, expand_url, localised
from core.model.attachment import Attachment
from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.message import Message, MessageKind
from core.model.participant import Access
from core.template_check import names_link_token
from core.template_values import TemplateSubjects, Values, template_values
from core.translations import Catalogue
from notifier.rendering import said, titles
from notifier.rendering.catalogue import catalogue_for
from notifier.rendering.clean import one_line
from notifier.rendering.digest import Answered, Digest, DigestMessage, FileLink, marker_of
from notifier.rendering.fitting import MOST_SHOWN
from notifier.rendering.identity import Identity, participant_token
from notifier.rendering.photo import photo_url


def digest_of(burst: Burst, delivery: Delivery, identity: Identity) -> Digest:
    """Return a burst as its recipient will read it."""
    role, shown = burst.role, burst.newest[-MOST_SHOWN:]
    brand = brand_of(burst.app.brand, role.brand if role else None)
    filled = role is not None and (role.inbox_url or role.header or role.footer)
    variables = variables_of(burst) if filled or brand.button_text else {}
    inbox = role.inbox_url if role else None
    return Digest(
        app_name=identity.from_name or burst.app.name,
        conversation_subject=burst.conversation.subject,
        recipient_name=burst.user.name,
        locale=locale_of(burst),
        time_zone=burst.user.time_zone or burst.app.time_zone,
        messages=tuple(_message(one, (burst, delivery), identity) for one in shown),
        more=burst.count - len(shown),
        marker=marker_of(delivery.id),
        opt_out_url=identity.link("u", participant_token(Purpose.OPT_OUT, burst)),
        settings_url=identity.link("p", participant_token(Purpose.PREFERENCES, burst)),
        inbox_url=_inbox_url(inbox, variables, (burst, delivery), identity) if inbox else None,
        can_reply=can_reply(burst),
        opt_out_text=role.opt_out_text if role else None,
        header=expand_text(role.header, variables) if role and role.header else None,
        footer=expand_text(role.footer, variables) if role and role.footer else None,
        brand=_filled_in(brand, variables),
    )


def _inbox_url(
    template: str, variables: Values, about: tuple[Burst, Delivery], identity: Identity
) -> str | None:
    """Return the link back, with a token to log in by where the template has a place for one."""
    burst, delivery = about
    if names_link_token(template):
        variables = {**variables, "link": {"token": identity.login_token(burst, delivery)}}
    return expand_url(template, variables)


def subject_of(burst: Burst) -> str:
    """Return what a conversation's notifications are called, in the role's own words if any."""
    role = burst.role
    own = expand_text(role.subject, variables_of(burst)) if role and role.subject else ""
    title, default = burst.conversation.subject, burst.app.default_locale
    return (titles.own_subject(own) if own else None) or titles.subject(
        title, authors_of(burst), locale_of(burst), default
    )


def sender_name_of(burst: Burst, app_name: str) -> str:
    """Return the name in From: as the app's brand says, else "Ann via Acme"."""
    default, locale = burst.app.default_locale, locale_of(burst)
    brand = brand_of(burst.app.brand, burst.role.brand if burst.role else None)
    if brand.from_name is None:
        return titles.sender_name(authors_of(burst), app_name, locale, default)
    custom = localised(burst.app.custom, locale, default)
    return titles.own_sender_name(
        brand.from_name, authors_of(burst), (app_name, custom), catalogue_for(locale, default)
    )


def authors_of(burst: Burst) -> list[str]:
    """Return the names of those who wrote, in the order they first did."""
    ids = dict.fromkeys(message.sender_id for message in burst.messages if message.sender_id)
    return [burst.senders[one].name for one in ids if one in burst.senders]


def can_reply(burst: Burst) -> bool:
    """Tell whether the reader may answer; whoever may only read is not asked to."""
    return burst.participant.access is Access.READ_WRITE


def locale_of(burst: Burst) -> str:
    """Return the locale the reader is written to in: their own, else the app's."""
    return burst.user.locale or burst.app.default_locale


def _message(message: Message, about: tuple[Burst, Delivery], identity: Identity) -> DigestMessage:
    burst, _ = about
    author = burst.senders.get(message.sender_id or "")
    files = burst.attachments.get(message.id, ())
    saying = _saying(message)
    return DigestMessage(
        sender_name=author.name if author else burst.app.name,
        sender_photo_url=photo_url(author.photo_url, burst.app.photo_hosts or ())
        if author
        else None,
        text=saying.text,
        sent_at=message.created_at,
        attachments=tuple(_file(file, about, identity) for file in files),
        labelled_links=saying.labelled,
        content=saying.content,
        place=saying.place,
        answers=_answered(message, burst),
    )


def _filled_in(brand: Brand, variables: dict[str, object]) -> Brand:
    if brand.button_text is None:
        return brand
    return replace(brand, button_text=expand_text(brand.button_text, variables))


def _saying(message: Message) -> said.Saying:
    """Return what a message says. What has an author is a person's, whichever way it came."""
    place = message.location
    return said.Saying(
        text=message.text or "",
        content=message.content,
        place=(place[0], place[1]) if place else None,
        labelled=message.type is MessageKind.SYSTEM and message.sender_id is None,
    )


def _answered(message: Message, burst: Burst) -> Answered | None:
    """Return what a message answers, if it can still be read."""
    before = burst.answered.get(message.referenced_message_id or "")
    if before is None:
        return None
    author = burst.senders.get(before.sender_id or "")
    if before.sender_id == burst.user.id:
        author = burst.user
    text = said.plain(_saying(before), _words(burst).say("open_map"))
    return Answered(author.name if author else burst.app.name, text)


def _words(burst: Burst) -> Catalogue:
    return catalogue_for(locale_of(burst), burst.app.default_locale)


def _file(file: Attachment, about: tuple[Burst, Delivery], identity: Identity) -> FileLink:
    burst, delivery = about
    url = identity.file_link(burst, file.reference, delivery.created_at)
    return FileLink(file.filename, url, file.size)


def _senders(burst: Burst) -> str:
    """Return who wrote, as the reader's language lists people: "Ann and Carl"."""
    names = [name for name in (one_line(author, 80) for author in authors_of(burst)) if name]
    words = catalogue_for(locale_of(burst), burst.app.default_locale)
    return words.names(names) if names else burst.app.name


def variables_of(burst: Burst) -> Values:
    """Return what the role's templates may name."""
    open_map = _words(burst).say("open_map")
    said_of_all = "\n".join(said.plain(_saying(one), open_map) for one in burst.messages)
    return template_values(
        TemplateSubjects(
            burst.app, burst.user, burst.conversation, _senders(burst), messages=said_of_all
        )
    )
