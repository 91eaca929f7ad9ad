"""Which subjects are a machine's: phrases in many languages, where they stand and how they end."""

import tomllib
from importlib import resources

import pytest

from core.verdict import Discard, Hold, Reason, Reject
from gateway.mail import machine
from gateway.mail.envelope import Envelope
from gateway.mail.machine.comparison import beginnings, fold
from gateway.mail.machine.finding import Fate, Machine
from gateway.mail.machine.table import RULES
from gateway.mail.parse import parse

DATA = tomllib.loads(
    (resources.files("gateway.mail.machine") / "data/subjects.toml").read_text("utf-8")
)
WORDS_ALONE = {
    "away": "vacation subject",
    "ticket": "ticket subject",
    "receipt": "receipt subject",
    "returned": "returned mail subject",
    "challenge": "challenge subject",
    "within": "vacation subject in the middle",
    "weak": "absence subject",
}
PHRASES = [
    (group, code, phrase)
    for group, languages in DATA.items()
    if group in WORDS_ALONE
    for code, phrases in languages.items()
    for phrase in phrases
]


def of_subject(subject: str) -> Machine | None:
    """Judge a mail that has nothing but a subject."""
    raw = f"From: sam@harbour.example\nSubject: {subject}\n\nwords\n".encode()
    return machine.judge(parse(raw), Envelope("sam@harbour.example", ()))


def test_the_phrases_are_of_many_languages() -> None:
    """Vacations in at least 20 languages, ticket receipts too."""
    assert len(DATA["away"]) >= 20
    assert len(DATA["ticket"]) >= 20
    assert len(PHRASES) == len(set(PHRASES))


