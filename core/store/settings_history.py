"""What participants might do and hear, and when that was changed."""

from sqlmodel import Session, col, select

from core.model.past_settings import PastSettings
from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

_TABLE = table_of(PastSettings)
# Two changes with no message in between: what was in between was so for nothing that was said.
_KEEP = Prepared(lambda insert: insert(_TABLE).on_conflict_do_nothing())


def keep(session: Session, past: PastSettings) -> None:
    """Keep how a participant stood until now. Their own row must be written already."""
    _KEEP.run(session, row_of(past))


def of_participant(
    session: Session, whose: tuple[str, str, str], from_seq: int, most: int
) -> list[PastSettings]:
    """Return how (app, conversation, user) stood from a message on, oldest first, so many."""
    app_id, conversation_id, user_id = whose
    statement = select(PastSettings).where(
        PastSettings.app_id == app_id,
        PastSettings.conversation_id == conversation_id,
        PastSettings.user_id == user_id,
        PastSettings.until_seq >= from_seq,
    )
    return list(session.exec(statement.order_by(col(PastSettings.until_seq)).limit(most)))
