"""What ended earlier mails is folded in any language, and an answer that came before is not."""

from dataclasses import dataclass, field

import pytest

from core.rules import block_memory
from gateway.mail.body import Body
from gateway.quote.cutmap import Rule
from gateway.quote.extract import extract
from gateway.quote.extraction import Reply
from gateway.quote.known import Digests, Known
from tests.support.cost import cost

KEY, SHARED_KEY = b"a key for a person", b"a key for a domain"
GEORGIAN = "პატივისცემით\nნინო ბერიძე\nწიგნის სახლი, თბილისი\n+995 32 255 01 77"
LAW = "Ta wiadomość jest przeznaczona tylko dla adresata. Jeżeli trafiła gdzie indziej, skasuj ją."
MOTTO = "Festina lente."
CARD = "Tom Meyer\nMusterstr. 5, Husum\n0171 234567"


@dataclass(slots=True)
class Past:
    """What was learnt of one person, whose name is Tom Meyer."""

    packed: bytes = b""
    shared: frozenset[bytes] = frozenset()
    names: tuple[str, ...] = ("Tom Meyer",)
    read: list[Reply] = field(default_factory=list)

    def reads(self, text: str, room: str = "room") -> Reply:
        """Read a mail with what is known, and learn from it."""
        place = block_memory.place_of(room, KEY)
        known = Known(
            KEY,
            SHARED_KEY,
            times=block_memory.of_person(self.packed),
            here=block_memory.of_place(self.packed, place),
            shared=self.shared,
            names=self.names,
        )
        reply = extract(Body(text=text), known=known)
        digests = [one.person for one in reply.blocks]
        self.packed = block_memory.learnt(self.packed, digests, place, 0)
        return reply


def _after(*earlier: str, room: str = "room") -> Past:
    past = Past()
    for text in earlier:
        past.reads(text, room)
    return past


def _blocks(text: str) -> tuple[Digests, ...]:
    return Past().reads(text).blocks


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(GEORGIAN, id="a card in a language of no list"),
        pytest.param(f"{CARD}\n\n{MOTTO}", id="a card and a motto"),
        pytest.param(f"Viele Grüße\nTom\n\n{LAW}", id="legal lines below a sign-off"),
        pytest.param(f"~ Tom Meyer ~\nthe goat of the valley\n\n{LAW}", id="a drawn name"),
        pytest.param(f"═══════\n{MOTTO}\nOr sooner.", id="below a drawn line"),
        pytest.param("Med hälsning från ön\nTom Meyer", id="a name below an unknown sign-off"),
        pytest.param("テレビ塔の下\nwww.tower.example\n03-5555-0142", id="a place with a page"),
    ],
)
def test_what_ended_two_mails_is_folded_in_the_third(end: str) -> None:
    """Whatever the language, and whatever the answer above it is."""
    past = _after(f"Ja, gerne.\n\n{end}", f"Erst am Montag, sagt Ida.\n\n{end}")
    reply = past.reads(f"Dann eben nicht!\n\n{end}")
    rules = {cut.rule for cut in reply.cuts if not cut.kept}

    assert reply.text.split("\n\n")[0] == "Dann eben nicht!"
    assert not set(end.split()) & set(reply.text.split()) - {"Viele", "Grüße", "Tom", "═══════"}
    assert Rule.KNOWN in rules


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ja, passt.", id="a short answer"),
        pytest.param("Danke!\nBis morgen.", id="two short lines"),
        pytest.param(f"Hallo Anna,\n\n{CARD}", id="a card below a greeting alone"),
        pytest.param(f"{CARD}", id="a card alone"),
        pytest.param(f"Meine Adresse ist:\n\n{CARD}", id="a card that is announced"),
        pytest.param(f"Here is my address again\n\n{CARD}", id="announced without a colon"),
        pytest.param(f"Вот мой адрес\n\n{CARD}", id="announced in Russian"),
        pytest.param(
            "Hi Anna, our order\n\n12 loaves\n30 rolls\n2 trays\n\nCheers\nTom", id="an order"
        ),
        pytest.param(
            "Same again\n\n12 loaves\n30 rolls\n2 trays", id="an order without a sign-off"
        ),
        pytest.param("Ich war dort.\n\nAlles in Ordnung, nichts fehlt.", id="the same report"),
        pytest.param("Yes\n\nNo\n\nYes\n\nNo", id="a list of answers"),
        pytest.param(f"{CARD}\n\nViele Grüße\nTom", id="a card above the sign-off"),
    ],
)
def test_what_may_be_an_answer_stays_however_often_it_came(text: str) -> None:
    """Nothing that is known takes a word of it: no less is kept than at the first time."""
    first = Past().reads(text).text
    past = _after(*[text] * 4)
    reply = past.reads(text)

    assert Rule.KNOWN not in reply.folded
    assert first in reply.text
    assert CARD not in text or CARD in reply.text


