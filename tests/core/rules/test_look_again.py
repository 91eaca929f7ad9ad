"""A burst is looked at when it is due, and once more before each try to deliver it."""

from dataclasses import replace
from typing import Any

import pytest

from core.model.app import App
from core.model.burst import Burst
from core.model.conversation import Conversation
from core.model.message import Message, MessageKind, Origin
from core.model.participant import Access, Notify, Participant
from core.model.role import Role
from core.model.user import User
from core.moment import MINUTE, SECOND
from core.rules.look_again import Decision, Later, NotSent, Send, Why, look_again, still_owed
from tests.support.people import APP, NOW, ROOM

LATER = NOW + 60 * MINUTE
SENT = Send(Why.MISSED, ("bo@x.test",))


def a_message(seq: int = 1, **more: Any) -> Message:
    """Return something Ann said."""
    given = {
        "type": MessageKind.USER,
        "sender_id": "ann",
        "origin": Origin.REST,
        "text": "Hi",
    } | more
    return Message(
        app_id=APP, id=f"msg_{seq}", conversation_id=ROOM, seq=seq, created_at=NOW, **given
    )


def a_burst(*messages: Message, email: tuple[str, ...] = ("bo@x.test",), **more: Any) -> Burst:
    """Return what Bo has missed."""
    return Burst(
        app=App(app_id=APP, number=1, name="Shop", created_at=NOW),
        role=Role(app_id=APP, name="default", **more),
        conversation=Conversation(app_id=APP, id=ROOM, created_at=NOW, last_message_at=NOW),
        user=User(app_id=APP, id="bo", name="Bo", email=list(email), created_at=NOW),
        participant=Participant(
            app_id=APP, conversation_id=ROOM, user_id="bo", joined_at=NOW, reference=7
        ),
        messages=messages or (a_message(),),
        senders={},
        attachments={},
        sessions=(),
        opted_out=frozenset(),
        suppressed=frozenset(),
    )


def test_what_was_missed_is_sent() -> None:
    """An ordinary burst goes to every address."""
    assert look_again(a_burst(), NOW, LATER) == Send(Why.MISSED, ("bo@x.test",))


@pytest.mark.parametrize(
    "left",
    [
        pytest.param((a_message(type=MessageKind.SYSTEM),), id="a system message"),
        pytest.param((a_message(origin=Origin.IMPORT),), id="an imported one"),
    ],
)
def test_what_notifies_nobody_is_no_digest_alone(left: tuple[Message, ...]) -> None:
    """When the messages that owed a mail are gone, those beside them owe none (spec 4.1)."""
    assert look_again(a_burst(*left), NOW, LATER) == NotSent(Why.NOTHING_LEFT)
    assert isinstance(look_again(a_burst(*left, a_message(2)), NOW, LATER), Send)


def _of_bo(**more: Any) -> Burst:
    """Return a burst whose participant stands otherwise."""
    burst = a_burst()
    given = {"joined_at": NOW, "reference": 7} | more
    bo = Participant(app_id=APP, conversation_id=ROOM, user_id="bo", **given)
    return replace(burst, participant=bo)


@pytest.mark.parametrize(
    ("burst", "then"),
    [
        pytest.param(_of_bo(left_at=NOW), NotSent(Why.NO_ACCESS), id="they left"),
        pytest.param(_of_bo(access=Access.NONE), NotSent(Why.NO_ACCESS), id="may not read"),
        pytest.param(_of_bo(notify=Notify.NOTHING), NotSent(Why.NOTIFY_OFF), id="want none"),
        pytest.param(
            _of_bo(notify=Notify.MENTIONS_ONLY), NotSent(Why.NOT_MENTIONED), id="not mentioned"
        ),
        pytest.param(_of_bo(muted_until=LATER + 1), NotSent(Why.MUTED), id="muted it"),
        pytest.param(_of_bo(muted_until=LATER), SENT, id="muted it until just now"),
        pytest.param(
            replace(a_burst(), opted_out=frozenset({"*"})), NotSent(Why.OPTED_OUT), id="of all"
        ),
        pytest.param(
            replace(a_burst(), opted_out=frozenset({ROOM})), NotSent(Why.OPTED_OUT), id="of this"
        ),
        pytest.param(replace(a_burst(), opted_out=frozenset({"other"})), SENT, id="of another"),
        pytest.param(
            replace(a_burst(), role=None), NotSent(Why.ROLE_UNKNOWN, True), id="a role of nobody's"
        ),
        pytest.param(
            a_burst(email_enabled=False), NotSent(Why.CHANNEL_OFF, True), id="no mail for them"
        ),
        pytest.param(a_burst(email=()), NotSent(Why.NO_ADDRESS, True), id="no address"),
        pytest.param(
            replace(a_burst(), suppressed=frozenset({"bo@x.test"})),
            NotSent(Why.SUPPRESSED, True),
            id="only addresses that bounce",
        ),
    ],
)
def test_each_reason_not_to_write_has_its_name(burst: Burst, then: Decision) -> None:
    """Why nobody was told is a stable word; the app may tell those whom no mail can reach."""
    assert look_again(burst, NOW, LATER) == then


