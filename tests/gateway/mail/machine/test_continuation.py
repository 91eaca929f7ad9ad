"""How a subject goes on after a machine's phrase: as a machine's, or as a person's sentence."""

import pytest

from gateway.mail.machine.finding import Fate
from tests.support.judged import fate_of

HERE, AWAY = "Come at five, please.", "I am away until the 9th of March."


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param("自動返信の止め方", "自動返信を止めたいです。", id="ja, how to stop it"),
        pytest.param("自動応答が三回来ました", "自動応答は要りません。", id="ja, it came thrice"),
        pytest.param("自動応答装置の値段", "いくらですか", id="ja, a device"),
        pytest.param("자동 회신 설정 방법", "자동 회신을 켜고 싶어요.", id="ko, how to set it"),
        pytest.param("자동응답기 수리", "자동응답은 필요 없어요.", id="ko, a device"),
        pytest.param("自动回复功能有问题", "自动回复怎么关", id="zh, it is broken"),
        pytest.param("自動回覆設定", "自動回覆怎麼設", id="zh, settings"),
        pytest.param("ตอบกลับอัตโนมัติปิดอย่างไร", "อยากปิด", id="th, how to turn it off"),
        pytest.param("Automatic reply to my letter came late", HERE, id="en, a sentence"),
        pytest.param("Automatic reply to 3 orders came twice", HERE, id="en, a number"),
        pytest.param("Auto-reply from your site is in Dutch", HERE, id="en, from your site"),
        pytest.param("Autosvar från er butik är på tyska", HERE, id="sv, from your shop"),
        pytest.param("Réponse automatique de la porte en panne", HERE, id="fr, of the door"),
        pytest.param("Resposta automática do portão não funciona", HERE, id="pt, of the gate"),
        pytest.param("Risposta automatica al cancello: guasta", HERE, id="it, at the gate"),
        pytest.param("Automatische Antwort auf meine Frage fehlt", HERE, id="de, to my question"),
        pytest.param("Автоответ на мой вопрос не пришёл", HERE, id="ru, to my question"),
        pytest.param("Read receipt for the boat", HERE, id="en, a receipt"),
        pytest.param("Lesebestätigung für den Zähler", HERE, id="de, a meter's"),
        pytest.param("Undelivered mail for our neighbours", HERE, id="en, the postman"),
        pytest.param("Absence de Lou mardi", HERE, id="fr, of a pupil"),
        pytest.param("Ausencia el lunes", HERE, id="es, a day"),
        pytest.param("Frånvaro på måndag", HERE, id="sv, a day"),
        pytest.param("Vacation: answer needed by Monday", HERE, id="en, a topic"),
        pytest.param("Urlaub: Schlüssel liegt beim Nachbarn", HERE, id="de, a topic"),
        pytest.param("Ferie: nøkkelen", HERE, id="nb, a topic"),
    ],
)
def test_a_sentence_that_begins_with_a_phrase_is_a_person_s(subject: str, text: str) -> None:
    """More words follow directly, and are no name, no date, and no subject that is answered."""
    assert fate_of(subject, text) is None


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("I am out of the office on Monday, shall we meet Tuesday?", id="en"),
        pytest.param("Out of office?", id="en, the phrase alone"),
        pytest.param("Out of office, can you take my watch?", id="en, behind a comma"),
        pytest.param("Auto-reply from Ann, is that right?", id="en, a name"),
        pytest.param("Abwesenheit: wer vertritt?", id="de"),
        pytest.param("Urlaub bis 9. März - wer füttert?", id="de, a date"),
        pytest.param("Absence le 9 mars, qui remplace ?", id="fr"),
        pytest.param("Fuori ufficio - ci vediamo lì?", id="it"),
        pytest.param("自動返信\uff1f", id="ja, a wide mark"),
        pytest.param("不在\uff1a誰が来ますか\uff1f", id="ja, behind a colon"),
        pytest.param("رد تلقائي\u061f", id="ar, its own mark"),
        pytest.param("Εκτός γραφείου\u037e", id="el, its own mark"),
        pytest.param("Afwezig vrijdag, kan zaterdag ook?", id="nl"),
    ],
)
def test_nobody_s_machine_asks(subject: str) -> None:
    """A subject that ends in a question mark is a person's."""
    assert fate_of(subject, HERE) is None


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("Automatic reply: Is the boat free?", id="en, what was asked behind it"),
        pytest.param("Out of office - Re: Is the boat free?", id="en, an answer's mark"),
        pytest.param("Auto-reply from Ann Holm", id="en, a name"),
        pytest.param("Automatic reply from ann@harbour.example", id="en, an address"),
        pytest.param("Out of office, back 9 March", id="en, a date behind a comma"),
        pytest.param("Out of office from 3 March to 14 March", id="en, a span"),
        pytest.param("Out of office until next week", id="en, how long"),
        pytest.param("Automatische Antwort auf Ihre Nachricht: Boot", id="de, what it answers"),
        pytest.param("Respuesta automática de Ana Gil: Barco", id="es, a name and the subject"),
        pytest.param("Réponse automatique d'Anne : Bateau", id="fr, an elision"),
        pytest.param("Automaatne vastus: Paat", id="et"),
        pytest.param("Urlaubsbenachrichtigung: Boot", id="de, a title"),
        pytest.param("부재중 자동 응답: Re: 배", id="ko, a title"),
        pytest.param("자동 회신 RE: 배", id="ko, a blank and an answer's mark"),
        pytest.param("自動返信 - 船", id="ja, a dash"),
        pytest.param("外出自动答复\uff1a船", id="zh, a title"),
        pytest.param("Автоматски одговор: Брод", id="mk"),
        pytest.param("Außer Haus: Re: Boot", id="de, everyday words before an answer"),
        pytest.param("Thank you for contacting us, Bo", id="en, a sentence goes on"),
        pytest.param("Your request has been received by our team", id="en, by whom"),
    ],
)
def test_a_machine_s_phrase_goes_on_as_machines_let_it(subject: str) -> None:
    """With a mark and the subject that is answered, a name, or how long."""
    assert fate_of(subject, HERE) is Fate.HOLD


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("Re: The boat [Auto-Reply]", id="en"),
        pytest.param("AW: Das Boot (Abwesenheitsnotiz)", id="de"),
        pytest.param("RE: Le bateau [Réponse automatique]", id="fr"),
        pytest.param("Sv: Båten [Autosvar]", id="sv"),
        pytest.param("Re: 船【自動返信】", id="ja"),
        pytest.param("Vacation: The boat", id="everyday words and a topic"),
        pytest.param("Out of office, the boat", id="a comma"),
        pytest.param("Ann is out of the office: is the boat still there?", id="a question"),
    ],
)
def test_where_a_subject_may_be_either_s_the_text_decides(subject: str) -> None:
    """A person's answer keeps such a subject: it is held only where the text says so, too."""
    assert (fate_of(subject, HERE), fate_of(subject, AWAY)) == (None, Fate.HOLD)


