"""Every way to stop mails works over real sockets, before anything leaves, and can be undone."""

import re
from pathlib import Path

from core.actions.decide import BurstClaim, decide
from core.address import Purpose, Token
from core.clock import SetClock
from core.model.opt_out import EVERYTHING
from core.moment import HOUR
from core.store import apps, notifications, opt_outs, participants, pending
from core.store.database import Database, Session
from tests.support.api import KEYS, Api, a_served_shop

BO = ("shop", "bike", "bo")
_BACK = re.compile(r'name="back" value="([a-z2-7]{44})"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PARTS = {"Content-Type": "multipart/form-data; boundary=b"}
_MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)

# The body of each way, its type, what it stops, and how it is said to have come about.
WAYS: dict[str, tuple[bytes, dict[str, str], str, str]] = {
    "header, urlencoded": (b"List-Unsubscribe=One-Click", _FORM, "bike", "one_click"),
    "header, multipart": (_MULTIPART, _PARTS, "bike", "one_click"),
    "header, quoted boundary": (
        _MULTIPART, {"Content-Type": 'multipart/form-data; boundary="b"'}, "bike", "one_click",
    ),
    "header, with a charset": (
        b"List-Unsubscribe=One-Click",
        {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        "bike", "one_click",
    ),
    "no body at all": (b"", {}, "bike", "page"),
    "page, this": (b"scope=conversation", _FORM, "bike", "page"),
    "page, all": (b"scope=all", _FORM, EVERYTHING, "page"),
    "header, and a cookie": (
        b"List-Unsubscribe=One-Click", {**_FORM, "Cookie": "a=b", "Origin": "https://x.test"},
        "bike", "one_click",
    ),
}  # fmt: skip


async def _link(api: Api) -> str:
    def work(session: Session) -> str:
        app, bo = apps.find(session, "shop"), participants.find(session, *BO)
        assert app is not None
        assert bo is not None
        token = Token(Purpose.OPT_OUT, app.number, bo.reference, bo.address_epoch % 256)
        return f"/u/{KEYS.sign(token)}"

    return await api.database.read(work)


async def _outs(api: Api) -> list[tuple[str, str]]:
    found = await api.database.read(lambda s: opt_outs.of_user(s, "shop", "bo"))
    return [(one.conversation_id, one.via) for one in found]


async def _decided(api: Api) -> str:
    """Let what is owed to Bo be decided on, an hour later; return the reason."""
    api.clock.moment += HOUR

    def work(session: Session) -> str:
        debt = pending.find(session, *BO)
        assert debt is not None
        decide(session, BurstClaim(*BO, debt.attempts), "list.test", api.clock.moment)
        return notifications.of_recipient(session, *BO, 9)[0].reason

    return await api.database.write(work)


async def test_each_way_stops_what_is_owed_and_is_undone_on_the_page(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """200 without a redirect, twice as once; nothing leaves; the page takes it back."""
    async with a_served_shop(database, clock, tmp_path) as (api, _):
        link = await _link(api)
        for way, (body, headers, scope, via) in WAYS.items():
            await api.says("ann")
            said = [await api.client.post(link, content=body, headers=headers) for _ in range(2)]
            assert [(one.status_code, one.history) for one in said] == [(200, [])] * 2, way
            assert await _outs(api) == [(scope, via)], way
            assert await _decided(api) == "opted_out", way

            back = _BACK.search(said[1].text)
            assert back is not None
            which = {"scope": "all" if scope == EVERYTHING else "conversation", "back": back[1]}
            undone = await api.client.post(link, data=which)
            await api.says("ann", "Still there?")
            assert (undone.status_code, await _outs(api)) == (200, []), way
            assert await _decided(api) == "missed", way


async def test_nothing_but_a_post_stops_anything(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Scanners of links open them, with whatever query."""
    query = "?List-Unsubscribe=One-Click&scope=all"
    methods = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
    async with a_served_shop(database, clock, tmp_path) as (api, _):
        link = await _link(api)
        answers = [await api.client.request(method, link + query) for method in methods]
        outs = await _outs(api)

    assert outs == []
    assert [one.status_code for one in answers] == [200, 200, 405, 405, 405, 405]


async def test_an_opt_out_link_takes_nothing_back(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Only the page's own token does; the link's in its place leads nowhere."""
    async with a_served_shop(database, clock, tmp_path) as (api, _):
        link = await _link(api)
        await api.client.post(link, content=b"scope=all", headers=_FORM)
        token = link.removeprefix("/u/")
        for back in (token, "x", "a" * 44):
            refused = await api.client.post(link, data={"scope": "all", "back": back})
            assert refused.status_code == 404
        assert await _outs(api) == [(EVERYTHING, "page")]
