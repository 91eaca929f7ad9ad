"""Explained by person, by address, by message and by Message-ID; and what would have to change."""

from typing import Any

import pytest

from core.actions.decide import BurstClaim, decide
from core.model.opt_out import EVERYTHING, OptOut
from core.model.suppression import Suppression
from core.moment import DAY, HOUR
from core.store import deliveries, pending
from core.store.database import Session
from tests.gateway.http.test_api import Api, a_message, api
from tests.support.people import NOW

__all__ = ["api"]
BO = ("shop", "bike", "bo")


async def _a_mail(api: Api) -> tuple[str, str]:
    """Let Bo be owed a mail and have it queued; return the ids of the message and the mail."""
    said = (await api.ask("POST", "/conversations/bike/messages", a_message())).json()[0]["id"]

    def work(session: Session) -> str:
        debt = pending.find(session, *BO)
        assert debt is not None
        decide(session, BurstClaim(*BO, debt.attempts), "list.test", NOW + HOUR)
        (mail,) = deliveries.listed(session, "shop", waiting_only=True, limit=9)
        return mail.message_id

    return said, await api.database.write(work)


async def _why(api: Api, **asked: str) -> dict[str, Any]:
    answer = await api.ask("GET", "/explain", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_one_mail_is_found_by_all_its_names(api: Api) -> None:
    """By who and where, by the message, by the address, and by the mail's own Message-ID."""
    said, mail = await _a_mail(api)
    for asked in (
        {"of": "bo", "conversation": "bike"},
        {"of": "bo", "message": said},
        {"of": "BO@x.test", "message": said},
        {"of": mail},
        {"of": mail.strip("<>"), "conversation": "bike"},
        {"of": "bo", "message": mail},
    ):
        told = await _why(api, **asked)
        (decision,) = told["notifications"]
        (sent,) = decision["deliveries"]

        assert (told["user"], told["conversation"]) == ("bo", "bike"), asked
        assert decision["reason"] == "missed"
        assert "queued, to be tried at" in told["sentence"]
        assert [step["what"] for step in sent["timeline"]] == ["queued", "due"]


async def test_a_person_is_explained_over_conversations(api: Api) -> None:
    """The short answer of each, and what stands in the way of all."""
    await api.ask("PATCH", "/conversations/bike/participants/bo", {"notify": False})
    await api.ask("POST", "/conversations/bike/messages", a_message())

    told = await _why(api, of="bo@x.test")

    (bike,) = told["conversations"]
    assert (told["user"], told["toChange"]) == ("bo", [])
    assert bike["sentence"] == "Notifications are off for them in this conversation."
    assert [one["reason"] for one in bike["toChange"]] == ["notify_off"]


async def test_which_answer_suppressed_an_address_is_told(api: Api) -> None:
    """When, until when, and in the far server's words; and that it must be lifted."""
    until = NOW + 30 * DAY

    def work(session: Session) -> None:
        session.add(
            Suppression(
                app_id="shop", address="bo@x.test", cause="no_such_user", made_at=NOW,
                evidence="no_such_user: 550 5.1.1 no mailbox here", expires_at=until,
            )
        )  # fmt: skip

    await api.database.write(work)
    told = await _why(api, of="bo", conversation="bike")

    (known,) = told["suppressions"]
    assert (known["madeAt"], known["expiresAt"]) == (NOW, until)
    assert "550 5.1.1 no mailbox here" in known["sentence"]
    assert "until 2023-12-14 22:13:20Z" in known["sentence"]
    assert [one["reason"] for one in told["toChange"]] == ["suppressed"]


async def test_all_that_stands_in_the_way_is_told_at_once(api: Api) -> None:
    """Who lifts one of them is not surprised by the next."""
    await api.ask("PUT", "/users/bo", {"email": None, "role": "gone"})
    await api.ask("PATCH", "/conversations/bike/participants/bo", {"access": "None"})
    await api.ask("PATCH", "/conversations/bike/participants/bo", {"notify": "MentionsOnly"})

    def work(session: Session) -> None:
        session.add(
            OptOut(app_id="shop", user_id="bo", conversation_id=EVERYTHING, via="page", made_at=NOW)
        )

    await api.database.write(work)
    told = await _why(api, of="bo", conversation="bike")

    assert [one["reason"] for one in told["toChange"]] == [
        "no_access", "not_mentioned", "opted_out", "role_unknown", "no_address",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        pytest.param({"of": "nobody"}, 404, "no user 'nobody'", id="nobody"),
        pytest.param({"of": "no@x.test"}, 404, "no user, address or mail", id="no address"),
        pytest.param({"of": "<dlv_0@x.test>"}, 404, "no user, address or mail", id="no mail"),
        pytest.param({"of": "bo", "message": "msg_0"}, 404, "no message", id="no message"),
        pytest.param({"of": "bo", "conversation": "c"}, 404, "not a participant", id="elsewhere"),
        pytest.param({"of": "team@x.test"}, 400, "say which of cy, di", id="of several"),
        pytest.param({}, 400, "of", id="of whom"),
        pytest.param({"of": "@"}, 404, "no user", id="a sign"),
        pytest.param({"of": "%@x.test"}, 404, "no user", id="a pattern"),
        pytest.param({"of": "b" * 900 + "@x.test"}, 404, "no user", id="a long one"),
    ],
)
async def test_who_is_nobody_is_said(
    api: Api, asked: dict[str, str], status: int, said: str
) -> None:
    """In a sentence, with what to say instead where several are meant."""
    for one in ("cy", "di"):
        await api.ask("PUT", f"/users/{one}", {"name": one, "email": ["Team@X.test"]})

    answer = await api.ask("GET", "/explain", params=asked)

    assert answer.status_code == status
    assert said in " ".join(answer.json()["reasons"])


async def test_a_timed_mute_is_set_and_told(api: Api) -> None:
    """It ends by itself, or with null; who joins anew is not muted."""
    path = "/conversations/bike/participants/bo"
    await api.ask("PATCH", path, {"mutedUntil": NOW + HOUR})
    muted = await _why(api, of="bo", conversation="bike")
    await api.ask("PATCH", path, {"notify": True})
    still = await _why(api, of="bo", conversation="bike")
    await api.ask("PATCH", path, {"mutedUntil": None})
    over = await _why(api, of="bo", conversation="bike")
    await api.ask("PATCH", path, {"mutedUntil": NOW + HOUR})
    await api.ask("PUT", path)
    anew = await _why(api, of="bo", conversation="bike")

    told = [one["toChange"] for one in (muted, still, over, anew)]
    assert [[one["reason"] for one in each] for each in told] == [["muted"], ["muted"], [], []]
    assert (muted["mutedUntil"], over["mutedUntil"]) == (NOW + HOUR, None)
