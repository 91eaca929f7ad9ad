"""A phrase is a machine's where it stands as words, and no part of longer ones."""

import pytest

from gateway.mail.machine.finding import Fate
from gateway.mail.machine.word_borders import stands_in
from tests.support.judged import fate_of

AWAY, TICKET = "Automatic reply: Dock 4", "Ticket received"


@pytest.mark.parametrize(
    ("subject", "longer", "words"),
    [
        pytest.param(
            AWAY, "Upon my returning them they were dry.", "I read it upon my return.", id="en"
        ),
        pytest.param(
            TICKET,
            "The ticket numbers are on the lid.",
            "Your ticket number: 4711.",
            id="en ticket",
        ),
        pytest.param(
            AWAY, "Ich bin bisher nicht dazu gekommen.", "Ich bin bis 3. Juni weg.", id="de"
        ),
        pytest.param(
            AWAY, "Die Kiste steht im Urlaubsort.", "Ich bin im Urlaub.", id="de, a compound"
        ),
        pytest.param(AWAY, "Wij wonen op vakantiepark De Zeester.", "Ik ben op vakantie.", id="nl"),
        pytest.param(AWAY, "Rummet är ledigt i maj.", "Jag är ledig till måndag.", id="sv"),
        pytest.param(AWAY, "Vi bor på feriekolonien.", "Jeg er på ferie.", id="da"),
        pytest.param(AWAY, "Poissaolot on merkitty.", "Olen poissa 3.6. asti.", id="fi"),
        pytest.param(
            TICKET,
            "Ворота открываются полуавтоматически.",
            "Это письмо отправлено автоматически.",
            id="ru, before it",
        ),
        pytest.param(AWAY, "Μπήκε σε αδειανό κιβώτιο.", "Είμαι σε άδεια έως 3.6.", id="el"),
        pytest.param(AWAY, "पूरा अवकाश परिवार के साथ।", "मैं अवकाश पर हूँ।", id="hi, before a vowel"),
        pytest.param(AWAY, "E' fuori sedentario.", "Sono fuori sede.", id="it"),
        pytest.param(TICKET, "Otomatik mesajlar kapal\u0131.", "Bu otomatik mesaj.", id="tr"),
        pytest.param(AWAY, "Jest na urlopieniu.", "Jestem na urlopie.", id="pl"),
    ],
)
def test_a_part_of_a_longer_word_is_none_of_the_text(subject: str, longer: str, words: str) -> None:
    """The subject alone holds; that the text says it, too, in words of its own, discards."""
    assert (fate_of(subject, longer), fate_of(subject, words)) == (Fate.HOLD, Fate.DISCARD)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param(AWAY, "目前本人正在休假中。", id="zh"),
        pytest.param(AWAY, "担当者は現在不在です。", id="ja"),
        pytest.param(AWAY, "저는 현재부재중입니다.", id="ko"),
        pytest.param(AWAY, "ขณะนี้ผมไม่อยู่ที่สำนักงานครับ", id="th"),
        pytest.param(AWAY, "אני נוסע ובחופשה עד יום שני.", id="he, behind and"),
        pytest.param(AWAY, "أنا مسافر وللحالات العاجلة اتصل بي.", id="ar, behind and"),
        pytest.param(AWAY, "«Je suis absent», jusqu'au 3 juin.", id="in quotes"),
        pytest.param(AWAY, "*Out of office*", id="between stars"),
        pytest.param(AWAY, "_out of office_", id="between underscores"),
        pytest.param(AWAY, "We are out of office/closed.", id="before a stroke"),
        pytest.param(AWAY, "Out of officers. I am out of office.", id="the second time"),
        pytest.param(AWAY, "Y\u0131ll\u0131k izindeyim.", id="tr, a whole form"),
        pytest.param(AWAY, "Ofis d\u0131ş\u0131nday\u0131m.", id="tr, another"),
        pytest.param(TICKET, "Toto je automaticky generovaná zpráva.", id="cs, a whole form"),
        pytest.param(TICKET, "Dies ist eine automatisch generierte Mail.", id="de, a whole form"),
        pytest.param(TICKET, "Dit is een automatisch gegenereerde mail.", id="nl, a whole form"),
        pytest.param(TICKET, "This email was automatically generated.", id="en"),
    ],
)
def test_a_phrase_as_its_script_and_grammar_write_it(subject: str, text: str) -> None:
    """Without spaces where a script has none, behind small words, in every form of it."""
    assert fate_of(subject, text) is Fate.DISCARD


@pytest.mark.parametrize(
    ("longer", "words"),
    [
        pytest.param("Peter på ferie i Skagen", "Ann er på ferie", id="da"),
        pytest.param("Simon lomalla", "Mika on lomalla", id="fi"),
        pytest.param("Dagobert ist im Urlaubsparadies", "Kai ist im Urlaub", id="de"),
    ],
)
def test_a_phrase_within_a_subject_stands_as_words_too(longer: str, words: str) -> None:
    """Nobody is asked whose reply it is because two words look like three."""
    assert (fate_of(longer, "Come at five."), fate_of(words, "Come at five.")) == (None, Fate.HOLD)


def test_a_phrase_is_found_behind_many_longer_words() -> None:
    """However often it stands within longer words."""
    assert not stands_in("in", "within" * 100_000)
    assert stands_in("in", "within" * 100_000 + " in")
