"""A mail's steps say queued where it is queued, and accepted where it is accepted."""

import pytest

from core.model.delivery import Attempt, Delivery, State
from core.rules.mail_timeline import mail_timeline

QUEUED, TRIED, THEN = 1_000, 2_000, 9_000


def _mail(state: State, next_at: int | None = None, ended_at: int | None = None) -> Delivery:
    return Delivery(
        app_id="a", id="dlv_1", notification_id="n", conversation_id="c", user_id="u",
        address="bo@x.test", state=state, reason="why", reference=1, message_id="<dlv_1@x>",
        created_at=QUEUED, next_attempt_at=next_at, ended_at=ended_at,
    )  # fmt: skip


def _try(outcome: str, cause: str | None = None) -> Attempt:
    return Attempt(
        app_id="a", delivery_id="dlv_1", number=1, outcome=outcome, cause=cause, code=250,
        enhanced="2.0.0", text="queued as 7", ended_at=TRIED,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mail", "tries", "steps"),
    [
        pytest.param(_mail(State.QUEUED, QUEUED), [], ["queued", "due"], id="queued"),
        pytest.param(
            _mail(State.QUEUED, THEN), [_try("deferred", "busy")], ["queued", "deferred", "due"],
            id="put off",
        ),
        pytest.param(
            _mail(State.TRANSMITTING, THEN), [], ["queued", "transmitting"], id="on its way"
        ),
        pytest.param(
            _mail(State.ACCEPTED, None, TRIED), [_try("accepted")], ["queued", "accepted"],
            id="accepted",
        ),
        pytest.param(
            _mail(State.BOUNCED, None, TRIED), [_try("accepted")],
            ["queued", "accepted", "bounced"], id="sent back",
        ),
        pytest.param(
            _mail(State.CANCELLED, None, THEN), [], ["queued", "cancelled"], id="cancelled"
        ),
        pytest.param(
            _mail(State.FAILED, None, TRIED), [_try("failed", "no_such_user")],
            ["queued", "failed"], id="refused",
        ),
        pytest.param(
            _mail(State.UNCERTAIN, THEN), [_try("uncertain")], ["queued", "uncertain", "due"],
            id="nobody knows",
        ),
    ],
)  # fmt: skip
def test_steps(mail: Delivery, tries: list[Attempt], steps: list[str]) -> None:
    """In their order, each with its moment."""
    told = mail_timeline(mail, tries)

    assert [one.what for one in told] == steps
    assert [one.at for one in told] == sorted(one.at for one in told)


def test_a_theme_that_failed_is_told_where_the_mail_was_queued() -> None:
    """Whoever wonders about its looks finds why."""
    mail = _mail(State.ACCEPTED, None, TRIED)
    mail.trace = {"text": "x", "theme_fault": "themeHtml: line 2: no"}

    steps = [(step.what, step.said) for step in mail_timeline(mail, [])]

    assert steps == [("queued", ""), ("theme_failed", "themeHtml: line 2: no")]
