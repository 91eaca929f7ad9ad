"""What the operator asks about mails, and what they are told."""

import base64
import json

from gateway.cli.mail import read_whole
from gateway.explained import explained
from tests.gateway.cli.test_commands import Api, run
from tests.support.letters import attached, mail, multi, text

MAIL = mail(multi("mixed", text("Yes."), attached(b"hi", "text/plain", "a.txt")))


def test_mail_for_the_operator_is_listed_shown_and_printed() -> None:
    """It is no app's, so none is asked for; --operator says that it is meant."""
    row = {"id": "rcp_1", "recipient": "abuse@reply.test", "author": "zoe@far.test", "size": 9}
    row |= {"subject": "Your server", "detail": "passed on"}
    octets = base64.b64encode(b"Subject: x\r\n\r\nhi\r\n").decode()
    api = Api(
        {
            "GET /admin/operator/mails?limit=30": (200, {"data": [row]}),
            "GET /admin/operator/mails/rcp_1": (200, row),
            "GET /admin/operator/mails/rcp_1/raw": (200, {"id": "rcp_1", "raw": octets}),
        }
    )

    listed = run(api, "mail", "list", "--operator")
    shown = run(api, "mail", "show", "rcp_1", "--operator", "--json")
    printed = run(api, "mail", "raw", "rcp_1", "--operator")

    assert listed.stdout == "rcp_1\tabuse@reply.test\tzoe@far.test\tYour server\t9\tpassed on\n"
    assert json.loads(shown.stdout) == row
    assert printed.stdout.split() == ["Subject:", "x", "hi"]


def test_a_mail_of_which_only_the_headers_are_kept_is_told_of_as_such() -> None:
    """In the list, and beside what is printed, so that nobody takes them for the whole."""
    row = {"id": "rcp_1", "verdict": "discard", "reason": "auto_submitted", "kept": "headers"}
    raw = {"id": "rcp_1", "raw": base64.b64encode(b"A: b\r\n\r\n").decode(), "kept": "headers"}
    api = Api(
        {
            "GET /v1/shop/receipts?limit=30": (200, {"data": [row]}),
            "GET /admin/receipts/shop/rcp_1/raw": (200, raw),
        }
    )

    listed = run(api, "mail", "list", "--app", "shop")
    printed = run(api, "mail", "raw", "rcp_1", "--app", "shop")

    assert listed.stdout.split()[:4] == ["rcp_1", "discard", "auto_submitted", "headers"]
    assert printed.stdout.split() == ["A:", "b"]
    assert "only the headers are kept" in printed.stderr


def test_a_mail_is_read_again_and_posted_when_that_is_said() -> None:
    """Lines come with their rules, who wrote it above; only --post asks for more."""
    said = explained(read_whole(MAIL))
    api = Api(
        {
            "POST /admin/receipts/shop/rcp_1/replay": (200, said),
            "POST /admin/receipts/shop/rcp_1/post": (200, {"messageId": "msg_1"}),
        }
    )

    looked = run(api, "mail", "replay", "rcp_1", "--app", "shop")
    posted = run(api, "mail", "replay", "rcp_1", "--post", "--app", "shop", "--json")

    assert [line for line in looked.stdout.splitlines() if line.strip()] == [
        "from: bo@example.net",
        "1 + written  Yes.",
        "reply, from the text, confidence 0.75",
        "verdict: accept (posted)",
        "file: a.txt, text/plain, 2 octets",
    ]
    assert json.loads(posted.stdout) == {"messageId": "msg_1"}


def test_held_replies_are_asked_for_in_pages() -> None:
    """All that wait, up to the limit."""
    held = [{"id": f"hld_{n}", "state": "waiting"} for n in range(101)]
    api = Api(
        {
            "GET /admin/held?app=shop&limit=100": (200, {"data": held[:100]}),
            "GET /admin/held?app=shop&limit=100&startingAfter=hld_99": (200, {"data": held[100:]}),
            "GET /admin/held?app=shop&all=true&limit=7": (200, {"data": held[:7]}),
        }
    )

    listed = run(api, "mail", "held", "--app", "shop", "--json")
    some = run(api, "mail", "held", "--app", "shop", "--all", "--limit", "7")

    assert json.loads(listed.stdout) == held
    assert len(some.stdout.splitlines()) == 7
