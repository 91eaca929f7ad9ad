"""What several mailboxes of a domain wrote takes no sentence from anybody else's mail."""

import html

import pytest

from gateway.mail.body import Body
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract
from gateway.quote.known import Known

KEY, SHARED_KEY = b"a key for a person", b"a key for a domain"
# Sentences that people write alike, and that somebody may have taught.
SENTENCES = {
    "withdrawal": (
        "I hereby withdraw from the contract for the goods named above, and I want all of my "
        "money back within fourteen days, as the law says."
    ),
    "nobody speaks": (
        "The goods named above are sent back today, and all of the money paid for them has to "
        "be returned within fourteen days, as the law says."
    ),
    "German": (
        "Hiermit trete ich vom Vertrag über die oben genannten Waren zurück und verlange mein "
        "Geld binnen vierzehn Tagen wieder."
    ),
    "French": (
        "Je vous notifie par la présente ma rétractation du contrat portant sur la vente du bien "
        "ci-dessus, et demande à être remboursé sous quatorze jours."
    ),
    "Polish": (
        "Niniejszym informuję o odstąpieniu od umowy sprzedaży wymienionych rzeczy i oczekuję "
        "zwrotu wszystkich pieniędzy w ciągu czternastu dni."
    ),
    "Russian": (
        "Настоящим отказываюсь от договора купли-продажи указанного товара и требую вернуть все "
        "уплаченные деньги в течение четырнадцати дней."
    ),
    "Japanese": (
        "上記の商品の売買契約を本日付で解除いたしますので、お支払いした代金の全額を十四日以内に"
        "ご返金くださいますようお願い申し上げます。法律に定められた期限までにお願いいたします。"
    ),
    "short": "I do not agree to any of this.",
    "two short lines": "Ich sage nein dazu,\nund dabei bleibt es.",
}
PLACES = {
    "at the end": "Hi Ann,\n\nthe bike does not work.\n\n{}",
    "above the sign-off": "The bike does not work.\n\n{}\n\nRegards\nVic",
    "below the sign-off": "The bike does not work.\n\nRegards\nVic\n\n{}",
    "below the name": "The bike does not work.\n\nVic Tim\n\n{}",
    "below a drawn line": "The bike does not work.\n\n=====\n{}",
    "below the quote": (
        "The bike does not work.\n\nOn 3 June 2025 Ann Lee <a@x.test> wrote:\n> And now?\n\n{}"
    ),
    "above the greeting": "{}\n\nHi Ann,\n\nthe bike does not work.",
    "alone": "{}",
}


def _known(text: str) -> Known:
    """Return what a person is read by whose domain shares all blocks of a text."""
    told = Known(KEY, SHARED_KEY, names=("Vic Tim",))
    shared = [
        one.domain
        for place in PLACES.values()
        for one in extract(Body(text=place.format(text)), known=told).blocks
    ]
    return Known(KEY, SHARED_KEY, names=("Vic Tim",), shared=frozenset(shared))


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("said", SENTENCES.values(), ids=SENTENCES)
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_sentence_is_its_writers(said: str, place: str, form: str) -> None:
    """Also where it stands as a signature does, and however many others have written it."""
    text = place.format(said)
    page = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))
    body = Body(text=text) if form == "text" else Body(html=page)
    first, reply = extract(body), extract(body, known=_known(said))

    assert Rule.KNOWN not in reply.folded
    assert reply.text == first.text


CARD = "Werft Nord eG\nAm Hafen 3, 25813 Husum\n+49 4841 77 12 03\nwww.werft.example"
NOTICES = {
    "English": "This message is intended for the addressee only. Whoever gets it by error must "
    "delete it at once and tell nobody of its contents.",
    "Polish": "Ta wiadomość jest przeznaczona tylko dla adresata. Kto ją dostał, niech ją skasuje.",
    "a card": CARD,
}


@pytest.mark.parametrize("end", NOTICES.values(), ids=NOTICES)
def test_what_a_firm_puts_below_its_mails_still_goes(end: str) -> None:
    """A colleague's first mail loses the firm's lines."""
    text = "I shall ask the boss.\n\nGruß\nVic\n\n{}"
    reply = extract(Body(text=text.format(end)), known=_known(end))

    assert "I shall ask the boss." in reply.text
    assert not set(end.split("\n")) & set(reply.text.split("\n"))


def test_what_they_wrote_often_themselves_counts_as_theirs() -> None:
    """What is shared takes nothing from what is known of the person."""
    said = SENTENCES["nobody speaks"]
    text = PLACES["at the end"].format(said)
    own = extract(Body(text=text), known=Known(KEY, SHARED_KEY)).blocks
    known = Known(KEY, SHARED_KEY, times={one.person: 5 for one in own}, shared=_known(said).shared)
    reply = extract(Body(text=text), known=known)

    assert said not in reply.text


@pytest.mark.parametrize("shape", ["half", "twice", "deep"])
def test_whatever_is_done_to_it_is_read(shape: str) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other words."""
    said = SENTENCES["withdrawal"]
    text = PLACES["below the sign-off"].format(said)
    made = {"half": text[: len(text) // 2], "twice": text * 2, "deep": "so on\n" * 170_000 + text}

    assert Rule.KNOWN not in extract(Body(text=made[shape]), known=_known(said)).folded
