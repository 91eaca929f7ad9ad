"""What is known of a person's mails: of one conversation, one message, one mail, or of all."""

from typing import Any

from core.actions.explain import (
    explain,
    explain_mail,
    explain_message,
    obstacle_shapes,
    person_shape,
    standing_of,
)
from core.actions.who_is_meant import who_is_meant
from core.moment import Moment
from core.rules.obstacles import obstacles
from core.store import participants
from core.store.database import Session

Json = dict[str, Any]
_CONVERSATIONS = 20


def explain_person(
    session: Session,
    app_id: str,
    of: str,
    about: tuple[str | None, str | None],
    now: Moment,
) -> Json:
    """Explain what is asked for: of whom, and ``about`` which conversation and message, if any.

    Raise NotFound or InvalidRequest where that is nobody and nothing.
    """
    meant = who_is_meant(session, app_id, of, *about)
    if meant.conversation_id is None:
        return _everywhere(session, app_id, meant.user_id, now)
    whose = (app_id, meant.conversation_id, meant.user_id)
    if meant.mail is not None:
        return explain_mail(session, whose, meant.mail, now)
    if meant.message is not None:
        return explain_message(session, whose, meant.message, now)
    return explain(session, whose, now)


def _everywhere(session: Session, app_id: str, user_id: str, now: Moment) -> Json:
    """Return what stands between a person and any mail, and the short answer of each conversation.

    Of those they are or were in, the latest by what was said there.
    """
    standing = standing_of(session, app_id, user_id, now)
    found = participants.latest_of(session, app_id, user_id, _CONVERSATIONS)
    told = [explain(session, (app_id, one, user_id), now) for one in found]
    hindered = obstacles(standing, None, now)
    return {
        "sentence": " ".join(one.change for one in hindered)
        or "Nothing keeps mails from this person, wherever that is not said of a conversation.",
        **person_shape(user_id, standing, now),
        "toChange": obstacle_shapes(hindered),
        "conversations": [
            {name: one[name] for name in ("conversation", "sentence", "toChange")} for one in told
        ],
    }
