"""Erase a person: nothing is left of who they were and of what they wrote.

At once they are nobody, and in no conversation: no mail is sent to them, and their addresses lead
nowhere. Then all that they said and were sent goes, conversation by conversation and so much in a
transaction; then what is left of conversations that are gone, and in the log; and at last the user.
Whoever is interrupted does it again: a conversation that they still have a place in is not done.
What other people said of them is theirs, and stays.

The trap: who watches reads a conversation anew when its last number is told, and then no more. So
all that can be seen of it goes in the transaction of that number, and nothing with the user.
"""

from functools import partial

from core.actions import people
from core.actions.announce import What, announce, log_of_user
from core.model.change import ChangeKind
from core.model.known_block import BlocksOf
from core.moment import Moment
from core.rules import block_memory
from core.rules.redaction import redacted
from core.store import conversations, erasing, known_blocks, suppressions, users
from core.store.database import Database, Session

_AT_ONCE = 500
_NOBODY = "[deleted]"


async def erase(
    database: Database,
    app_id: str,
    user_id: str,
    now: Moment,
    marks: frozenset[bytes] = frozenset(),
) -> None:
    """Erase a user of an app, or raise NotFound.

    ``marks``: by what a domain's list of known blocks counts them (``rules.block_memory``), under
    each key of the install.
    """
    theirs = await database.write(partial(_become_nobody, app_id=app_id, user_id=user_id, now=now))
    for conversation_id in theirs:
        whose = (app_id, conversation_id, user_id)
        after: int | None = 0
        while after is not None:
            after = await database.write(partial(_unsay, whose=whose, after=after, now=now))
        await database.write(partial(_unwrite, whose=whose, now=now))
    await _erase_what_outlives(database, (app_id, user_id))
    domain: str | None = ""
    while domain is not None:
        domain = await database.write(partial(_unshare, app_id=app_id, marks=marks, after=domain))
    await database.write(lambda session: _go(session, app_id, user_id))
    await database.purge()


async def _erase_what_outlives(database: Database, whose: tuple[str, str]) -> None:
    """Take (app, user) out of what the end of a conversation leaves, and out of the log."""
    for noun in erasing.OUTLIVING:
        last: str | None = ""
        while last is not None:
            drop = partial(erasing.drop_outliving, noun=noun, after=last, most=_AT_ONCE)
            last = await database.write(partial(drop, whose=whose))
    place: tuple[str, int] | None = ("", 0)
    while place is not None:
        place = await database.write(partial(_unlog, whose=whose, after=place))


def _become_nobody(session: Session, app_id: str, user_id: str, now: Moment) -> list[str]:
    """Forget who a user is, and return the conversations they were in."""
    user = people.existing(session, app_id, user_id)
    theirs = (*(user.email or ()), *(user.aliases or ()))
    addresses = {*theirs, *erasing.once_theirs(session, app_id, log_of_user(user_id))}
    erasing.drop_traits(session, app_id, user_id, log_of_user(user_id), addresses)
    known_blocks.drop_of_person(session, app_id, user_id)
    user.name, user.custom = _NOBODY, {}
    user.email = user.aliases = user.phone = user.push_tokens = None
    user.photo_url = user.locale = user.time_zone = None
    user.welcome_message = user.availability_text = None
    session.add(user)
    return erasing.leave_all(session, app_id, user_id, now)


def _unsay(session: Session, whose: tuple[str, str, str], after: int, now: Moment) -> int | None:
    conversations.lock(session, whose[0], whose[1])
    last = erasing.empty_messages(session, whose, after, _AT_ONCE, now)
    if last is not None:
        _announce(session, whose, now)
    return last


def _unwrite(session: Session, whose: tuple[str, str, str], now: Moment) -> None:
    conversations.lock(session, whose[0], whose[1])  # first, as all do who write what goes here
    erasing.drop_correspondence(session, *whose)
    erasing.drop_place(session, *whose)
    _announce(session, whose, now)


def _unlog(
    session: Session, whose: tuple[str, str], after: tuple[str, int]
) -> tuple[str, int] | None:
    """Take (app, user) out of so many changes after a place; return where that ended, or None."""
    last = erasing.place_after(session, whose[0], after, _AT_ONCE)
    for change in erasing.changes_between(session, whose, after, last):
        data = None if change.data is None else redacted(change.data, whose[1])
        erasing.rewrite(
            session, change, None if change.user_id == whose[1] else change.user_id, data
        )
    return last


def _unshare(session: Session, app_id: str, marks: frozenset[bytes], after: str) -> str | None:
    """Take a person's part out of so many domains' lists; return where that ended, or None."""
    found = known_blocks.of_domains(session, app_id, after, _AT_ONCE)
    for one in found:
        left = block_memory.without(one.packed, marks)
        if left != one.packed:
            oldest = block_memory.oldest(left, BlocksOf.DOMAIN)
            known_blocks.become(session, one, left, oldest)
    return found[-1].owner if len(found) == _AT_ONCE else None


def _announce(session: Session, whose: tuple[str, str, str], now: Moment) -> None:
    """Let whoever watches read the conversation anew; who it was is not written down again."""
    announce(session, whose[:2], What(ChangeKind.PERSON_ERASED), now)


def _go(session: Session, app_id: str, user_id: str) -> None:
    """Let the user go, with their sessions, and whatever they were put into meanwhile."""
    known_blocks.drop_of_person(session, app_id, user_id)  # a mail may have been under way
    suppressions.drop_of_person(session, app_id, user_id)  # and so may have been a report
    user = users.find(session, app_id, user_id)
    if user is not None:
        session.delete(user)
