"""Suppressions are listed, shown with their evidence, lifted and added; what that means is told."""

from typing import Any

import pytest

from core.actions import opt_out, settle
from core.actions.decide import BurstClaim, decide
from core.model.delivery import Delivery, State
from core.model.opt_out import EVERYTHING
from core.model.suppression import Suppression
from core.moment import DAY, HOUR
from core.outcome import Cause, Failed, PeerReply
from core.store import deliveries, opt_outs, pending
from core.store.database import Session
from tests.gateway.http.test_api import Api, a_message, api
from tests.support.people import NOW

__all__ = ["api"]
BO = ("shop", "bike", "bo")
GONE = Failed(Cause.INVALID_RECIPIENT, PeerReply(550, "5.1.1", "No such user here"))


async def _refused(api: Api, outcome: Failed = GONE) -> str:
    """Let a mail to Bo be refused for good; return its id."""
    await api.ask("POST", "/conversations/bike/messages", a_message())

    def work(session: Session) -> str:
        debt = pending.find(session, *BO)
        assert debt is not None
        decide(session, BurstClaim(*BO, debt.attempts), "list.test", NOW + HOUR)
        (mail,) = deliveries.listed(session, "shop", waiting_only=True, limit=9)
        settle.settle(session, mail, outcome, None, NOW + HOUR)
        return mail.id

    api.clock.moment = NOW + HOUR
    return await api.database.write(work)


async def _known(api: Api, *several: tuple[str, str], until: int | None = None) -> None:
    """Let (address, cause) be suppressed."""

    def work(session: Session) -> None:
        for address, cause in several:
            one = Suppression(
                app_id="shop", address=address, cause=cause, made_at=NOW, expires_at=until
            )
            session.add(one)

    await api.database.write(work)


async def _listed(api: Api, **asked: Any) -> list[str]:
    answer = await api.ask("GET", "/suppressions", params=asked)
    assert answer.status_code == 200, answer.text
    return [one["address"] for one in answer.json()["data"]]


async def test_which_answer_of_which_mail_is_shown(api: Api) -> None:
    """The far server's words, the mail, whose it was, since when and until when."""
    mail = await _refused(api)

    told = await api.get("/suppressions/bo@x.test")

    assert (told["cause"], told["user"], told["delivery"]) == ("invalid_recipient", "bo", mail)
    assert (told["madeAt"], told["expiresAt"]) == (NOW + HOUR, NOW + HOUR + 180 * DAY)
    assert told["mail"]["attempts"][0]["text"] == "No such user here"
    assert "550 5.1.1 No such user here" in told["sentence"]
    assert "rejoinder suppression lift bo@x.test" in told["toChange"]
    assert told["means"] == "There is no such mailbox."


async def test_lifting_says_what_it_means_and_who_did_it(api: Api) -> None:
    """What waits for the address may leave; who lifted it is kept, once."""
    await _refused(api)
    await api.ask("POST", "/conversations/bike/messages", a_message("And?"))

    before = await api.get("/suppressions/bo@x.test")
    told = (await api.ask("DELETE", "/suppressions/bo@x.test")).json()
    api.clock.moment += DAY
    again = (await api.ask("DELETE", "/suppressions/bo@x.test")).json()

    assert [one["conversation"] for one in before["mayLeave"]] == ["bike"]
    assert [(one["state"], one["user"]) for one in told["mayLeave"]] == [("owed", "bo")]
    assert (told["active"], told["liftedBy"], told["liftedAt"]) == (False, "app", NOW + HOUR)
    assert "1 mail may leave now." in told["sentence"]
    assert again["liftedAt"] == NOW + HOUR
    assert await _listed(api) == []
    assert await _listed(api, all=True) == ["bo@x.test"]
    assert (await api.get("/explain?of=bo"))["toChange"] == []


async def test_what_else_hinders_is_told_when_it_is_lifted(api: Api) -> None:
    """Who lifts one obstacle is not surprised by the next."""
    await _refused(api)
    await api.ask("POST", "/conversations/bike/messages", a_message("And?"))
    await api.database.write(
        lambda s: opt_out.opt_out(s, ("shop", "bo"), EVERYTHING, "complaint", NOW)
    )

    told = (await api.ask("DELETE", "/suppressions/bo@x.test")).json()

    assert told["mayLeave"] == []
    assert [one["reason"] for one in told["stillHindered"][0]["toChange"]] == ["opted_out"]
    assert "want mails of this app again" in told["sentence"]


