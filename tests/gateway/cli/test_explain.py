"""What `explain` prints: the answer, what would have to change, and each step of each mail."""

from typing import Any

from tests.gateway.cli.test_commands import APPS, Api, run

TOLD: dict[str, Any] = {
    "sentence": "They had missed messages, so a mail was made. bo@x.test: queued",
    "suppressions": [{"sentence": "Nothing is sent to b@x.test since 2023-11-14 22:13:20Z."}],
    "toChange": [{"reason": "notify_off", "sentence": "Their notify must be true."}],
    "notifications": [
        {
            "sent": True, "reason": "missed", "messages": 2, "decidedAt": 1_700_000_000_000,
            "explanation": "They had missed messages, so a mail was made.",
            "deliveries": [
                {
                    "address": "bo@x.test", "explanation": None,
                    "timeline": [
                        {"at": 1_700_000_000_000, "what": "queued", "said": ""},
                        {"at": 1_700_000_001_000, "what": "accepted", "said": "250 2.0.0 ok"},
                    ],
                }
            ],
        },
        {
            "sent": False, "reason": "notify_off", "messages": 1, "decidedAt": 1_700_000_000_000,
            "explanation": "Notifications were off.", "deliveries": [],
        },
    ],
}  # fmt: skip


def test_each_step_stands_on_its_line() -> None:
    """Queued where it is queued, accepted where it is accepted."""
    api = Api(
        {
            "GET /admin/apps": (200, APPS),
            "GET /v1/shop/explain?of=bo&conversation=bike&message=msg_1": (200, TOLD),
        }
    )

    result = run(api, "explain", "bo", "bike", "--message", "msg_1")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "They had missed messages, so a mail was made. bo@x.test: queued",
        "Nothing is sent to b@x.test since 2023-11-14 22:13:20Z.",
        "For the next mail to come:",
        "    Their notify must be true. (notify_off)",
        "2023-11-14 22:13:20Z  a mail was made (missed), 2 message(s)",
        "    bo@x.test",
        "        2023-11-14 22:13:20Z  queued",
        "        2023-11-14 22:13:21Z  accepted (250 2.0.0 ok)",
        "2023-11-14 22:13:20Z  no mail (notify_off), 1 message(s)",
        "    Notifications were off.",
    ]


def test_a_person_alone_is_explained() -> None:
    """By an address, over all their conversations."""
    told = {
        "sentence": "Nothing keeps mails from this person.", "suppressions": [], "toChange": [],
        "conversations": [
            {
                "conversation": "bike", "sentence": "They had muted it.",
                "toChange": [{"reason": "muted", "sentence": "It is muted until then."}],
            }
        ],
    }  # fmt: skip
    answers = {"GET /admin/apps": (200, APPS), "GET /v1/shop/explain?of=bo%40x.test": (200, told)}

    result = run(Api(answers), "explain", "bo@x.test")

    assert result.output.splitlines()[1:] == [
        "bike: They had muted it.",
        "    It is muted until then. (muted)",
    ]
