"""No mail is clipped: the last few messages in any language, and how many more there are."""

import email
import re
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.brand import Brand
from notifier.channels.email.compose import compose
from notifier.rendering.catalogue import catalogue_for, languages
from notifier.rendering.digest import Answered
from notifier.rendering.fitting import MOST_SHOWN, WHOLE
from tests.support.digests import MINUTE, NOON, a_digest, a_letter, a_message, render

CLIPPED = 60_000  # octets of HTML that we stay below, as they are read and as they are sent
LANGUAGES = {
    "cs": "Včera jsem byl v obchodě koupit díly na kolo, ale řetěz přijde až příští týden. ",
    "de": "Öfter müssen wir über größere Brücken, die für Füße schön, für Räder übel wären. ",
    "hu": "Tegnap öt hűtőházi tükörfúrógépet őriztünk, később újra eljövünk értük önhöz. ",
    "tr": "Dün akşam çarşıya gittiğimde şoförün ağır yükü için işçi bulamadım. ",  # noqa: RUF001
    "pl": "Zażółć gęślą jaźń, pójdźże kińże tę chmurność w głąb flaszy, mój źrebaku. ",
    "ja": "昨日は自転車の部品を買いに店へ行きましたが、来週まで届かないそうです。",
    "ar": "ذهبت أمس إلى المتجر لشراء قطع للدراجة لكنها لن تصل قبل الأسبوع القادم. ",
    "th": "เมื่อวานฉันไปร้านเพื่อซื้ออะไหล่จักรยานแต่ของจะมาถึงสัปดาห์หน้าเท่านั้น",
    "en": "😀🚲👩‍👩‍👧‍👦🇨🇿 ",
    "fr": "&<>\"' *é* ",
}


def _octets(raw: bytes) -> tuple[int, int]:
    """Return how large the HTML of a mail is, as it is read and as it is sent."""
    html = list(email.message_from_bytes(raw, policy=default).iter_parts())[1]
    read = html.get_content().encode()
    sent = raw.split(b"Content-Type: text/html", 1)[1]
    return len(read), len(sent)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("times", [6, 60, 600])
def test_fifty_long_messages_in_any_language(language: str, times: int) -> None:
    """Fifty messages, long, longer and endless, make a mail that Gmail shows whole."""
    said = [a_message(f"{n}. {LANGUAGES[language] * times}") for n in range(50)]
    both = render(a_digest(*said, locale=language, conversation_subject=LANGUAGES[language] * 3))

    assert max(_octets(compose(both, a_letter()))) <= CLIPPED
    shown = len(re.findall(r'class="b"', both.html))
    assert 1 <= shown <= MOST_SHOWN
    lines = both.text.split()
    assert "49." in lines
    assert "49. " in both.html
    assert "0." not in lines
    more = catalogue_for(language).count("view_more", 50 - shown)
    assert more in " ".join(lines)


@pytest.mark.parametrize("language", sorted(languages()))
def test_fifty_long_messages_in_every_language(language: str) -> None:
    """In the words of each of them, in the app's dress and with all that a mail may hold."""
    words = catalogue_for(language)
    own = f"{words.say('question_alike')} {words.say('question_part')} "
    said = [a_message(f"{n}. {own * 40}", sender_name=own) for n in range(50)]
    url = "https://cdn.shop.test/".ljust(2_000, "x")
    brand = Brand(
        logo_url=url, logo_dark_url=url, accent_color="#ffd400", button_text=own,
        postal_address="\n".join([own[:60]] * 8),
    )  # fmt: skip
    digest = a_digest(
        *said, locale=language, conversation_subject=own * 3, header=own * 9, footer=own * 9,
        brand=brand,
    )  # fmt: skip
    both = render(digest)

    assert max(_octets(compose(both, a_letter()))) <= CLIPPED
    assert "49. " in both.html
    assert words.count("view_more", 50 - len(re.findall(r'class="b"', both.html))) in both.html


def test_the_last_few_are_shown_and_the_others_counted() -> None:
    """As in an inbox: what is new is there, above it how much more there is, and the way to it."""
    said = [a_message(f"message {n}.", sent_at=NOON + n * MINUTE) for n in range(50)]
    both = render(a_digest(*said, more=7))

    assert both.text.index("View 37 more messages") < both.text.index("message 30.")
    assert both.html.index("View 37 more messages") < both.html.rindex("message 30.")
    assert [n for n in range(50) if f"message {n}." in both.text] == list(range(30, 50))
    assert "57 new messages from Ann" in both.text


def test_the_newest_has_a_place_and_so_has_a_short_one_before_it() -> None:
    """An endless message is shortened, and does not push out what was said just before."""
    both = render(a_digest(a_message("Where are you?"), a_message("word " * 20_000)))

    assert "Where are you?" in both.text
    assert "[This message was shortened.]" in both.text


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=()), max_size=300),
            st.integers(1, 80),
            st.text(st.characters(exclude_categories=()), max_size=90),
            st.booleans(),
        ),
        min_size=1,
        max_size=50,
    ),
    st.text(st.characters(exclude_categories=()), max_size=400),
)
@settings(deadline=None, max_examples=60)
def test_whatever_is_said_fits(said: list[tuple[str, int, str, bool]], title: str) -> None:
    """Any names, titles and texts, however many, stay within the budget."""
    messages = [
        a_message(
            text * times,
            sender_name=name,
            content=[{"type": "text", "children": [text * times]}] if as_content else None,
            answers=Answered(name, text),
        )
        for text, times, name, as_content in said
    ]
    both = render(a_digest(*messages, conversation_subject=title, app_name=title))

    assert len(both.html.encode()) <= WHOLE + 2_000
    assert max(_octets(compose(both, a_letter()))) <= CLIPPED