async def test_after_lifting_old_failures_count_no_more(api: Api) -> None:
    """Five soft failures suppress; once that was lifted, the sixth is the first."""

    def lose(session: Session, numbers: range) -> None:
        for n in numbers:
            one = Delivery(
                app_id="shop", id=f"dlv_{n}", notification_id="", conversation_id="bike",
                user_id="bo", address="bo@x.test", state=State.TRANSMITTING, attempts=1,
                reference=n, message_id=f"<{n}@x>", created_at=api.clock.moment + n % 5 * DAY,
            )  # fmt: skip
            deliveries.add(session, one)
            claimed = deliveries.claimed(session, "shop", one.id)
            assert claimed is not None
            full = Failed(Cause.QUOTA, PeerReply(552, "5.2.2", "full"))
            settle.settle(session, claimed[0], full, None, api.clock.moment + 5 * DAY)

    await api.database.write(lambda s: lose(s, range(5)))
    first = await _listed(api)
    api.clock.moment += 5 * DAY
    await api.ask("DELETE", "/suppressions/bo@x.test")
    await api.database.write(lambda s: lose(s, range(10, 11)))

    assert (first, await _listed(api)) == (["bo@x.test"], [])


async def test_the_list_is_asked_by_address_domain_and_cause(api: Api) -> None:
    """In pages by address; what is over only if it is asked for."""
    await _known(api, ("a@x.test", "quota"), ("b@x.test", "complaint"), ("c@y.test", "quota"))
    await _known(api, ("old@x.test", "quota"), until=NOW - 1)

    assert await _listed(api) == ["a@x.test", "b@x.test", "c@y.test"]
    assert await _listed(api, cause="quota") == ["a@x.test", "c@y.test"]
    assert await _listed(api, address="@X.test") == ["a@x.test", "b@x.test"]
    assert await _listed(api, address="A@x.test") == ["a@x.test"]
    assert await _listed(api, all=True, cause="quota", address="@x.test") == [
        "a@x.test",
        "old@x.test",
    ]
    page = (await api.ask("GET", "/suppressions", params={"limit": 2})).json()["data"]
    assert await _listed(api, startingAfter=page[-1]["id"]) == ["c@y.test"]
    assert await _listed(api, startingAfter="b@x.test") == ["c@y.test"]


@pytest.mark.parametrize(
    "address",
    ["bo@x.test", "jürgen@bücher.example", "用户@例え.jp", "иван@почта.рф", "o'neil+a@x.test",
     "a/b@x.test", "50%off@x.test", "a&b=c@x.test", f"{'l' * 64}@x.test"],
)  # fmt: skip
async def test_every_address_can_be_added_shown_and_lifted(api: Api, address: str) -> None:
    """By its id, whatever signs it has; with a note, until a moment or for good."""
    body = {"address": address, "note": "asked by telephone", "until": NOW + DAY}
    made = await api.ask("POST", "/suppressions", body)
    assert made.status_code == 200, made.text
    id_ = made.json()["id"]

    shown = await api.get(f"/suppressions/{id_}")
    lifted = await api.ask("DELETE", f"/suppressions/{id_}")

    assert (shown["cause"], shown["evidence"]) == ("by_hand", "asked by telephone")
    assert (shown["madeBy"], shown["expiresAt"], shown["active"]) == ("app", NOW + DAY, True)
    assert lifted.json()["liftedBy"] == "app"


