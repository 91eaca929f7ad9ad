"""What do a customer's templates say? The value of every macro there is, in one place.

``core.template_check`` refuses a macro that is not here, and docs/templates.md tells of each: a
test holds the three together. What is missing is empty. Nothing here is anybody's address.
"""

from dataclasses import dataclass

from core.macros import localised
from core.model.app import App
from core.model.conversation import Conversation
from core.model.user import User

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class TemplateSubjects:
    """Whom and what a template speaks of.

    ``senders``: who wrote, as the reader's language lists people. ``messages``: what was missed, as
    plain text. Both are empty where there are none.
    """

    app: App
    reader: User
    conversation: Conversation
    senders: str = ""
    messages: str = ""


def template_values(about: TemplateSubjects) -> Values:
    """Return what a role's templates may name (talkjs-spec, 6.3), by its dotted path."""
    app, conversation = about.app, about.conversation
    locale = about.reader.locale or app.default_locale
    reader: Values = {
        "id": about.reader.id,
        "name": about.reader.name,
        "locale": locale,
        "custom": about.reader.custom,
    }
    return {
        "app": {
            "id": app.app_id,
            "name": app.name,
            "custom": localised(app.custom, locale, app.default_locale),
        },
        "sender": {"name": about.senders or app.name},
        "recipient": reader,
        "user": reader,
        "conversation": {
            "id": conversation.id,
            "subject": conversation.subject or "",
            "custom": conversation.custom,
        },
        "messages": about.messages,
    }
