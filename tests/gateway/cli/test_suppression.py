"""What `suppression` prints: the list, the evidence, what lifting means."""

from typing import Any

import pytest

from tests.gateway.cli.test_commands import APPS, Api, run

BO: dict[str, Any] = {
    "id": "sup_Ym8", "address": "bo@x.test", "cause": "quota", "evidence": "quota: 552 full",
    "madeAt": 1_700_000_000_000, "expiresAt": 1_700_604_800_000, "liftedAt": None,
    "sentence": "Nothing is sent to bo@x.test.", "means": "The mailbox is full.",
    "toChange": "It ends by itself.", "user": "bo",
    "mail": {
        "id": "dlv_1",
        "timeline": [{"at": 1_700_000_000_000, "what": "failed", "said": "quota 552 full"}],
    },
    "mayLeave": [
        {"state": "owed", "user": "bo", "conversation": "bike", "dueAt": 1_700_000_000_000}
    ],
    "stillHindered": [
        {
            "state": "owed", "user": "bo", "conversation": "car", "dueAt": None,
            "toChange": [{"reason": "muted", "sentence": "It is muted."}],
        }
    ],
}  # fmt: skip


def test_the_list_is_asked_with_its_filters() -> None:
    """One line each, in pages."""
    where = "GET /v1/shop/suppressions?address=%40x.test&cause=quota&all=true&limit=100"
    api = Api({"GET /admin/apps": (200, APPS), where: (200, {"data": [BO]})})

    result = run(api, "suppression", "list", "--address", "@x.test", "--cause", "quota", "--all")

    assert result.exit_code == 0, result.output
    assert result.output.split("\t")[:3] == ["bo@x.test", "quota", "quota: 552 full"]


def test_the_evidence_is_shown() -> None:
    """Which answer of which mail, and what may leave."""
    api = Api({"GET /admin/apps": (200, APPS), "GET /v1/shop/suppressions/bo%40x.test": (200, BO)})

    assert run(api, "suppression", "show", "bo@x.test").output.splitlines() == [
        "Nothing is sent to bo@x.test.",
        "The mailbox is full.",
        "It ends by itself.",
        "It is known from dlv_1 to bo:",
        "    2023-11-14 22:13:20Z  failed (quota 552 full)",
        "    owed to bo of bike 2023-11-14 22:13:20Z",
        "    owed to bo of car  It is muted.",
    ]


def test_lifting_says_what_may_leave() -> None:
    """The sentence first, then each mail."""
    api = Api(
        {"GET /admin/apps": (200, APPS), "DELETE /v1/shop/suppressions/bo%40x.test": (200, BO)}
    )

    said = run(api, "suppression", "lift", "bo@x.test").output.splitlines()
    assert said[0] == "Nothing is sent to bo@x.test."
    assert len(said) == 3


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2027-01-31", 1_801_353_600_000),
        ("2027-01-31T12:00:00+02:00", 1_801_389_600_000),
        (None, None),
    ],
)
def test_one_is_added_with_a_note(until: str | None, moment: int | None) -> None:
    """Until a day or a time, or until it is lifted."""
    api = Api({"GET /admin/apps": (200, APPS), "POST /v1/shop/suppressions": (200, BO)})
    words = ["suppression", "add", "bo@x.test", "--note", "by telephone"]

    result = run(api, *words, *(["--until", until] if until else []))

    assert result.exit_code == 0, result.output
    assert api.asked[-1][2] == {"address": "bo@x.test", "note": "by telephone", "until": moment}


def test_a_day_that_is_none_is_wrong_usage() -> None:
    """In one line, before anything is asked."""
    result = run(Api({"GET /admin/apps": (200, APPS)}), "suppression", "add", "b@x", "--until", "x")

    assert result.exit_code == 2