@pytest.mark.parametrize(
    ("email", "addresses"),
    [
        (("Bo@Example.net", "bo@example.net"), ("Bo@Example.net",)),
        (("bo@münchen.example", "BO@xn--mnchen-3ya.example"), ("bo@münchen.example",)),
        (("bo@x.test", "bo@y.test", "BO@X.TEST", "bo@x.test"), ("bo@x.test", "bo@y.test")),
        (("bo@straße.example", "bo@strasse.example"), ("bo@straße.example", "bo@strasse.example")),
        (("bo+a@x.test", "bo@x.test"), ("bo+a@x.test", "bo@x.test")),
        (("bø@x.test", "bo\u0301@x.test", "bó@x.test"), ("bø@x.test", "bo\u0301@x.test")),
    ],
)
def test_one_mailbox_gets_one_mail(email: tuple[str, ...], addresses: tuple[str, ...]) -> None:
    """However it is spelt; and two mailboxes that only look alike get one each."""
    assert look_again(a_burst(email=email), NOW, LATER) == Send(Why.MISSED, addresses)


@pytest.mark.parametrize(
    ("timeout", "until", "now", "then"),
    [
        pytest.param(
            0, 5, 1, Later(NOW + 5 * SECOND, NOW), id="no timeout: until they must have stopped"
        ),
        pytest.param(
            0, 60, 1, Later(NOW + 11 * SECOND, NOW), id="a long session: they may stop before"
        ),
        pytest.param(
            30, 60, 40, Later(NOW + 70 * SECOND, NOW), id="their typing is activity right now"
        ),
        pytest.param(
            0, 2000, 895, Later(NOW + 900 * SECOND, NOW), id="no longer than the maximum wait"
        ),
        pytest.param(0, 2000, 901, SENT, id="after the maximum wait it leaves all the same"),
        pytest.param(0, 5, 5, SENT, id="their session has ended"),
    ],
)
def test_no_digest_leaves_while_somebody_types(
    timeout: int, until: int, now: int, then: Decision
) -> None:
    """As long as a live session says somebody types, the burst waits, up to the maximum wait."""
    burst = a_burst(timeout_seconds=timeout, max_wait_seconds=900)
    typing = replace(burst, typing_until=NOW + until * SECOND)

    assert look_again(typing, NOW, NOW + now * SECOND) == then


@pytest.mark.parametrize(
    ("burst", "why"),
    [
        pytest.param(a_burst(), None, id="as it was"),
        pytest.param(a_burst(email=("BO@X.TEST",)), None, id="written in capitals"),
        pytest.param(a_burst(email=("new@x.test",)), Why.NO_ADDRESS, id="another address"),
        pytest.param(a_burst(email=()), Why.NO_ADDRESS, id="none any more: perhaps erased"),
        pytest.param(a_burst(email_enabled=False), Why.CHANNEL_OFF, id="email was turned off"),
        pytest.param(
            replace(a_burst(), suppressed=frozenset({"bo@x.test"})), Why.SUPPRESSED, id="it bounces"
        ),
    ],
)
def test_a_digest_only_leaves_for_an_address_of_theirs(burst: Burst, why: Why | None) -> None:
    """A mail that waited for hours is looked at again: people change their address meanwhile."""
    assert still_owed(burst, "bo@x.test", LATER) is why
