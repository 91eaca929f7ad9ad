"""A role's own theme: used where it can be; where it fails the mail is in ours, and says so."""

import asyncio

import pytest

from core.child import Bounds
from core.model.role import Role
from notifier.channels.email.write import MailWriter
from notifier.rendering.view import View, digest_view
from notifier.sandbox.themes import Themes
from tests.support.bursts import a_burst, a_delivery
from tests.support.notifying import IDENTITY
from tests.support.people import NOW

THEME = (
    "<h1>{{ title }}</h1>"
    "{% for m in messages %}<p>{{ m.sender.name }}: {{ m.text }}</p>{% endfor %}"
)


def a_view(text: str = "Is the bike still there?", **role: str) -> View:
    """Return the digest of what Ann said, for a role with a theme."""
    return digest_view(a_burst({"text": text}, **role), a_delivery(), (), IDENTITY)


async def test_a_theme_is_used_in_both_parts() -> None:
    """Its words, and ours around them; what it said is remembered to know its quote by."""
    view = a_view(
        theme_html=THEME + "<p>Cordially, the shop</p>", theme_text="{{ title }}!\n{{ news }}"
    )
    parcel, made = await MailWriter(IDENTITY).written(view, NOW)

    assert "<p>Ann: Is the bike still there?</p>" in made.html
    assert view.page.opt_out_url in made.html
    assert made.text.startswith("-- Reply above this line --\n\n1 new message from Ann!\n")
    assert made.theme_fault == ""
    assert parcel.trace is not None
    assert "Cordially, the shop" in parcel.trace["text"]
    assert f"[{view.page.marker}]" in parcel.trace["text"]
    assert "theme_fault" not in parcel.trace


async def test_what_a_theme_has_not_is_ours() -> None:
    """HTML alone leaves the text part as it is."""
    _, made = await MailWriter(IDENTITY).written(a_view(theme_html=THEME), NOW)
    _, usual = await MailWriter(IDENTITY).written(a_view(), NOW)

    assert made.text == usual.text
    assert made.html != usual.html


@pytest.mark.parametrize(
    ("theme", "words"),
    [
        pytest.param("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}"
                     "{% endfor %}", "seconds of a processor", id="endless"),
        pytest.param("{% set ns = namespace(x='ab') %}{% for i in range(60) %}"
                     "{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x|length }}",
                     "too much memory", id="doubled and doubled"),
        pytest.param("{{ 'a' * 9000000000 }}", "too much memory", id="memory at once"),
        pytest.param("{{ 'a' * 95000 }}", "more than 75,000", id="long"),
        pytest.param("<p>{{ 'a ' * 37400 }}</p>", "octets, and 75,000 may be", id="long with ours"),
        pytest.param("<p>{{ '\u00e9' * 40000 }}</p>", "80,046 octets, and 75,000", id="octets"),
        pytest.param("<style>p{font-family:'" + "x" * 50000 + "'}</style>"
                     "{% for i in range(400) %}<p>x</p>{% endfor %}",
                     "more than 75,000 characters with its styles", id="styles in each element"),
        pytest.param("<p></p><br>", "says nothing", id="nothing"),
        pytest.param("{{ sender.nmae }}", "did you mean 'name'?", id="a fault"),
    ],
)  # fmt: skip
async def test_a_theme_that_fails_falls_back_to_ours(theme: str, words: str) -> None:
    """Whatever it does: in bounded time, and the mail leaves."""
    themes = Themes(bounds=Bounds(seconds=2, octets=384 << 20, deadline=60, alone=True))
    writer = MailWriter(IDENTITY, themes=themes)
    parcel, made = await writer.written(a_view(theme_html=theme), NOW)
    _, usual = await writer.written(a_view(), NOW)

    assert words in made.theme_fault
    assert made.html == usual.html
    assert parcel.trace is not None
    assert parcel.trace["theme_fault"] == made.theme_fault


async def test_one_that_takes_too_long_is_ended() -> None:
    """By the clock, too: a child that waits takes no processor."""
    themes = Themes(bounds=Bounds(deadline=0.001, alone=True))
    _, made = await MailWriter(IDENTITY, themes=themes).written(a_view(theme_html=THEME), NOW)

    assert "takes longer than 0.001 seconds" in made.theme_fault


async def test_no_app_waits_long_for_room() -> None:
    """Where all places are taken the mail leaves in ours; a place that was not had is not kept."""
    themes = Themes(wait_seconds=0.05)
    async with themes.free, themes.free:
        _, made = await MailWriter(IDENTITY, themes=themes).written(a_view(theme_html=THEME), NOW)
    assert "no room" in made.theme_fault

    _, made = await MailWriter(IDENTITY, themes=themes).written(a_view(theme_html=THEME), NOW)
    assert made.theme_fault == ""


async def test_an_app_has_one_place_at_a_time() -> None:
    """Whoever of it comes second waits for the first, and another app has a place at once."""
    themes = Themes(wait_seconds=0.05)
    mine = a_view(theme_html=THEME)
    turn = themes.turns.setdefault(mine.burst.app.app_id, asyncio.Lock())
    async with turn:
        _, made = await MailWriter(IDENTITY, themes=themes).written(mine, NOW)
        assert "no room" in made.theme_fault
        assert not themes.free.locked()


async def test_what_people_say_is_no_template() -> None:
    """Braces in a message are shown as they are."""
    _, made = await MailWriter(IDENTITY).written(
        a_view("{{ 7 * 7 }} {% include 'x' %} <script>", theme_html=THEME), NOW
    )

    assert "{{ 7 * 7 }} {% include 'x' %} &lt;script&gt;" in made.html


def test_a_role_without_a_theme_starts_no_child() -> None:
    """Nothing is paid for what nobody set."""
    assert Role(app_id="a", name="b").theme_html is None
