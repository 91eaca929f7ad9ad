"""A good signature proves who wrote a mail; whether it was sent here, what it covers tells."""

import pytest

from core.moment import DAY, Moment
from gateway.authentication.canonical import split
from gateway.authentication.coverage import Addressed, Shortfall, shortfall
from gateway.authentication.signatures import safe_tags

NOW: Moment = 1_700_000_000_000  # Tue, 14 Nov 2023 22:13:20 +0000
TO = "r+abc@reply.test"
HEAD = {
    "From": "Bo <bo@example.net>",
    "To": TO,
    "Subject": "Re: x",
    "Date": "Tue, 14 Nov 2023 22:13:20 +0000",
    "Message-ID": "<1@example.net>",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}
ALL = ":".join(HEAD)


def lacks(
    head: dict[str, str],
    named: str = ALL,
    body: str = "Yes.",
    now: Moment = NOW,
    tags: str = "",
    *,
    by_answered: bool = False,
) -> Shortfall | None:
    """Return what a signature that names these fields leaves unproven of such a mail."""
    raw = "".join(f"{name}: {value}\r\n" for name, value in head.items()) + f"\r\n{body}\r\n"
    mail = split(raw.encode())
    known = safe_tags(f"v=1; a=rsa-sha256; d=x; h={named}; {tags}".encode())
    assert mail is not None
    assert known is not None
    return shortfall(mail, known, Addressed(TO, now, by_answered=by_answered))


def test_what_covers_all_proves_it() -> None:
    """The common case: everything that decides is signed, it is young, and it is to us."""
    assert lacks(HEAD) is None


@pytest.mark.parametrize(
    "name", ["Content-Type", "Content-Transfer-Encoding", "Subject", "Message-ID", "Date"]
)
def test_what_decides_and_is_not_signed(name: str) -> None:
    """Anybody may change it, and the signature is as good as before."""
    named = ":".join(one for one in HEAD if one != name)

    assert lacks(HEAD, named) is Shortfall.UNSIGNED_FIELD


@pytest.mark.parametrize(
    ("there", "named", "expected"),
    [
        pytest.param(["In-Reply-To", "References"], [], True, id="neither is signed"),
        pytest.param([], [], True, id="taken away"),
        pytest.param(["In-Reply-To"], ["References"], True, id="one was put in"),
        pytest.param(["References"], ["In-Reply-To"], True, id="the other was"),
        pytest.param(["In-Reply-To"], ["In-Reply-To"], False, id="signed"),
        pytest.param(["References"], ["References"], False, id="as Yahoo has it"),
        pytest.param([], ["In-Reply-To", "References"], False, id="signed as not there"),
        pytest.param(["References", "In-Reply-To"], ["In-Reply-To", "References"], False, id="all"),
    ],
)  # fmt: skip
def test_what_it_answers_counts_where_it_decides(
    there: list[str], named: list[str], *, expected: bool
) -> None:
    """And only there: many leave those fields unsigned."""
    head = HEAD | dict.fromkeys(there, "<2@reply.test>")
    fields = ":".join([ALL, *named])

    assert lacks(head, fields) is None
    found = lacks(head, fields, by_answered=True)
    assert found is (Shortfall.UNSIGNED_FIELD if expected else None)


@pytest.mark.parametrize("name", ["Message-ID", "Subject", "Date", "To"])
def test_what_every_mail_has_and_was_taken_away(name: str) -> None:
    """Without its id it would be another mail; without its subject, or day, or To, nobody's."""
    head = {field: value for field, value in HEAD.items() if field != name}

    assert lacks(head, ":".join(head)) is not None


@pytest.mark.parametrize("name", ["Content-Type", "Content-Transfer-Encoding", "Subject"])
def test_one_more_on_top(name: str) -> None:
    """A signature covers fields from the bottom, a reader takes the topmost."""
    more = {name.upper(): "text/html"} | HEAD

    assert lacks(more) is Shortfall.UNSIGNED_FIELD
    assert lacks(more, f"{ALL}:{name}") is None


