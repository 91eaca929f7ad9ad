"""A reaction is one emoji of one person on one message, however it comes."""

import asyncio
from functools import partial
from typing import Any

import pytest

from core.actions import converse, edit, react
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.model.delivery import Delivery
from core.model.notification import Notification
from core.model.participant import Access
from core.model.reaction import MOST_EMOJI
from core.model.user import User
from core.model.webhook import WebhookEndpoint
from core.rules.telling import told_as
from core.store import deliveries, notifications, participants, reactions, webhooks
from core.store.database import Database, Session
from core.store.rows import fresh
from tests.support.people import APP, NOW, ROOM, a_conversation, says

MAIL = "<dlv_1@reply.test>"


def _said(session: Session, *user_ids: str) -> str:
    """Found the conversation; return the id of what Ann says in it."""
    a_conversation(session, "ann", *user_ids)
    return says(session, "ann").id


def _reacts(session: Session, message_id: str, emoji: str, user_id: str = "bo") -> bool:
    return react.react(session, APP, message_id, emoji, user_id, NOW)


def _shown(session: Session, message_id: str) -> dict[str, list[str]]:
    return reactions.of_message(session, APP, message_id)


async def test_two_who_react_at_once_both_have(database: Database) -> None:
    """Twenty people with the same emoji at once: all twenty are there."""
    names = [f"user-{n:02}" for n in range(20)]
    message_id = await database.write(lambda session: _said(session, *names))

    await asyncio.gather(
        *(
            database.write(partial(_reacts, message_id=message_id, emoji="👍", user_id=name))
            for name in names
        )
    )
    shown = await database.read(lambda session: _shown(session, message_id))

    assert {emoji: sorted(users) for emoji, users in shown.items()} == {"👍": names}


async def test_a_user_reacts_once_with_each_emoji(database: Database) -> None:
    """The same emoji again, also in its other spelling, changes nothing; another one adds."""

    def work(session: Session) -> tuple[list[bool], dict[str, list[str]]]:
        message_id = _said(session, "bo")
        done = [_reacts(session, message_id, emoji) for emoji in ("❤️", "❤", ":party-cat:")]
        return done, _shown(session, message_id)

    done, shown = await database.write(work)

    assert done == [True, False, True]
    assert shown == {"❤️": ["bo"], ":party-cat:": ["bo"]}


async def test_reactions_stand_in_the_order_they_came(database: Database) -> None:
    """The emoji that came first is first, and so is who brought it."""

    def work(session: Session) -> dict[str, list[str]]:
        message_id = _said(session, "bo", "cy")
        for at, (emoji, user_id) in enumerate([("🎉", "cy"), ("👍", "bo"), ("🎉", "ann")]):
            react.react(session, APP, message_id, emoji, user_id, NOW + at)
        return _shown(session, message_id)

    shown = await database.write(work)

    assert list(shown.items()) == [("🎉", ["cy", "ann"]), ("👍", ["bo"])]


async def test_a_reaction_can_be_taken_back(database: Database) -> None:
    """Taking back what is there takes that alone; taking back nothing is no error."""

    def work(session: Session) -> tuple[list[bool], dict[str, list[str]]]:
        message_id = _said(session, "bo")
        for emoji in ("👍", "🎉"):
            _reacts(session, message_id, emoji)
        converse.leave(session, (APP, ROOM, "bo"), NOW)
        taken = [
            react.unreact(session, APP, message_id, emoji, "bo", NOW) for emoji in ("👍", "👍")
        ]
        return taken, _shown(session, message_id)

    taken, shown = await database.write(work)

    assert taken == [True, False]
    assert shown == {"🎉": ["bo"]}


async def test_a_message_bears_fifty_emoji(database: Database) -> None:
    """The fifty-first is refused; one that is there already still takes more people."""

    def fill(session: Session) -> str:
        message_id = _said(session, "bo", "cy")
        for number in range(MOST_EMOJI):
            _reacts(session, message_id, f":e{number}:")
        return message_id

    message_id = await database.write(fill)

    with pytest.raises(InvalidRequest) as told:
        await database.write(lambda session: _reacts(session, message_id, "👍", "cy"))
    assert told.value.code == "TOO_MANY_REACTIONS"
    assert await database.write(lambda session: _reacts(session, message_id, ":e7:", "cy"))


async def test_the_last_place_is_taken_once(database: Database) -> None:
    """Ten new emoji at once where one has room: one gets it."""

    def fill(session: Session) -> str:
        message_id = _said(session, "bo")
        for number in range(MOST_EMOJI - 1):
            _reacts(session, message_id, f":e{number}:")
        return message_id

    message_id = await database.write(fill)
    ended = await asyncio.gather(
        *(
            database.write(partial(_reacts, message_id=message_id, emoji=f":new{n}:"))
            for n in range(10)
        ),
        return_exceptions=True,
    )

    assert ended.count(True) == 1
    assert sum(isinstance(one, InvalidRequest) for one in ended) == 9


