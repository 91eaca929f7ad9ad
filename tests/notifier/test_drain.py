"""The bench of a burst, in small: a small app's mails leave first; little is decided ahead."""

import drain


async def test_a_small_apps_mails_leave_before_a_burst_has_drained() -> None:
    """Twenty behind four hundred; by hand it is a hundred behind a hundred thousand."""
    asked = drain.Asked(0, 400, 60.0, 50.0, small=20, small_after=0.2, brief=True)
    seen = await drain.drain(asked)

    assert len(seen.left["small"]) == 20
    assert len(seen.left["large"]) < 400
    assert seen.waiting < 300