@pytest.mark.parametrize(
    ("gone", "body", "expected"),
    [
        (("Content-Type",), "Yes.", Shortfall.UNSIGNED_FIELD),
        (
            ("Content-Type", "MIME-Version"),
            "--b\r\nContent-Type: text/plain\r\n\r\nNo.",
            Shortfall.UNSIGNED_FIELD,
        ),
        (("Content-Type", "MIME-Version", "Content-Transfer-Encoding"), "Yes.", None),
    ],
)
def test_a_type_that_was_taken_away(
    gone: tuple[str, ...], body: str, expected: Shortfall | None
) -> None:
    """A mail of parts without its type shows the names of its parts; a plain one never had any."""
    head = {name: value for name, value in HEAD.items() if name not in gone}

    assert lacks(head, ":".join(head), body) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("inline", None),
        (" Inline ", None),
        ("attachment; filename=x.bin", Shortfall.UNSIGNED_FIELD),
        ("inline; filename=x.txt", Shortfall.UNSIGNED_FIELD),
    ],
)
def test_a_disposition_that_was_added(value: str, expected: Shortfall | None) -> None:
    """A text that is made a file by whoever sends it on is no text any more."""
    head = HEAD | {"Content-Disposition": value}

    assert lacks(head) is expected
    assert lacks(head, f"{ALL}:content-disposition") is None


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("text/html", "<p>No=2C never.</p>=20", Shortfall.UNSIGNED_FIELD),
        ("text/plain", "Tm8sIG5ldmVyLg==", Shortfall.UNSIGNED_FIELD),
        ("text/html", '<p class="x=3D">No.</p>', None),
        ("text/plain; charset=utf-8", "Ça va: =C3.", None),
        ('multipart/mixed; boundary="b"', "--b\r\n\r\nNo=2C never.\r\n--b--", None),
    ],
)
def test_a_coding_that_was_taken_away(kind: str, body: str, expected: Shortfall | None) -> None:
    """Where only the type is signed, a body that looks coded may have lost its coding."""
    head = HEAD | {"Content-Type": kind}
    head.pop("Content-Transfer-Encoding")

    assert lacks(head, ":".join(head), body) is expected
    assert lacks(head, ALL, body) is None


@pytest.mark.parametrize(
    ("now", "tags", "expected"),
    [
        (NOW + 6 * DAY, "", None),
        (NOW + 8 * DAY, "", Shortfall.OLD),
        (NOW, "t=1600000000", Shortfall.OLD),
        (NOW, "t=1700000000", None),
        (NOW, "t=99999999999999999999", None),
        (NOW - DAY, "t=x", None),
    ],
)
def test_how_old_it_is(now: Moment, tags: str, expected: Shortfall | None) -> None:
    """It is as old as the older of the day it was written and the day it was signed."""
    assert lacks(HEAD, now=now, tags=tags) is expected


@pytest.mark.parametrize(
    ("to", "cc", "expected"),
    [
        ("Ann <ann@example.com>", "", Shortfall.OTHER_RECIPIENTS),
        ("r+another@reply.test", "", Shortfall.OTHER_RECIPIENTS),
        ("ann@example.com", "carl@example.com", Shortfall.OTHER_RECIPIENTS),
        ("=?utf-8?q?J=C3=B6rg?= <j@example.de>", "", Shortfall.OTHER_RECIPIENTS),
        ("用户@例子.中国", "", Shortfall.OTHER_RECIPIENTS),
        ("ann@example.com, R+ABC@Reply.Test", "", None),
        ("ann@example.com", '"Shop" <r+abc@reply.test>', None),
        ("<r+abc\r\n @reply.test>", "", None),
        ("undisclosed-recipients:;", "", Shortfall.OTHER_RECIPIENTS),
        ("", "", Shortfall.OTHER_RECIPIENTS),
    ],
)
def test_to_whom_it_was_written(to: str, cc: str, expected: Shortfall | None) -> None:
    """A letter to others that names nobody of ours was not written to this conversation."""
    head = HEAD | {"To": to} | ({"Cc": cc} if cc else {})

    assert lacks(head, f"{ALL}:Cc") is expected


@pytest.mark.parametrize("signed", ["Cc", "Subject", "Bcc", "Reply-To"])
def test_recipients_that_nobody_signed(signed: str) -> None:
    """Whoever sends it on may write us into a field that is not signed."""
    named = ":".join(one for one in HEAD if one != "To")

    assert lacks(HEAD, f"{named}:{signed}") is Shortfall.OTHER_RECIPIENTS
    assert lacks({"To": TO} | HEAD | {"to": "ann@example.com"}) is Shortfall.OTHER_RECIPIENTS


def test_what_bears_no_day_may_be_of_any() -> None:
    """Without a signed date and a time of signing nobody can tell that it is not old."""
    head = {name: value for name, value in HEAD.items() if name != "Date"}

    assert lacks(head) is Shortfall.OLD
    assert lacks(head, tags="t=1700000000") is None
    assert lacks(HEAD | {"Date": "yesterday"}) is Shortfall.OLD


@pytest.mark.parametrize("size", [0.5, 2, 50_000])
def test_whatever_is_done_to_recipients_is_judged(size: float) -> None:
    """Half of it, twice of it, or a megabyte of it."""
    one = "ann@example.com, "
    to = (one * int(size) or one[: int(len(one) * size)]) + "carl@example.com"

    assert lacks(HEAD | {"To": to}) is Shortfall.OTHER_RECIPIENTS
