"""May this mail add a message?"""

from dataclasses import replace

import pytest

from core.address import Purpose, Token
from core.model.app import SenderPolicy
from core.model.member import Correspondent
from core.model.participant import Access
from core.rules.admission import address_alive, is_theirs, may_write
from core.verdict import Reason

BO = Correspondent(
    "shop", "bike", "bo", Access.READ_WRITE, None, 258, SenderPolicy.STRICT, "Bo",
    ("Bo@x.test", "bo@y.test"), "en", None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("epoch", "named", "why"),
    [
        pytest.param(2, BO, None, id="of this epoch, which has gone round"),
        pytest.param(1, BO, Reason.UNKNOWN_ADDRESS, id="revoked"),
        pytest.param(2, None, Reason.UNKNOWN_ADDRESS, id="nobody's"),
    ],
)
def test_an_address_is_alive(epoch: int, named: Correspondent | None, why: Reason | None) -> None:
    """Unknown and revoked sound the same."""
    assert address_alive(Token(Purpose.REPLY, 1, 7, epoch), named) is why


@pytest.mark.parametrize(
    ("named", "why"),
    [
        pytest.param(BO, None, id="a participant who writes"),
        pytest.param(replace(BO, access=Access.READ), Reason.NO_ACCESS, id="who may only read"),
        pytest.param(replace(BO, left_at=1), Reason.NO_ACCESS, id="who has left"),
    ],
)
def test_who_may_write(named: Correspondent, why: Reason | None) -> None:
    """Access is asked on every use of an address."""
    assert may_write(named) is why


@pytest.mark.parametrize(
    ("named", "author", "why"),
    [
        pytest.param(BO, "bo@X.test ", None, id="without regard to case"),
        pytest.param(BO, "bo@y.test", None, id="another address of theirs"),
        pytest.param(
            replace(BO, addresses=("bo@straße.de",)), "Bo@xn--strae-oqa.de", None, id="A-labels"
        ),
        pytest.param(
            replace(BO, addresses=("bo@straße.de",)),
            "bo@strasse.de",
            Reason.SENDER_MISMATCH,
            id="another domain",
        ),
        pytest.param(
            replace(BO, addresses=("strasse@x.test",)),
            "straße@x.test",
            Reason.SENDER_MISMATCH,
            id="another local part",
        ),
        pytest.param(BO, "eve@x.test", Reason.SENDER_MISMATCH, id="somebody else"),
        pytest.param(BO, None, Reason.SENDER_MISMATCH, id="nobody to be read"),
        pytest.param(replace(BO, addresses=()), "eve@x.test", None, id="none on record"),
        pytest.param(
            replace(BO, sender_policy=SenderPolicy.TOKEN), "eve@x.test", None, id="tokens alone"
        ),
    ],
)
def test_whose_mail_it_is(named: Correspondent, author: str | None, why: Reason | None) -> None:
    """The token says who it should be; the author must agree, unless the app trusts tokens."""
    assert is_theirs(named, author) is why
