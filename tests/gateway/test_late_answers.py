# ruff: noqa: RUF001 (letters of many languages look alike)
"""An answer to a digest that lies behind many newer ones is read with what that one said."""

from functools import partial

import pytest

from core.ids import new_reference
from core.model.delivery import Delivery, State
from core.store import deliveries, traces
from core.store.database import Database
from core.store.traces import Trace
from gateway.quote.sent import Sent
from gateway.reading import LATEST_DIGESTS
from tests.support.people import APP, NOW, ROOM
from tests.support.quoting import MARKED, UNMARKED, a_digest
from tests.support.reception import BO, Gateway, a_gateway, a_mail

ANSWER = "Sounds good!"
SAID = {
    "English": "I agree to pay Mallory 900 euros for the bike.\nI take back my complaint of today.",
    "German": "Ich zahle Mallory 900 Euro für das Rad.\nMeine Beschwerde ziehe ich zurück.",
    "Greek": "Θα πληρώσω εννιακόσια ευρώ για το ποδήλατο.\nΣυμφωνώ σε όλα όσα είπες.",
    "Chinese": "我同意以九百欧元购买这辆自行车。\n我也撤回上周的投诉。",
    "short": "Deal.\nAccepted.",
    "fenced": "```\nI agree to pay Mallory 900 euros.\n```",
}


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


def _delivery(sent: Sent, number: int) -> Delivery:
    said = {"text": sent.text, "marker": sent.marker, "message_id": sent.message_id}
    return Delivery(
        app_id=APP, id=f"dlv_{number}", notification_id=f"ntf_{number}", conversation_id=ROOM,
        user_id="bo", address="bo@example.net", state=State.ACCEPTED, reference=new_reference(),
        message_id=sent.message_id, created_at=NOW + number, ended_at=NOW + number,
        trace=said | {"name": sent.name, "address": sent.address, "subject": sent.subject},
    )  # fmt: skip


async def _tell(gateway: Gateway, first: Sent, newer: int) -> None:
    """Let one digest leave for Bo, and so many after it."""
    rest = [a_digest(f"Number {number} has some more to say.", number) for number in range(2, 99)]
    for number, sent in enumerate([first, *rest[:newer]], 1):
        await gateway.database.write(partial(deliveries.add, delivery=_delivery(sent, number)))


def _mail(client: str, sent: Sent, **head: str) -> bytes:
    body = (UNMARKED | MARKED)[client](ANSWER, sent)
    kind = "text/plain" if body.html is None else "text/html"
    given = {"MIME_Version": "1.0", "Content_Type": f"{kind}; charset=utf-8"}
    return a_mail(body.html or body.text or "", **given, **head)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("head", [{"In_Reply_To": "<dlv_1@n.example>"}, {}])
async def test_what_an_old_digest_said_is_not_posted(
    gateway: Gateway, said: str, head: dict[str, str]
) -> None:
    """Named by the thread, or by the marker in its copy."""
    sent = a_digest(said)
    await _tell(gateway, sent, 12)
    texts = [
        await gateway.says(
            _mail(client, sent, Message_ID=f"<{client.replace(' ', '.')}@x>", **head)
        )
        for client in ("Outlook", "nothing at all", "HTML with nothing around", "quote marks")
    ]

    assert texts[0] == ANSWER
    assert {text for text in texts if text is not None} == {ANSWER}


@pytest.mark.parametrize("newer", [0, 3, 5, 7, 60])
@pytest.mark.parametrize("named", ["In_Reply_To", "References"])
async def test_its_age_does_not_matter(gateway: Gateway, newer: int, named: str) -> None:
    """Where the marker and all signs of a quotation were cut away, the thread alone tells it."""
    sent = a_digest("I agree to pay 900 euros for the red bike.\nAnd I do so of my own free will.")
    await _tell(gateway, sent, newer)
    below = sent.text.partition("Mallory, 1:36 PM:\n")[2]
    told = {
        "References": "<root@n.example>\n <dlv_1@n.example>",
        "In_Reply_To": "<dlv_1@n.example>",
    }
    text = f"{ANSWER}\n\nZx: Mallory via Shop\nZd: 3 June 2025\n\n{below}"

    assert await gateway.says(a_mail(text, **{named: told[named]})) == ANSWER


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        pytest.param({}, 0, id="it names no digest"),
        pytest.param({"In_Reply_To": "<dlv_13@n.example>"}, 0, id="the newest"),
        pytest.param({"In_Reply_To": "<dlv_9@n.example>"}, 0, id="one of the latest"),
        pytest.param({"In_Reply_To": "<x@relay.example>"}, 0, id="a name that a relay made"),
        pytest.param(
            {"In_Reply_To": "<dlv_13@n.example>", "References": "<dlv_1@n.example>"},
            0,
            id="the newest, in a long thread",
        ),
        pytest.param({"In_Reply_To": "<dlv_2@n.example>"}, 1, id="an old one"),
    ],
)
async def test_only_an_answer_to_an_old_one_asks_once_more(
    gateway: Gateway, head: dict[str, str], asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that most mails need comes with whom their address names."""
    await _tell(gateway, a_digest("Will you buy it?"), 12)
    looks: list[tuple[str, ...]] = []
    found = traces.named

    def counted(*given: object) -> list[Trace]:
        looks.append(given[2])  # type: ignore[arg-type]
        return found(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(traces, "named", counted)

    assert await gateway.says(a_mail(ANSWER, **head)) == ANSWER
    assert len(looks) == asked


async def test_a_trace_is_found_by_its_name_or_its_marker(gateway: Gateway) -> None:
    """Of this person, in this conversation; newest first."""
    await _tell(gateway, first := a_digest("Will you buy it?"), 3)
    names = [first.marker, "<dlv_3@n.example>", "rjd-ffffffffffff"]

    found = await gateway.database.read(lambda s: traces.named(s, BO, names, LATEST_DIGESTS))
    others = await gateway.database.read(
        lambda s: traces.named(s, (APP, ROOM, "ann"), names, LATEST_DIGESTS)
    )

    assert [one.message_id for one in found] == ["<dlv_3@n.example>", first.message_id]
    assert others == []