@pytest.mark.parametrize(
    ("subject", "about", "said"),
    [
        pytest.param("自動返信\uff1a船", "自動返信を止めてください。", "自動返信です。", id="ja"),
        pytest.param("자동 회신: 배", "자동 회신은 꺼 주세요.", "자동 회신입니다.", id="ko"),
        pytest.param("自动回复\uff1a船", "自动回复功能坏了。", "这是自动回复。", id="zh"),
        pytest.param(
            "Automatic reply: Boat",
            "Your automatic reply came twice.",
            "This is an automatic reply.",
            id="en",
        ),
        pytest.param(
            "Automatische Antwort: Boot",
            "Ihre automatische Antwort kam doppelt.",
            "Dies ist eine automatische Antwort.",
            id="de",
        ),
        pytest.param(
            "Réponse automatique : Bateau",
            "Votre réponse automatique est fausse.",
            "Ceci est une réponse automatique.",
            id="fr",
        ),
        pytest.param(
            "Автоответ: Лодка",
            "Ваш автоматический ответ пришёл дважды.",
            "Это автоматический ответ.",
            id="ru",
        ),
    ],
)
def test_words_about_automatic_answers_are_none(subject: str, about: str, said: str) -> None:
    """Only a text that says it is one makes it certain; one that talks about them is held."""
    assert (fate_of(subject, about), fate_of(subject, said)) == (Fate.HOLD, Fate.DISCARD)


def test_a_subject_is_judged_however_long_it_is() -> None:
    """Cut, doubled, and behind much else."""
    for one in ("Automatic reply from " * 50_000, "自動返信" * 250_000, "Urlaub: " * 100_000):
        assert fate_of(one[: len(one) // 2], HERE) in {None, Fate.HOLD}
