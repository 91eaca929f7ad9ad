"""What was said is found in its own conversation, and changed in part."""

import pytest

from core.actions import edit, say
from core.errors import NotFound
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, words

BLOCKS = [{"type": "text", "children": ["Hello"]}]


async def test_a_new_text_takes_the_place_of_the_blocks(database: Database) -> None:
    """They would go on saying what the text no longer says; custom fields are patched."""

    def work(session: Session) -> list[object]:
        a_conversation(session, "ann")
        said = say.say(session, words("ann", content=BLOCKS, custom={"a": "1", "b": "2"}), NOW)
        one = edit.edit(session, APP, said.id, {"custom": {"a": None}}, NOW + 1)
        first = [one.text, one.content, one.custom, one.edited_at]
        one = edit.edit(session, APP, said.id, {"text": "Bye"}, NOW + 2)
        return [first, [one.text, one.content, one.custom, one.edited_at]]

    assert await database.write(work) == [
        ["Hello", BLOCKS, {"b": "2"}, None],
        ["Bye", None, {"b": "2"}, NOW + 2],
    ]


async def test_a_message_is_not_found_in_another_conversation(database: Database) -> None:
    """Its id does not open what was said elsewhere."""

    def work(session: Session) -> str:
        a_conversation(session, "ann")
        return say.say(session, words("ann"), NOW).id

    said = await database.write(work)

    assert (await database.read(lambda s: edit.existing(s, (APP, ROOM), said))).id == said
    with pytest.raises(NotFound):
        await database.read(lambda s: edit.existing(s, (APP, "order-2"), said))
