"""Why did somebody get a mail, or none? Of a participant, or of whoever is named."""

from typing import Annotated, Any

from fastapi import Query

from core.actions.explain import explain
from core.actions.explain_person import explain_person
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("explain")
Json = dict[str, Any]

Named = Annotated[str, Query(min_length=1, max_length=1_000)]
MaybeNamed = Annotated[str | None, Query(min_length=1, max_length=1_000)]


@router.get("/conversations/{conversation_id}/participants/{user_id}/explain")
async def why(
    app_id: ForApp, conversation_id: str, user_id: str, at: At, message: MaybeNamed = None
) -> Json:
    """Say why this participant did or did not get a mail: of all that was said, or a message."""
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    if message is None:
        return await at.database.read(lambda session: explain(session, whose, now))
    return await at.database.read(
        lambda session: explain_person(session, app_id, user_id, (conversation_id, message), now)
    )


@router.get("/explain")
async def why_of(
    app_id: ForApp,
    at: At,
    of: Named,
    conversation: MaybeNamed = None,
    message: MaybeNamed = None,
) -> Json:
    """Say the same of whoever is named: by an id, an address, or the Message-ID of a mail."""
    now = at.clock.now()
    return await at.database.read(
        lambda session: explain_person(session, app_id, of, (conversation, message), now)
    )
