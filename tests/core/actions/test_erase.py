"""A person can be erased by one command: nothing of them is left, and nobody else loses a word."""

import json

import pytest
from sqlalchemy import select

from core.actions import erase as erasing
from core.actions import say
from core.actions.erase import erase
from core.errors import NotFound
from core.model.change import Change
from core.store import messages, participants, webhooks
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from tests.support.lives import LATER, SECRETS, a_life, an_ended_life, everything
from tests.support.people import APP, ROOM, a_conversation, says, words


async def test_nothing_of_a_person_is_left(database: Database) -> None:
    """No table holds who they were, what they said, or what they were sent."""
    await database.write(a_life)
    before = await database.read(everything)

    await erase(database, APP, "bo", LATER)
    after = await database.read(everything)

    assert [secret for secret in SECRETS if secret not in before] == []
    assert [secret for secret in SECRETS if secret in after] == []


async def test_nothing_of_a_conversation_that_has_ended_is_left(database: Database) -> None:
    """Mails outlive the conversation they were of, theirs and those that quote them."""
    await database.write(a_life)
    await database.write(an_ended_life)

    await erase(database, APP, "bo", LATER)
    after = await database.read(everything)

    assert [secret for secret in (*SECRETS, "dlv_8", "ntf_0", "rcp_0") if secret in after] == []
    assert "dlv_9" in after


async def test_what_others_said_stays(database: Database) -> None:
    """Alice keeps her words, and the conversation its order."""
    await database.write(a_life)

    await erase(database, APP, "bo", LATER)
    left = await database.read(lambda s: messages.page(s, APP, ROOM, 10, None))
    said = await database.write(lambda s: say.say(s, words("alice", "Anyone?"), LATER))

    assert [one.text for one in left] == ["Bo, are you there?"]
    assert said.seq > max(one.seq for one in left)


async def test_their_address_leads_nowhere(database: Database) -> None:
    """A reply to the old address finds nobody, also when the app makes the user anew."""
    await database.write(a_life)
    old = await database.read(lambda s: participants.find(s, APP, ROOM, "bo"))
    assert old is not None

    await erase(database, APP, "bo", LATER)

    assert await database.read(lambda s: participants.named_by(s, 0, old.reference)) is None


async def test_very_much_goes_in_pieces(database: Database) -> None:
    """However much they said, each transaction is short, and all of it goes."""
    await database.write(lambda session: a_conversation(session, "alice", "bo"))
    await database.write(lambda session: [says(session, "bo", f"my word {n}") for n in range(501)])

    await erase(database, APP, "bo", LATER)

    assert "my word" not in await database.read(everything)


async def test_nothing_of_a_person_is_left_in_the_log(database: Database) -> None:
    """Neither of a conversation that has ended, nor in what others were told of theirs."""
    await database.write(a_life)
    await database.write(an_ended_life)
    before = await database.read(_log)

    await erase(database, APP, "bo", LATER)
    after = await database.read(_log)

    assert all(secret in before for secret in ("my word", "Bo the builder", '"bo"'))
    assert [secret for secret in (*SECRETS, '"bo"') if secret in after] == []


async def test_what_others_said_is_told_still(database: Database) -> None:
    """Of their events the log keeps number and content, but for the name of who was erased."""
    await database.write(a_life)
    await database.write(an_ended_life)

    await erase(database, APP, "bo", LATER)
    told = await database.read(lambda s: webhooks.events_from(s, APP, "old", 1, 99))

    assert [(one.kind, one.data["conversation"]["participants"].keys()) for one in told] == [
        ("message.sent", {"alice"}), ("conversation.deleted", {"alice"})
    ]  # fmt: skip
    assert told[0].data["message"]["text"] == "Bye"


async def test_a_long_log_is_searched_in_pieces(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many changes an app has, each transaction looks at a few of them; none is missed."""
    monkeypatch.setattr(erasing, "_AT_ONCE", 2)
    await database.write(a_life)
    await database.write(an_ended_life)

    await erase(database, APP, "bo", LATER)

    assert '"bo"' not in await database.read(_log)


async def test_who_is_not_there_cannot_be_erased(database: Database) -> None:
    """A second time, or with a wrong id, there is nobody: the caller is told so."""
    await database.write(a_life)
    await erase(database, APP, "bo", LATER)

    with pytest.raises(NotFound):
        await erase(database, APP, "bo", LATER)


def _log(session: Session) -> str:
    """Return all that is in the log of changes."""
    log = table_of(Change)
    rows = [tuple(row) for row in session.connection().execute(select(log))]
    return json.dumps(rows, default=repr, ensure_ascii=False)