def test_the_first_and_only_time_is_no_evidence() -> None:
    """A block that never came before is read as it would be without."""
    text = f"Ring sie an.\n\n{GEORGIAN}"

    assert Past().reads(text).text == extract(Body(text=text)).text


def test_each_buyer_is_given_the_address() -> None:
    """A card of answers is no signature in a conversation that has not had it."""
    end = "Deichweg 5 in Husum, hinten rechts\n0171 234567, abends"
    past = Past()
    said = [past.reads(f"Gern, Samstag ab {n}.\n\n{end}", f"buyer {n}").text for n in range(5)]

    assert all("Deichweg 5" in one for one in said)


def test_a_banner_is_known_by_what_stood_there_before() -> None:
    """Above a greeting, and word for word in two mails; a greeting never is."""
    banner = "◆ Correio de saída da Câmara da Ribeira, registo automático 7-B ◆"
    past = _after(f"{banner}\n\nOlá Anna,\n\nSim.", f"{banner}\n\nBom dia,\n\nNão.")
    reply = past.reads(f"{banner}\n\nOlá Anna,\n\nTalvez.")
    greeted = _after("Hallo liebe Anna, liebe alle im Verein,\n\nja.") or past
    greeted.reads("Hallo liebe Anna, liebe alle im Verein,\n\nnein.")
    again = greeted.reads("Hallo liebe Anna, liebe alle im Verein,\n\ndoch.")

    assert reply.text == "Olá Anna,\n\nTalvez."
    assert again.text.startswith("Hallo liebe Anna")


def test_what_several_people_of_a_domain_share_is_known_at_once() -> None:
    """A colleague's first mail: the firm's lines go, the answer stays."""
    past = Past(shared=frozenset(one.domain for one in _blocks(f"Ja.\n\nGruß\nIda\n\n{LAW}")))
    reply = past.reads(f"Ich frage nach.\n\nGruß\nTom\n\n{LAW}")
    answer = past.reads(f"Der Text für die Seite:\n\n{LAW}")

    assert LAW not in reply.text
    assert "several people" in next(c.reason for c in reply.cuts if c.rule is Rule.KNOWN)
    assert LAW in answer.text


def test_digits_count() -> None:
    """A card with a new number is a new card."""
    past = _after(f"Ja.\n\n{GEORGIAN}", f"Nein.\n\n{GEORGIAN}")
    reply = past.reads(f"Neu:\n\n{GEORGIAN.replace('77', '78')}")

    assert "+995 32 255 01 78" in reply.text


def test_html_and_text_are_the_same_block() -> None:
    """Whoever writes on two devices has one signature."""
    past = _after(f"Ja.\n\n{GEORGIAN}", f"Nein.\n\n{GEORGIAN}")
    lines = "<br>".join(GEORGIAN.split("\n"))
    known = Known(
        KEY,
        SHARED_KEY,
        times=block_memory.of_person(past.packed),
        here=block_memory.of_place(past.packed, block_memory.place_of("room", KEY)),
    )
    reply = extract(Body(html=f"<div>Doch.</div><div><br></div><div>{lines}</div>"), known=known)

    assert reply.text == "Doch."


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="cut in the middle"),
        pytest.param(lambda text: text + text, id="doubled"),
        pytest.param(lambda text: "Wort und Satz.\n" * 70_000 + "\n" + text, id="behind 1 MB"),
        pytest.param(lambda text: text + "\n" + "=\n" * 5_000, id="above drawn lines"),
        pytest.param(lambda text: text + "\n\n> x\n\ny\n" * 3_000, id="above thousands of answers"),
    ],
)
def test_bad_mails_take_bounded_time(change: object) -> None:
    """Known or not, what is added to reading is little, and nothing fails."""
    text = change(f"Ja.\n\n{GEORGIAN}\n\n{LAW}\n\nGruß\nTom")  # type: ignore[operator]
    past = _after(f"Ja.\n\n{GEORGIAN}\n\n{LAW}", f"Nein.\n\n{GEORGIAN}\n\n{LAW}")
    body = Body(text=text)
    known = Known(KEY, SHARED_KEY, times=block_memory.of_person(past.packed))

    alone = cost(lambda: extract(body))
    assert (
        cost(lambda: extract(body, known=known)) <= 2 * alone + 0.5
    )  # they cost as much; machines are noisy
    assert len(extract(body, known=known).blocks) <= 11
