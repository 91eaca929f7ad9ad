"""Where can somebody open their conversation? The role's inbox URL, filled in for one person.

Asked when a reply is refused, so seldom, and outside the hot look-up. What a template may say of
the messages of a digest is empty here: there are none.
"""

from core.macros import expand_url
from core.model.member import Correspondent
from core.model.participant import Access
from core.store import apps, conversations, users
from core.store.database import Session
from core.template_values import TemplateSubjects, template_values


def link_for(session: Session, named: Correspondent) -> str | None:
    """Return the link to a conversation for one of its people; None where it would lead nowhere."""
    if named.left_at is not None or named.access is Access.NONE:
        return None
    app = apps.find(session, named.app_id)
    user = users.find(session, named.app_id, named.user_id)
    conversation = conversations.find(session, named.app_id, named.conversation_id)
    if app is None or user is None or conversation is None:
        return None
    role = apps.role(session, named.app_id, user.role)
    if role is None or not role.inbox_url:
        return None
    return expand_url(role.inbox_url, template_values(TemplateSubjects(app, user, conversation)))
