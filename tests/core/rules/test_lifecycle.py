"""Where a delivery goes after each outcome."""

import pytest

from core.model.delivery import State
from core.moment import Moment
from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from core.rules.lifecycle import Next, after

NOW, SOON = 1_000, 2_000


@pytest.mark.parametrize(
    ("outcome", "retry_at", "before", "then"),
    [
        pytest.param(
            Accepted(PeerReply(250, None, "ok")), None, 0, Next(State.ACCEPTED, None), id="taken"
        ),
        pytest.param(
            Failed(Cause.CONTENT, None), SOON, 0, Next(State.FAILED, None, "content"), id="never"
        ),
        pytest.param(
            Deferred(Cause.QUOTA, None), SOON, 0, Next(State.QUEUED, SOON, "quota"), id="later"
        ),
        pytest.param(
            Deferred(Cause.QUOTA, None), None, 0, Next(State.EXPIRED, None, "quota"), id="too late"
        ),
        pytest.param(
            Uncertain("cut"), None, 0, Next(State.UNCERTAIN, NOW, "cut", keep_octets=True),
            id="perhaps: once more, the same octets",
        ),
        pytest.param(
            Uncertain("cut"), None, 1, Next(State.UNCERTAIN, None, "cut"), id="perhaps again: rest"
        ),
    ],
)  # fmt: skip
def test_every_outcome_has_one_end(
    outcome: Outcome, retry_at: Moment | None, before: int, then: Next
) -> None:
    """What a delivery becomes is decided by the outcome and by nothing else."""
    assert after(outcome, retry_at, NOW, before) == then
