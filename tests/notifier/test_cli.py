"""What the commands of the queue ask, and what they tell."""

import json
from typing import Any

from core.scrub import HIDDEN
from tests.gateway.cli.test_commands import Api, run


def test_a_long_queue_is_asked_for_in_pages() -> None:
    """Up to the limit, each list goes on after its last row until it ends; --json tells all."""
    owed: list[dict[str, Any]] = [
        {"place": f"0/shop/c/{n}", "userId": f"{n}", "conversationId": "c"} for n in range(2001)
    ]
    owed = [one | {"dueAt": 0} for one in owed]
    row: dict[str, Any] = {"state": "queued", "address": "bo@example.com", "attempts": []}
    row |= {"nextAttemptAt": None, "reason": None}
    waiting = [row | {"id": f"dlv_{n}", "place": f"0/dlv_{n}"} for n in range(1001)]
    asked = "GET /admin/queue?app=shop&all=false&limit="
    second = f"{asked}1000&owedAfter=0%2Fshop%2Fc%2F999&startingAfter=0%2Fdlv_999"
    third = f"{asked}500&owedAfter=0%2Fshop%2Fc%2F1999"
    api = Api(
        {
            f"{asked}1000": (200, {"pendings": owed[:1000], "deliveries": waiting[:1000]}),
            second: (200, {"pendings": owed[1000:2000], "deliveries": waiting[1000:]}),
            third: (200, {"pendings": owed[2000:], "deliveries": waiting[:500]}),
        }
    )

    listed = run(api, "queue", "list", "--app", "shop", "--limit", "2500", "--json")

    assert json.loads(listed.stdout) == {"pendings": owed, "deliveries": waiting}


def test_a_delivery_for_the_operator_is_named_without_an_app() -> None:
    """--operator says that it is meant, as it does of mails."""
    row: dict[str, Any] = {"id": "dlv_1", "state": "failed", "address": "ops@example.org"}
    row |= {"attempts": [], "nextAttemptAt": None, "reason": "not_written"}
    api = Api(
        {
            "GET /admin/queue?app=&all=true&limit=50": (200, {"pendings": [], "deliveries": [row]}),
            "GET /admin/operator/queue/dlv_1": (200, row),
            "POST /admin/operator/queue/dlv_1/retry": (200, row),
        }
    )

    listed = run(api, "queue", "list", "--operator", "--all")
    shown = run(api, "queue", "show", "dlv_1", "--operator", "--json")
    retried = run(api, "queue", "retry", "dlv_1", "--operator")

    assert listed.stdout == "dlv_1\tfailed\tops@example.org\t0\t\tnot_written\n"
    assert json.loads(shown.stdout) == row
    assert retried.exit_code == 0


def test_what_a_mail_said_is_shown_without_its_secrets() -> None:
    """Whoever copies what is shown into a ticket gives nobody the way to opt somebody out."""
    token = "aeadsbk3xmvlnpunpa6r57vjw43jmf3ywhyopizw6f5q"
    said = {"text": f"Hello\nhttp://n.test/u/{token}", "reverse_path": f"b+{token}@reply.test"}
    api = Api({"GET /admin/queue/shop/dlv_1": (200, {"id": "dlv_1", "trace": said})})

    shown = run(api, "queue", "show", "dlv_1", "--app", "shop", "--json")

    assert json.loads(shown.stdout)["trace"] == {"text": f"Hello\n{HIDDEN}", "reverse_path": HIDDEN}


LANE: dict[str, Any] = {
    "lane": "email/gmail", "state": "closed", "closedUntil": 1_700_000_060_000, "troubles": 1,
    "reason": "sender_quota", "said": {"code": 550, "enhanced": "5.4.5", "text": "Limit exceeded"},
    "saidTo": "dlv_1", "changedAt": 1_700_000_000_000,
}  # fmt: skip
NOTHING = {"code": None, "enhanced": None, "text": None}


def test_the_lanes_are_listed_with_what_was_said() -> None:
    """A row each; one that is open has nothing to say."""
    open_ = LANE | {"lane": "email", "state": "open", "reason": None, "said": NOTHING}
    open_ |= {"closedUntil": None, "saidTo": None}
    api = Api({"GET /admin/lanes": (200, {"lanes": [open_, LANE]})})
    listed = run(api, "queue", "lanes").stdout.splitlines()

    assert listed[0].rstrip().split("\t") == ["email", "open"]
    assert listed[1].split("\t")[:2] == ["email/gmail", "closed"]
    assert "550 5.4.5 Limit exceeded" in listed[1]


def test_a_lane_is_opened_by_its_name() -> None:
    """Slash and all."""
    api = Api({"POST /admin/lanes/open?lane=email%2Fgmail": (200, LANE)})
    opened = run(api, "queue", "open", "email/gmail")

    assert opened.stdout == "email/gmail is open; what waits behind it is tried now.\n"


def test_a_retry_tells_the_truth_about_now() -> None:
    """Behind a lane that is closed it says until when, why, and what opens it."""
    row: dict[str, Any] = {"id": "dlv_1", "triedAt": 1_700_000_000_000, "behind": None}
    waits = row | {"triedAt": 1_700_000_060_000, "behind": LANE | {"lane": "email"}}
    now = Api({"POST /admin/queue/shop/dlv_1/retry": (200, row)})
    later = Api({"POST /admin/queue/shop/dlv_1/retry": (200, waits)})
    opens = Api({"POST /admin/queue/shop/dlv_1/retry?openLane=true": (200, row)})
    told = [
        run(api, "queue", "retry", "dlv_1", "--app", "shop", *more).stdout
        for api, more in ((now, ()), (later, ()), (opens, ("--open-lane",)))
    ]

    assert told[0] == told[2] == "dlv_1 is tried again now.\n"
    assert "is tried again at 2023-11-14" in told[1]
    assert "the lane email is closed until then (550 5.4.5 Limit exceeded)" in told[1]
    assert "`rejoinder queue open email` opens it now." in told[1]
