"""Nobody learns who opens a mail: pictures of users are loaded from named hosts, or not at all."""

import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from core.address import Keyring
from core.model.app import App
from core.model.user import User
from core.web import MAX_URL
from notifier.rendering.burst import digest_of
from notifier.rendering.identity import Identity
from notifier.rendering.photo import photo_url
from tests.support.bursts import a_burst, a_delivery
from tests.support.digests import a_digest, a_message, render
from tests.support.people import APP, NOW

HOSTS = ["photos.shop.test", "xn--strae-oqa.test"]
IDENTITY = Identity(
    keys=Keyring({1: b"a key of more than sixteen octets"}, 1), domain="reply.test",
    bounce_domain="bounce.test", list_domain="x.test", separator="+", from_address="n@x.test",
    from_name=None, public_url="https://n.test",
)  # fmt: skip

# How Mallory names a host of theirs so that it looks like one that was named, and what else
# leads elsewhere than it seems.
ELSEWHERE = [
    "https://mallory.test/pixel.gif?reader=bo",
    "https://photos.shop.test.mallory.test/a.png",
    "https://mallory.test/photos.shop.test/a.png",
    "https://mallory.test?photos.shop.test",
    "https://mallory.test#photos.shop.test",
    "https://photos.shop.test@mallory.test/a.png",
    "https://photos.shop.test:443@mallory.test/a.png",
    "https://photos.shop.test:x@mallory.test/a.png",
    "https://mallory.test\\@photos.shop.test/a.png",
    "https://photos.shop.test\\@mallory.test/a.png",
    "https://photos.shop.test\\.mallory.test/a.png",
    "https://mallory.test\\/photos.shop.test/a.png",
    "https://photos.shop.test%2f@mallory.test/a.png",
    "https://photos.shop.test%00.mallory.test/a.png",
    "https://photos.shop.test\x00.mallory.test/a.png",
    "https://photos.shop.test\n.mallory.test/a.png",
    "https://photos.shop.test\u3002mallory.test/a.png",
    "https://photos\uff0eshop\uff0etest/a.png",
    "https://photo\u017f.shop.test/a.png",
    "https://stra\u00dfe.test/a.png",
    "https://sub.photos.shop.test/a.png",
    "https://shop.test/a.png",
    "https://photos.shop.test./a.png",
    "https://photos.shop.test:8443/a.png",
    "https://user@photos.shop.test/a.png",
    "https:///photos.shop.test/a.png",
    "https:photos.shop.test/a.png",
    "https:\\\\photos.shop.test/a.png",
    "//photos.shop.test/a.png",
    "http://photos.shop.test/a.png",
    "ftp://photos.shop.test/a.png",
    "data:image/png;base64,AAAA",
    "cid:photos.shop.test",
    "javascript:alert(1)//https://photos.shop.test/",
    " https://photos.shop.test/a.png",
    "\u202ehttps://photos.shop.test/a.png",
    "",
]


@pytest.mark.parametrize(
    "url",
    [
        "https://photos.shop.test/a.png",
        "https://PHOTOS.shop.test/a.png",
        "HTTPS://photos.shop.test/a.png?s=40&x=1#top",
        "https://photos.shop.test:443/a%20b.png",
        "https://photos.shop.test",
        "https://xn--strae-oqa.test/b.webp",
    ],
)
def test_a_picture_of_a_named_host_is_shown(url: str) -> None:
    """The app has said that this host may learn who reads."""
    assert photo_url(url, HOSTS) == url
    assert photo_url(url, []) is None


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_picture_of_another_host_is_not(url: str) -> None:
    """However it is spelled, cut, doubled or long, in bounded time."""
    for one in (url, url[: len(url) // 2], "x" * 1_000_000 + url, url + "x" * 1_000_000):
        assert photo_url(one, HOSTS) is None
    assert photo_url(url + url, HOSTS) is None


def test_no_picture_is_none() -> None:
    """A user without one, and an address too long for a mail."""
    assert photo_url(None, HOSTS) is None
    assert photo_url("https://photos.shop.test/" + "a" * MAX_URL, HOSTS) is None


@pytest.mark.parametrize(
    ("hosts", "is_shown"), [(None, False), ([], False), (["x.test"], False), (HOSTS, True)]
)
def test_a_mail_loads_nothing_unless_the_app_says_so(
    hosts: list[str] | None, *, is_shown: bool
) -> None:
    """By default there is nothing in a mail that is loaded when it is opened."""
    url = "https://photos.shop.test/ann.png?reader=bo"
    burst = replace(
        a_burst({"text": "Hi"}),
        app=App(app_id=APP, number=1, name="Shop", created_at=NOW, photo_hosts=hosts),
        senders={"ann": User(app_id=APP, id="ann", name="Ann", photo_url=url, created_at=NOW)},
    )

    html = render(digest_of(burst, a_delivery(), IDENTITY)).html

    assert (f"background-image:url({url})" in html) is is_shown
    assert html.count("url(") == is_shown
    assert "<img" not in html
    assert ("ann.png" in html) is is_shown


@pytest.mark.parametrize("is_shown", [True, False])
def test_the_initial_is_there_whether_the_picture_comes_or_not(*, is_shown: bool) -> None:
    """The picture lies over it. Where it does not come, no sign of something broken is seen."""
    ann = User(app_id=APP, id="ann", name="Ann", photo_url=f"https://{HOSTS[0]}/a.png",
               created_at=NOW)  # fmt: skip
    hosts = HOSTS if is_shown else []
    burst = replace(
        a_burst({"text": "Hi"}),
        app=App(app_id=APP, number=1, name="Shop", created_at=NOW, photo_hosts=hosts),
        senders={"ann": ann},
    )
    page = LexborHTMLParser(render(digest_of(burst, a_delivery(), IDENTITY)).html)

    assert [dot.text() for dot in page.css(".dot")] == ["A"]
    assert len(page.css(".under .dot")) == len(page.css(".under + .photo")) == is_shown
    assert page.css("img") == []


@pytest.mark.parametrize(
    "path",
    ["a(1).png", "a'b.png", "a);color:red;x.png", "a&b=(c).png", 'a"b.png', "a\\b.png", "ä.png"],
)
def test_an_address_does_not_end_the_style_it_stands_in(path: str) -> None:
    """Whatever is in it, it is one address, and nothing is styled by it."""
    for one in (path, path * 2, path[: len(path) // 2]):
        html = render(a_digest(a_message(sender_photo_url=f"https://photos.shop.test/{one}"))).html
        (photo,) = LexborHTMLParser(html).css(".photo")
        style = photo.attributes["style"] or ""

        found = re.fullmatch(r".*;background-image:url\((https://[!-~]+)\)", style)
        assert found is not None
        assert re.search(r"[\"'();\\\s]", found[1]) is None
