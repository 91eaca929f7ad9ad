"""The headers of a notification, in their order and to the letter."""

from dataclasses import replace
from typing import Any

import pytest

from notifier.channels.email.folding import Mailbox
from notifier.channels.email.headers import (
    date,
    header_block,
    list_id,
    root_id,
    thread_ids,
)
from tests.support.digests import NOON, a_letter

GOLDEN = f"""\
From: "Ann via Acme" <notify@example.org>
Reply-To: "Acme"
 <r+{"a" * 44}@reply.example.org>
To: "Bo" <bo@example.net>
Subject: Re: Order 8841
Date: Fri, 21 Nov 2025 12:00:00 +0000
Message-ID: <n.ntf_1@example.org>
In-Reply-To: <n.ntf_0@example.org>
References: ROOT
 <n.ntf_0@example.org>
List-Id: "Acme messages" <messages.acme.example.org>
List-Unsubscribe: <https://n.example.org/u/{"c" * 44}>,
 <mailto:u+{"c" * 44}@reply.example.org?subject=unsubscribe>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
x-ms-reactions: disallow
Feedback-ID: dm:acme:missed:acme
X-Rejoinder-Reason: dm
"""


def test_every_header() -> None:
    """The header block is known to the octet."""
    letter = a_letter(references=("n.ntf_0@example.org",))
    golden = GOLDEN.replace("ROOT", f"<{letter.root_id}>")

    assert header_block(letter) == golden.replace("\n", "\r\n")


def test_p5_07_read_only_people_have_no_reply_address() -> None:
    """Without a reply address there is no Reply-To, and nothing else changes."""
    known = header_block(a_letter())
    reply_to = f'Reply-To: "Acme"\r\n <r+{"a" * 44}@reply.example.org>\r\n'

    assert header_block(a_letter(reply_to=None)) == known.replace(f"\r\n{reply_to}", "\r\n", 1)
    assert reply_to in known


def test_the_first_mail_answers_the_root() -> None:
    """In-Reply-To and References name the synthetic root when there is nothing else."""
    letter = a_letter()

    assert thread_ids(letter) == [f"<{letter.root_id}>"]
    assert f"In-Reply-To: <{letter.root_id}>\r\n" in header_block(letter)


def test_the_thread_keeps_the_root_and_the_latest_ten() -> None:
    """References hold the root first and the ten latest, each once, no bad one."""
    known = tuple(f"<n.{n}@example.org>" for n in range(20))
    letter = a_letter(references=(*known, "bad id", known[-1], "x" * 300))

    thread = thread_ids(letter)

    assert thread[0] == f"<{letter.root_id}>"
    assert thread[1:] == [f"<n.{n}@example.org>" for n in range(13, 20)]


def test_p5_30_a_long_thread_is_folded_between_ids() -> None:
    """Long References are folded, not encoded, one id or more a line."""
    ids = tuple(f"n.{'x' * 200}{n}@example.org" for n in range(10))
    block = header_block(a_letter(references=ids))

    assert all(f"<{id_}>\r\n" in block for id_ in ids)
    assert "=?" not in block


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"message_id": "a\r\nX: y"}, id="an id"),
        pytest.param({"root_id": ""}, id="no root"),
        pytest.param({"opt_out_url": "https://x.org/ y"}, id="a URL"),
        pytest.param({"opt_out_url": "https://x.org/" + "y" * 1_000}, id="a URL no line can hold"),
        pytest.param({"opt_out_address": "u+x"}, id="an address"),
        pytest.param({"list_id": "a>b"}, id="a list"),
        pytest.param({"recipient": Mailbox("Bo", "bo@x\nBcc: e@x")}, id="a recipient"),
    ],
)
def test_p7_19_what_would_break_a_header_is_refused(change: dict[str, Any]) -> None:
    """What is not text and cannot stand in a header is refused."""
    with pytest.raises(ValueError, match=r"address|token"):
        header_block(replace(a_letter(), **change))


def test_labels_and_reasons_are_words() -> None:
    """Values made of an app's ids can end neither header nor field."""
    block = header_block(a_letter(feedback_id="dm:my app\r\nX: y", reason=""))

    assert "Feedback-ID: dm:my_app_X:_y\r\n" in block
    assert "X-Rejoinder-Reason: none\r\n" in block


def test_a_list_with_a_long_name_keeps_its_id() -> None:
    """List-Id fits its 255 octets (RFC 2919, 2), the name yields, and is not lost."""
    block = header_block(a_letter(list_name="語" * 90))
    field = block[block.index("List-Id:") : block.index("List-Unsubscribe:")]

    assert field.endswith(" <messages.acme.example.org>\r\n")
    assert field.startswith("List-Id: =?utf-8?b?")
    assert len(field) <= 255


def test_ids() -> None:
    """Ids are stable, and an app's own ids cannot break them or be read from them."""
    assert root_id("a b>\n", "ü", "x.org") == root_id("a b>\n", "ü", "x.org")
    assert root_id("a", "bc", "x.org") != root_id("ab", "c", "x.org")
    assert list_id("tAb_9/..", "x.org") == "messages.tab-9.x.org"
    assert list_id("///", "x.org") == "messages.app.x.org"


def test_dates() -> None:
    """A date is written in English whatever the process's language (RFC 5322, 3.3)."""
    assert date(NOON) == "Fri, 21 Nov 2025 12:00:00 +0000"
    assert date(951_782_399_999) == "Mon, 28 Feb 2000 23:59:59 +0000"
