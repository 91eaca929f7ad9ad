"""What a process may open is shared out before anybody connects."""

import pytest

from gateway.capacity.descriptors import (
    DescriptorShares,
    TooFewDescriptors,
    WantedConnections,
    shared_out,
)

USUAL = WantedConnections(smtp=500, http=500, own=20)


@pytest.mark.parametrize(
    ("limit", "wanted", "smtp", "http"),
    [
        pytest.param(65_536, USUAL, 500, 500, id="plenty"),
        pytest.param(1_584, USUAL, 500, 500, id="as many as are wanted"),
        pytest.param(1_024, USUAL, 470, 235, id="half for SMTP"),
        pytest.param(256, USUAL, 86, 43, id="few"),
        pytest.param(
            256, WantedConnections(smtp=20, http=500, own=20), 20, 76, id="SMTP wants fewer"
        ),
        pytest.param(256, WantedConnections(smtp=500, http=0, own=20), 172, 0, id="SMTP alone"),
        pytest.param(256, WantedConnections(smtp=0, http=500, own=20), 0, 86, id="HTTP alone"),
    ],
)
def test_how_many_each_may_have(
    limit: int, wanted: WantedConnections, smtp: int, http: int
) -> None:
    """As many as the settings ask for where there are enough; else SMTP is served first."""
    shares = shared_out(limit, wanted)

    assert (shares.smtp, shares.http) == (smtp, http)


@pytest.mark.parametrize("limit", [170, 256, 1_024, 4_096, 65_536])
@pytest.mark.parametrize(
    "wanted", [USUAL, WantedConnections(50, 2_000), WantedConnections(2_000, 20, 40)]
)
def test_what_is_reserved_is_reserved(limit: int, wanted: WantedConnections) -> None:
    """HTTP at its worst leaves SMTP its connections, and both leave the process some."""
    shares: DescriptorShares = shared_out(limit, wanted)

    assert shares.http_ceiling + shares.smtp <= shares.smtp_ceiling < limit
    assert limit - shares.smtp_ceiling >= 32
    assert shares.http_ceiling > 0


@pytest.mark.parametrize(
    ("limit", "wanted"), [(64, USUAL), (120, USUAL), (90, WantedConnections(0, 500))]
)
def test_too_few_are_said(limit: int, wanted: WantedConnections) -> None:
    """With the number that would do."""
    with pytest.raises(TooFewDescriptors, match=f"{limit} open files are too few: .*LimitNOFILE"):
        shared_out(limit, wanted)