@pytest.mark.parametrize(
    ("user_id", "emoji", "error"),
    [
        pytest.param("eve", "👍", InvalidRequest, id="who is not there"),
        pytest.param("cy", "👍", NotAllowed, id="who may only read"),
        pytest.param("di", "👍", InvalidRequest, id="who has left"),
        pytest.param("bo", "ok", InvalidRequest, id="a word"),
    ],
)
async def test_not_everything_is_a_reaction(
    database: Database, user_id: str, emoji: str, error: type[Exception]
) -> None:
    """A refusal leaves nothing behind."""

    def prepare(session: Session) -> str:
        message_id = _said(session, "bo", "cy", "di")
        converse.change(session, (APP, ROOM, "cy"), Access.READ, None, NOW)
        converse.leave(session, (APP, ROOM, "di"), NOW)
        return message_id

    message_id = await database.write(prepare)

    with pytest.raises(error):
        await database.write(lambda session: _reacts(session, message_id, emoji, user_id))
    assert await database.read(lambda session: _shown(session, message_id)) == {}


async def test_what_was_deleted_bears_nothing(database: Database) -> None:
    """Deleting a message takes its reactions along, and nobody can react to it any more."""

    def prepare(session: Session) -> str:
        message_id = _said(session, "bo")
        _reacts(session, message_id, "👍")
        edit.delete(session, APP, message_id, NOW)
        return message_id

    message_id = await database.write(prepare)

    with pytest.raises(NotFound):
        await database.write(lambda session: _reacts(session, message_id, "👍"))
    assert await database.read(lambda session: _shown(session, message_id)) == {}


async def test_a_user_who_goes_takes_their_reactions_along(database: Database) -> None:
    """The row of a user cannot go and leave what they felt behind."""

    def work(session: Session) -> dict[str, list[str]]:
        message_id = _said(session, "bo")
        for user_id in ("ann", "bo"):
            _reacts(session, message_id, "👍", user_id)
        session.delete(session.get_one(User, (APP, "bo")))
        session.flush()
        return _shown(session, message_id)

    assert await database.write(work) == {"👍": ["ann"]}


async def test_listeners_hear_of_reactions(database: Database) -> None:
    """Each change is an update of the message with all its reactions; no change is none."""

    def work(session: Session) -> list[tuple[str, Any, Any]]:
        message_id = _said(session, "bo", "cy")
        session.add(WebhookEndpoint(app_id=APP, id="w", url="http://x/", created_at=NOW))
        session.flush()
        _reacts(session, message_id, "👍", "bo")
        _reacts(session, message_id, "👍", "bo")
        _reacts(session, message_id, "👍", "cy")
        react.unreact(session, APP, message_id, "👍", "bo", NOW)
        edit.delete(session, APP, message_id, NOW)
        events = webhooks.events_from(session, APP, ROOM, 1, 10)
        said = [(told_as(one.kind), one.data["message"]) for one in events]
        return [(kind, message["reactions"], message["editedAt"]) for kind, message in said]

    assert await database.write(work) == [
        ("message.updated", {"👍": ["bo"]}, None),
        ("message.updated", {"👍": ["bo", "cy"]}, None),
        ("message.updated", {"👍": ["cy"]}, None),
        ("message.deleted", {"👍": ["cy"]}, None),
    ]


def _is_told(session: Session, user_id: str, between: tuple[int, int]) -> None:
    """Write down a mail to a user that tells of the messages of these numbers."""
    first, last = between
    told = fresh(
        Notification,
        app_id=APP,
        id="ntf_1",
        conversation_id=ROOM,
        user_id=user_id,
        sent=True,
        reason="sent",
        first_seq=first,
        last_seq=last,
        decided_at=NOW,
    )
    notifications.add(session, told)
    delivery = fresh(
        Delivery,
        app_id=APP,
        id="dlv_1",
        notification_id="ntf_1",
        conversation_id=ROOM,
        user_id=user_id,
        address="bo@example.net",
        reference=7,
        message_id=MAIL,
        created_at=NOW,
    )
    deliveries.add(session, delivery)


async def test_a_mails_reaction_is_for_the_newest_it_told_of(database: Database) -> None:
    """Of a mail about three messages the last counts: not what came later, nor their own."""

    def work(session: Session) -> tuple[bool, list[dict[str, list[str]]]]:
        a_conversation(session, "ann", "bo")
        said = [says(session, who).id for who in ("ann", "ann", "bo", "ann")]
        _is_told(session, "bo", (1, 3))
        named = participants.correspondent(session, APP, ROOM, "bo")
        assert named is not None
        placed = react.reacted(session, named, MAIL, "👍", NOW)
        return placed, [_shown(session, one) for one in said]

    placed, shown = await database.write(work)

    assert placed
    assert shown == [{}, {"👍": ["bo"]}, {}, {}]


@pytest.mark.parametrize(
    ("told", "in_reply_to", "access"),
    [
        pytest.param("bo", "<other@reply.test>", Access.READ_WRITE, id="to no mail of ours"),
        pytest.param("bo", "", Access.READ_WRITE, id="to nothing"),
        pytest.param("ann", MAIL, Access.READ_WRITE, id="to somebody else's mail"),
        pytest.param("bo", MAIL, Access.READ, id="of one who may only read now"),
    ],
)
async def test_a_reaction_without_a_place_is_none(
    database: Database, told: str, in_reply_to: str, access: Access
) -> None:
    """It is told so, and no message bears it."""

    def work(session: Session) -> tuple[bool, dict[str, list[str]]]:
        message_id = _said(session, "bo", "cy")
        _is_told(session, told, (1, 1))
        converse.change(session, (APP, ROOM, "bo"), access, None, NOW)
        named = participants.correspondent(session, APP, ROOM, "bo")
        assert named is not None
        placed = react.reacted(session, named, in_reply_to, "👍", NOW)
        return placed, _shown(session, message_id)

    assert await database.write(work) == (False, {})