async def test_who_is_added_by_hand_is_not_written_to(api: Api) -> None:
    """Explain says so, with the note; the operator's word is the operator's."""
    answer = await api.admin.post(
        "/v1/shop/suppressions", json={"address": "BO@X.test", "note": "a court order"}
    )

    why = await api.get("/explain?of=bo")
    (known,) = why["suppressions"]
    assert answer.json()["madeBy"] == "operator"
    assert known["sentence"].endswith("until it is lifted (by_hand: a court order).")
    (obstacle,) = why["toChange"]
    assert "rejoinder suppression lift bo@x.test" in obstacle["sentence"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/suppressions?cause=quotta", None, 400, "did you mean 'quota'?"),
        ("GET", "/suppressions?cause=zz", None, 400, "there are invalid_recipient"),
        ("GET", "/suppressions?address=nobody", None, 400, "is no address and no @domain"),
        ("GET", "/suppressions?address=%22bo%22@x.test", None, 400, "write it as bo@x.test"),
        ("GET", "/suppressions?limit=0", None, 400, "limit"),
        ("GET", "/suppressions/nobody@x.test", None, 404, "There is no suppression"),
        ("DELETE", "/suppressions/nobody@x.test", None, 404, "There is no suppression"),
        ("GET", "/suppressions/sup_%C3%BC", None, 404, "There is no suppression"),
        ("DELETE", "/suppressions/sup_AA", None, 404, "There is no suppression"),
        ("GET", "/suppressions/sup_", None, 404, "There is no suppression"),
        ("GET", "/suppressions/" + "sup_" + "w" * 9_000, None, 404, "There is no suppression"),
        ("POST", "/suppressions", {}, 400, "address"),
        ("POST", "/suppressions", {"address": "bo@x.test", "til": 1}, 400, "did you mean 'until'"),
        ("POST", "/suppressions", {"address": "bo@x.test", "until": NOW}, 400, "moment to come"),
        ("POST", "/suppressions", {"address": "bo at x.test"}, 400, "not an email address"),
        ("POST", "/suppressions", {"address": "bo@x.test", "note": "n" * 501}, 400, "note"),
        ("POST", "/suppressions", {"address": "b@x.test", "cause": "quota"}, 400, "by_hand"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    api: Api, method: str, path: str, body: Any, status: int, said: str
) -> None:
    """With what may be meant, and nothing is stored."""
    answer = await api.ask(method, path, body)

    assert (answer.status_code, said in answer.text.replace('\\"', '"')) == (status, True), (
        answer.text
    )
    assert await _listed(api, all=True) == []


async def test_no_hand_weakens_what_is_known(api: Api) -> None:
    """A complaint is not made shorter by adding the address again; one by hand may be."""
    await _known(api, ("a@x.test", "complaint"))
    for until in (NOW + DAY, None):
        refused = await api.ask("POST", "/suppressions", {"address": "a@x.test", "until": until})
        assert refused.json()["errorCode"] == "SUPPRESSED_ALREADY", refused.text
    await api.ask("POST", "/suppressions", {"address": "b@x.test"})
    again = await api.ask("POST", "/suppressions", {"address": "b@x.test", "until": NOW + DAY})

    assert again.json()["expiresAt"] == NOW + DAY


async def test_a_mail_to_a_suppressed_address_is_not_said_to_be_tried(api: Api) -> None:
    """Retrying it would be cancelled a second later: it says what to lift instead."""
    mail = await _refused(api)

    refused = await api.admin.post(f"/admin/queue/shop/{mail}/retry")
    await api.ask("DELETE", "/suppressions/bo@x.test")
    tried = await api.admin.post(f"/admin/queue/shop/{mail}/retry")

    assert (refused.status_code, refused.json()["errorCode"]) == (400, "SUPPRESSED")
    assert "rejoinder suppression lift bo@x.test" in refused.text
    assert (tried.status_code, tried.json()["state"]) == (200, "queued")


async def test_another_app_sees_none_of_it(api: Api) -> None:
    """An address is suppressed for one app, and that is told to nobody else."""
    await _known(api, ("a@x.test", "quota"))
    await api.admin.post("/admin/apps", json={"id": "other", "name": "Other"})

    listed = await api.admin.get("/v1/other/suppressions")
    shown = await api.admin.get("/v1/other/suppressions/a@x.test")
    theirs = await api.ask("GET", "/../other/suppressions")

    assert (listed.json()["data"], shown.status_code) == ([], 404)
    assert theirs.status_code in {401, 404}
    assert await api.database.read(lambda s: opt_outs.suppression(s, "shop", "a@x.test"))