@pytest.mark.parametrize(
    ("group", "phrase"), [pytest.param(g, p, id=f"{g}-{c}-{p}") for g, c, p in PHRASES]
)
def test_every_phrase_holds_and_its_answer_passes(group: str, phrase: str) -> None:
    """Alone a phrase makes a hold, never more; with "Re:" before it nothing."""
    found = of_subject(phrase.upper() if phrase.isascii() else phrase)
    answered = of_subject(f"Re: {phrase}")

    assert found is not None
    assert found.fate is Fate.HOLD
    assert found.rule in set(WORDS_ALONE.values())
    assert answered is None


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        pytest.param("Automatic reply: Delivery", "vacation subject", id="a colon after it"),
        pytest.param("OUT OF OFFICE - Delivery", "vacation subject", id="a dash after it"),
        pytest.param("Absence (Re: Livraison)", "vacation subject", id="a bracket after it"),
        pytest.param("Réponse  automatique : Quai", "vacation subject", id="French spacing"),
        pytest.param("Reponse automatique: Quai", "vacation subject", id="accents left out"),
        pytest.param("自动回复\uff1a码头", "vacation subject", id="a wide colon"),
        pytest.param("【不在のお知らせ】埠頭", "vacation subject", id="in a tag"),
        pytest.param("[Auto-Reply] Re: Delivery", "vacation subject", id="tag before an answer"),
        pytest.param("[SPAM?] [EXT] Autosvar: Kaj", "vacation subject", id="behind two tags"),
        pytest.param("OTOMATİK YANIT: İskele", "vacation subject", id="Turkish capitals"),
        pytest.param("Request received: #48", "ticket subject", id="a ticket"),
        pytest.param("Read: Delivery", "receipt subject", id="a receipt"),
        pytest.param("Ann is out of the office until May", WORDS_ALONE["within"], id="Lotus"),
        pytest.param("Auto-Reply from Ann: Re: Delivery", "vacation subject", id="from whom"),
        pytest.param("Out of office until 3 June", "vacation subject", id="until when"),
        pytest.param("Abwesenheitsnotiz von Kai Holm", "vacation subject", id="from whom, German"),
        pytest.param("Réponse automatique de Léa", "vacation subject", id="from whom, French"),
        pytest.param("Réponse automatique d'Anne", "vacation subject", id="an elision"),
        pytest.param("Respuesta automática para Ana", "vacation subject", id="to whom, Spanish"),
        pytest.param("Automatisch antwoord van Jan", "vacation subject", id="from whom, Dutch"),
        pytest.param("Автоответ от Ивана", "vacation subject", id="from whom, Russian"),
        pytest.param("自動返信メール", "vacation subject", id="no space between words"),
        pytest.param("자동 회신 안내", "vacation subject", id="more words in Korean"),
        pytest.param("Delivery - out of office", WORDS_ALONE["within"], id="at the end"),
        pytest.param("Urlaub bis 14.6.", WORDS_ALONE["weak"], id="a word and a date"),
        pytest.param("Out of office 3.6.-14.6.", "vacation subject", id="dates"),
        pytest.param("Доставка [автоответ]", WORDS_ALONE["within"], id="a tag at the end"),
        pytest.param("Nachricht nicht zugestellt", "returned mail subject", id="returned, German"),
    ],
)
def test_a_machine_s_subject(subject: str, rule: str) -> None:
    """The phrase stands at the beginning, or after a tag."""
    found = of_subject(subject)

    assert found is not None
    assert found.rule == rule


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("Out of office rota", id="the topic goes on"),
        pytest.param("Out of office furniture, two desks", id="a thing for sale"),
        pytest.param("Automatic replyphones", id="a longer word"),
        pytest.param("Urlaubswohnung am See", id="a compound"),
        pytest.param("Vacances d'été: qui vient ?", id="another phrase"),
        pytest.param("Absences de mai", id="a plural"),
        pytest.param("不在籍証明書", id="a longer word in Japanese"),
        pytest.param("Absences of the crew", id="another word"),
        pytest.param("Readings of the gauge", id="a word that begins alike"),
        pytest.param("Read the tide tables: now", id="a colon further on"),
        pytest.param("On holidays we close at noon", id="a sentence"),
        pytest.param("Re: Automatic reply: Delivery", id="an answer to a vacation"),
        pytest.param("AW: Abwesenheitsnotiz", id="one in German"),
        pytest.param("Sv: Autosvar: Kaj", id="one in Swedish"),
        pytest.param("回复\uff1a自动回复\uff1a码头", id="one in Chinese"),
        pytest.param("Re[2]: Ann is out of the office", id="a counted answer"),
        pytest.param("Fwd: Out of office", id="a forward"),
        pytest.param("[EXTERNAL] Re: Out of office", id="an answer behind a tag"),
        pytest.param("Re: [EXTERNAL] Out of office", id="an answer to a tagged one"),
        pytest.param("My automatic reply is off", id="in the middle"),
        pytest.param("Auto: Termin in der Werkstatt", id="a car"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_person_s_subject(subject: str) -> None:
    """The same words elsewhere are a person's."""
    assert of_subject(subject) is None


def test_folding_and_beginnings() -> None:
    """Case, accents, width and spaces do not count; tags are looked into and skipped."""
    assert fold("  ÀBSENCE\u3000du   BUREAU ") == "absence du bureau"
    assert beginnings("[ext] 【a】re: b") == ("[ext] 【a】re: b", "ext", "【a】re: b", "a", "re: b")


AWAY = "I am out of the office until the 3rd of June and do not read my mail."


@pytest.mark.parametrize(
    ("subject", "text", "fate"),
    [
        pytest.param("Automatic reply: Delivery", AWAY, Fate.DISCARD, id="both say it"),
        pytest.param("Ann is out of the office", AWAY, Fate.DISCARD, id="in the middle"),
        pytest.param("Automatische Antwort: Kai", "Bin bis 3.6. im Urlaub.", Fate.DISCARD, id="de"),
        pytest.param("Réponse automatique", "Je suis absente.", Fate.DISCARD, id="fr"),
        pytest.param("自动回复", "本人正在休假。", Fate.DISCARD, id="zh"),
        pytest.param("Automatic reply: Delivery", "Come at five.", Fate.HOLD, id="subject alone"),
        pytest.param("Vacation: house swap", "We are on vacation in May.", Fate.HOLD, id="a word"),
        pytest.param(
            "Absence (Tom)", "Tom has a cold and stays at home.", Fate.HOLD, id="a school"
        ),
        pytest.param("Ticket received", "Thanks, I see it now.", Fate.HOLD, id="a ticket"),
        pytest.param(
            "Ticket received", "This is an automated message.", Fate.DISCARD, id="a ticket, twice"
        ),
    ],
)
def test_a_subject_holds_and_a_second_sign_discards(subject: str, text: str, fate: Fate) -> None:
    """A subject alone may be a person's; that the text says the same, too, makes it certain."""
    raw = f"From: sam@harbour.example\nSubject: {subject}\n\n{text}\n".encode()

    found = machine.judge(parse(raw), Envelope("sam@harbour.example", ()))

    assert found is not None
    assert found.fate is fate


def test_what_a_page_shows_is_its_text_and_not_its_style() -> None:
    """However long the style sheet is that stands before it."""
    style = "<head><style>p { color: red }" + "/* on vacation */" * 600 + "</style></head>"
    head = "From: sam@x.example\nSubject: Automatic reply: Dock\nContent-Type: text/html\n\n"
    away, here = (f"{head}{style}<p>{said}</p>\n".encode() for said in (AWAY, "Come at five."))

    found = [machine.judge(parse(raw), Envelope("sam@harbour.example", ())) for raw in (away, here)]

    assert [one.fate for one in found if one] == [Fate.DISCARD, Fate.HOLD]


@pytest.mark.parametrize(
    ("fate", "verdict"),
    [
        pytest.param(Fate.DISCARD, Discard(Reason.LOOP, "a rule"), id="discard"),
        pytest.param(Fate.HOLD, Hold(Reason.LOOP, "a rule"), id="hold"),
        pytest.param(Fate.REJECT, Reject(Reason.LOOP, "a rule"), id="reject"),
    ],
)
def test_a_fate_is_a_verdict(fate: Fate, verdict: Discard | Hold | Reject) -> None:
    """What becomes of the mail is answered as such, with the rule as its detail."""
    assert Machine(Reason.LOOP, "a rule", fate).verdict() == verdict


def test_every_rule_has_a_name_of_its_own() -> None:
    """A receipt's detail says which rule it was."""
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names))
